// What strangers send: requests that are no requests, too much of everything,
// bytes that are no text.  Each gets the right status, nothing is stored, and
// the workers of the web that were there before are there afterwards.
import { base, convene, cookiesOf, end, same, tell, Visitor } from '../support/visitor.mjs';
import { beside, bytes, dir, known, pause, raw, rows, workers } from '../support/raw.mjs';

const OWN = [`Origin: ${base}`, 'Sec-Fetch-Site: same-origin'];
const FORM = [...OWN, 'Content-Type: application/x-www-form-urlencoded'];
const JSON_TYPE = [...OWN, 'Content-Type: application/json', 'Accept: application/json'];
const many = (n, f) => Array.from({ length: n }, (_, i) => f(i));

const before = { workers: workers(), rows: rows() };
tell(before.workers.split(' ').length >= 2, 'Kore has workers that can be named', before.workers);

const answers = async (what, parts, want, options) => {
  const got = await raw(parts, { expect: want.split(' ').length, ...options });
  same(got.statuses, want, what);
  return got;
};

// --- the shapes of requests -------------------------------------------------

await answers('a body in chunks is taken whole',
  [bytes('POST /language', [...FORM, 'Transfer-Encoding: chunked'], '9\r\nlanguage=\r\n2\r\nfr\r\n0\r\n\r\n')], '303');
await answers('a body in chunks, one byte at a time',
  [bytes('POST /language', [...FORM, 'Transfer-Encoding: chunked']), ...many(12, (i) => [20, `1\r\n${'language=fr\r'[i].trim() || '&'}\r\n`]).flat(), '0\r\n\r\n'], '303');
await answers('a length and chunks: refused',
  [bytes('POST /language', [...FORM, 'Content-Length: 11', 'Transfer-Encoding: chunked'], '0\r\n\r\nGET /evil HTTP/1.1\r\nHost: x\r\n\r\n')], '400');
await answers('two lengths that differ: refused',
  [bytes('POST /language', [...FORM, 'Content-Length: 11', 'Content-Length: 5'], 'language=fr')], '400');
await answers('two lengths that agree: refused',
  [bytes('POST /language', [...FORM, 'Content-Length: 11', 'Content-Length: 11'], 'language=fr')], '400');
for (const length of ['-1', '+11', '11, 11', '0x0b', '1e1', '99999999999999999999', 'eleven'])
  await answers(`a length of ${length}: refused`, [bytes('POST /language', [...FORM, `Content-Length: ${length}`], 'language=fr')],
    '400');
for (const coding of ['xchunked', 'gzip, chunked', 'identity', 'chunked, chunked', '\x0bchunked'])
  await answers(`a coding of ${JSON.stringify(coding)}: refused`,
    [bytes('POST /language', [...FORM, `Transfer-Encoding: ${coding}`], 'b\r\nlanguage=fr\r\n0\r\n\r\n')], '501');
await answers('a space before the colon: refused',
  [bytes('POST /language', [...FORM, 'Transfer-Encoding : chunked', 'Content-Length: 11'], 'language=fr')], '400');
{
  const got = await raw([bytes('POST /language', [...FORM, 'Content-Length: 11'], 'language=frGET /evil HTTP/1.1\r\n\r\n')], { expect: 2 });
  same(got.statuses, '303 400', 'what comes after a body is no part of it, and no request without a host');
  tell(/lang=fr;/.test(got.answers[0]?.headers.get('set-cookie')), 'a body ends where its length says', got.answers[0]?.headers.get('set-cookie'));
}
{
  const inner = 'GET /evil HTTP/1.1\r\nHost: localhost\r\n\r\n';
  const got = await raw([bytes('GET /about', [], inner), 100, bytes('GET /healthz')], { expect: 2 });
  same(got.statuses, '200 200', 'the body of a GET is dropped, not answered');
  same(got.answers[1]?.text, 'ok\n', 'and the next answer belongs to the next request');
}
{
  const got = await raw(Buffer.concat([bytes('GET /healthz'), bytes('GET /about'), bytes('GET /no-such-page')]), { expect: 3 });
  same(got.statuses, '200 200 404', 'three requests in one packet are answered in order');
}
await answers('half a request in each packet', [bytes('GET /healthz').subarray(0, 9), 100, bytes('GET /healthz').subarray(9)], '200');
await answers('empty header values', [bytes('GET /healthz', ['Cookie:', 'Accept: ', 'Accept-Language:', 'Authorization:', 'User-Agent:', 'X-Any:'])], '200');
await answers('header values that are not ASCII', [bytes('GET /healthz', ['User-Agent: \xd9\x85', 'Accept-Language: \xff', 'Cookie: lang=\xe9', 'Accept: \x80', 'Referer: \xe4', 'X-Any: \xe4'])], '200');
for (const name of ['Content-Type', 'Authorization', 'Origin', 'Sec-Fetch-Site', 'If-None-Match', 'If-Modified-Since', 'Idempotency-Key', 'Content-Range'])
  await answers(`${name} that is not ASCII: refused`, [bytes('POST /language', [...FORM.filter((h) => !h.startsWith(name)), `${name}: \xe4`], 'language=fr')], '400');
{
  const got = await raw([bytes('GET /about', [...many(60, (i) => `X-Header-${i}: value`), 'Accept: text/html', 'Cookie: a=b; lang=es', ...many(20, (i) => `X-More-${i}: value`)])]);
  same(got.statuses, '200', 'eighty header lines');
  tell(/<html[^>]* lang="?es/.test(got.answers[0]?.text), 'and none of ours is lost among them', got.answers[0]?.text.slice(0, 200));
}
await answers('100-continue is answered', [bytes('POST /language', [...FORM, 'Expect: 100-continue', 'Content-Length: 11']), 200, 'language=fr'], '100 303');
await answers('a folded header: refused', [bytes('GET /healthz', ['X-Folded: one', ' two'])], '400');
await answers('a header line without a colon is passed over', [bytes('GET /healthz', ['nonsense'])], '200');
await answers('a NUL in a header: refused', [bytes('GET /healthz', ['X-Nul: a\0b'])], '400');
await answers('no host: refused', ['GET /healthz HTTP/1.1\r\n\r\n'], '400');
await answers('two hosts: refused', ['GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'], '400');
await answers('a host that is none: refused', ['GET /healthz HTTP/1.1\r\nHost: a b/c\r\n\r\n'], '400');
await answers('HTTP/1.0 without a host', ['GET /healthz HTTP/1.0\r\n\r\n'], '200');
await answers('HTTP/3.7: refused', ['GET /healthz HTTP/3.7\r\nHost: a\r\n\r\n'], '505');
await answers('noise', [Buffer.from(many(300, (i) => (i * 7919 + 13) % 256))], '400');
await answers('a TLS greeting', [Buffer.from('16030100a5010000a10303', 'hex'), '\r\n\r\n'], '400');

// --- methods -------------------------------------------------------------------

for (const [method, where, want] of [
  ['TRACE', '/healthz', '405'], ['CONNECT', '/healthz', '405'], ['get', '/healthz', '400'],
  ['BREW', '/about', '501'], ['PROPFIND', '/about', '501'], ['LINK', '/about', '501'],
  ['OPTIONS', '/about', '405'], ['DELETE', '/about', '405'], ['PUT', '/about', '405'], ['PATCH', '/about', '405'], ['POST', '/about', '405'],
  ['GET', '/language', '405'], ['HEAD', '/about', '200'], ['OPTIONS', '*', '400'], ['BREW', '/materials/1', '501'],
]) {
  const got = await answers(`${method} ${where} is ${want}`, [bytes(`${method} ${where}`, method === 'HEAD' || method === 'GET' ? [] : OWN)], want, { heads: [method === 'HEAD'] });
  if (want === '405' && !['TRACE', 'CONNECT'].includes(method)) tell(/GET, HEAD|POST/.test(got.answers[0]?.headers.get('allow')), `and ${method} ${where} is told what is allowed`, got.answers[0]?.headers.get('allow'));
}

// --- addresses ------------------------------------------------------------------

for (const [where, want] of [
  ['/no-such-page', '404'], ['/events/0', '404'], ['/events/-1', '404'], ['/events/1e3', '404'], ['/events/999999999999999999', '404'],
  ['/events/9999999999999999999999', '404'], ['/events/1%00', '400'], ['/events/%31%2fedit', '400'], ['/%ff', '400'], ['/%zz', '400'],
  ['/about%0d%0aSet-Cookie:%20a=b', '400'], ['/../../etc/passwd', '400'], ['/static/../convene.conf', '404'], ['/static/..%2fconvene.conf', '400 404'],
  ['/static/%2e%2e/convene.conf', '404'], ['/store/1', '404'], ['/.edge/page/400', '404'], ['/metrics', '404'], ['/about/', '404'], ['//about', '200 404'],
  ['/about?lang=%ff', '400'], ['/about?a=%00', '400'], ['/about?%zz', '400'], [`/about?${'a&'.repeat(513)}`, '413'],
  [`/about?${'n'.repeat(65)}=1`, '413'], [`/${'a'.repeat(1500)}`, '404'], [`/${'a'.repeat(3500)}`, '414'], [`/${'a'.repeat(9000)}`, '414'],
  [`/about?q=${'a'.repeat(1800)}`, '200'], [`/about?q=${'a'.repeat(3000)}`, '414'], ['http://evil.example/healthz', '200'], ['/about#x', '200 400 404'], ['/a\\b', '404'], ['/events/1;x=y', '404'],
]) {
  const got = await raw([bytes(`GET ${where}`, ['Connection: close'])]);
  tell(want.split(' ').includes(got.statuses), `GET ${where.slice(0, 60)} is ${want}`, got.statuses);
}
await answers('an address with a space', ['GET /a b HTTP/1.1\r\nHost: a\r\n\r\n'], '400');
await answers('an address with a NUL', ['GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n'], '400');
await answers('an address of bytes that are no UTF-8', [Buffer.from('GET /\xff\xfe HTTP/1.1\r\nHost: a\r\n\r\n', 'latin1')], '400');

// --- bodies ----------------------------------------------------------------------

const post = (what, headers, body, want) => answers(what, [bytes('POST /language', headers, body)], want);
await post('a form of 64 KiB', FORM, `language=fr&x=${'a'.repeat(65536 - 14)}`, '303');
await post('one byte more', FORM, `language=fr&x=${'a'.repeat(65536 - 13)}`, '413');
await post('a megabyte and more', FORM, 'a'.repeat(1100000), '413');
await post('512 fields', FORM, many(512, (i) => (i ? `f${i}=1` : 'language=fr')).join('&'), '303');
await post('513 fields', FORM, many(513, (i) => (i ? `f${i}=1` : 'language=fr')).join('&'), '413');
await post('a field name of 65 bytes', FORM, `language=fr&${'n'.repeat(65)}=1`, '413');
await post('a field given twice', FORM, 'language=fr&language=es', '422');
await post('a form that is not UTF-8', FORM, 'language=%ff', '400');
await post('a form with a NUL', FORM, 'language=fr&next=%00', '400');
await post('a form with a NUL as it is', FORM, 'language=fr&next=\0', '400');
await post('a form with an overlong slash', FORM, 'language=fr&next=%c0%af', '400');
await post('a form with half a surrogate', FORM, 'language=fr&next=%ed%a0%80', '400');
await post('a broken percent sign', FORM, 'language=%f', '400');
await post('nothing', FORM, '', '422');
await post('only separators', FORM, '&&&=&&', '422');
await post('a value that is no choice', FORM, 'language=tlh', '422');
await post('no content type', OWN, 'language=fr', '415');
await post('a content type that we do not read', [...OWN, 'Content-Type: text/xml'], '<language>fr</language>', '415');
await post('several parts', [...OWN, 'Content-Type: multipart/form-data; boundary=x'], '--x\r\nContent-Disposition: form-data; name="language"\r\n\r\nfr\r\n--x--\r\n', '415');
await post('JSON', JSON_TYPE, '{"language":"fr"}', '200');
await post('JSON with a field given twice', JSON_TYPE, '{"language":"fr","language":"es"}', '400');
await post('JSON that is not UTF-8', JSON_TYPE, Buffer.from('{"language":"\xff"}', 'latin1'), '400');
await post('JSON with a NUL', JSON_TYPE, '{"language":"fr\\u0000"}', '400');
await post('JSON with half a surrogate', JSON_TYPE, '{"language":"\\ud800"}', '400');
await post('JSON that ends too soon', JSON_TYPE, '{"language":', '400');
await post('JSON with something after it', JSON_TYPE, '{"language":"fr"} {}', '400');
await post('JSON that is a list', JSON_TYPE, '[]', '400');
await post('JSON that is a word', JSON_TYPE, '"fr"', '400');
await post('JSON, a thousand deep', JSON_TYPE, `{"language":"fr","x":${'['.repeat(1000)}${']'.repeat(1000)}}`, '200');
await post('JSON, thirty thousand deep', JSON_TYPE, `{"x":${'['.repeat(30000)}${']'.repeat(30000)}}`, '400');
await post('JSON, deep in objects', JSON_TYPE, `${'{"x":'.repeat(10000)}1${'}'.repeat(10000)}`, '400');
await post('JSON with 520 fields', JSON_TYPE, JSON.stringify(Object.fromEntries(many(520, (i) => [`f${i}`, i]))), '413');
await post('JSON with a list of 520 numbers', JSON_TYPE, JSON.stringify({ x: many(520, (i) => i) }), '413');
await post('JSON with a huge number', JSON_TYPE, '{"language":"fr","x":1e999}', '400');
await post('JSON with an object where words belong', JSON_TYPE, '{"language":{"a":1}}', '422');
await post('JSON over 64 KiB', JSON_TYPE, JSON.stringify({ language: 'fr', x: 'a'.repeat(65600) }), '413');
await answers('a slice larger than any', [bytes('PUT /materials/1/content', [...OWN, 'Content-Type: application/octet-stream', 'Content-Length: 20000000'])], '413');

// --- cookies ------------------------------------------------------------------------

for (const [what, cookie, want] of [
  ['a hundred cookies', many(100, (i) => `c${i}=${i}`).join('; '), '200'],
  ['a cookie of 3 kB', `big=${'a'.repeat(3000)}`, '200'],
  ['a cookie of 5 kB', `big=${'a'.repeat(5000)}`, '431'],
  ['a login that is none', 'convene=nonsense', '200'],
  ['a login of the right shape', `convene=${'A'.repeat(43)}`, '200'],
  ['two logins', `convene=${'A'.repeat(43)}; convene=${'B'.repeat(43)}`, '200'],
  ['separators', ';;;=;;=;', '200'],
  ['a language that is none', 'lang=tlh', '200'],
]) await answers(`cookies: ${what}`, [bytes('GET /about', [`Cookie: ${cookie}`])], want);
await answers('cookies on several lines', [bytes('GET /about', many(9, (i) => `Cookie: c${i}=${'a'.repeat(900)}`))], '200');
await answers('three header lines of 4 kB', [bytes('GET /about', many(5, (i) => `X-${i}: ${'a'.repeat(3900)}`))], '431');

// --- headers on every answer ------------------------------------------------------------

const ALWAYS = {
  'content-security-policy': /^default-src 'none'; (script-src 'self'.*frame-ancestors 'none'.*require-trusted-types-for 'script'|sandbox)$/,
  'x-content-type-options': /^nosniff$/,
  'referrer-policy': /^no-referrer$/,
  'cross-origin-opener-policy': /^same-origin$/,
  'cross-origin-resource-policy': /^same-origin$/,
  'permissions-policy': /camera=\((self)?\)/,
  'cache-control': /no-store|no-cache|max-age/,
  'x-request-id': /^[0-9a-f]{32}$/,
};
const lacking = (headers) => Object.entries(ALWAYS)
  .filter(([name, shape]) => !shape.test(headers.get(name) ?? '') || (headers.get(name) ?? '').includes('\n'))
  .map(([name]) => `${name}: ${headers.get(name) ?? 'absent'}`)
  .concat(/kore|nginx\/|convene/i.test(headers.get('server') ?? '') ? [`server: ${headers.get('server')}`] : []);
const dressed = (what, headers) => {
  const less = lacking(headers);
  if (less.length) tell(false, `${what} carries every header`, less.join('\n'));
  return less.length === 0;
};

known('edge@convene.example');
const person = await Visitor.named('edge@convene.example');
const contract = JSON.parse((await person.get('/api/openapi.json')).text);
const paths = Object.keys(contract.paths);
const filled = (p) => p.replace(/\{token\}/, 'A'.repeat(43)).replace(/\{[a-z_]+\}/g, '1');
{
  let good = 0, all = 0;
  for (const p of paths)
    for (const method of [...Object.keys(contract.paths[p]), 'options'])
      for (const accept of ['text/html', 'application/json'])
        for (const who of [person, new Visitor()]) {
          if (method !== 'get' && method !== 'options' && who === person) continue;
          const got = await who.ask(filled(p), { method: method.toUpperCase(), headers: { accept } });
          all++;
          good += dressed(`${method} ${p} (${got.status})`, got.headers);
        }
  same(good, all, `every header on ${all} answers of ${paths.length} addresses`);
}
for (const [what, request] of [
  ['400 of the edge', bytes('GET /healthz', ['X-Nul: a\0b'])], ['404', bytes('GET /no-such-page')], ['400 of the web', bytes('GET /%ff')],
  ['405 of the edge', bytes('TRACE /about')], ['413 of the edge', bytes('POST /language', [...FORM, 'Content-Length: 2000000'])],
  ['414', bytes(`GET /${'a'.repeat(9000)}`)], ['414 between edge and web', bytes(`GET /${'a'.repeat(3500)}`)], ['a host of 300 bytes', `GET /about HTTP/1.1\r\nHost: ${'a'.repeat(300)}\r\n\r\n`], ['a header that is not ASCII', bytes('GET /about', ['Origin: \xe4'])], ['431', bytes('GET /about', [`Cookie: a=${'a'.repeat(5000)}`])], ['501', bytes('BREW /about')],
  ['a file that is not there', bytes('GET /static/none.css')], ['a place inside', bytes('GET /store/x')], ['the style of the edge', bytes('GET /edge.css')],
  ['closed counters', bytes('GET /metrics')], ['HTTP/1.0', 'GET /no-such-page HTTP/1.0\r\n\r\n'],
]) {
  const got = await raw([request]);
  const a = got.answers.at(-1);
  const less = a ? lacking(a.headers) : ['no answer'];
  same(less.join('; '), '', `${what} (${got.statuses}) carries every header`);
}
{
  const page = (await person.get('/about')).text;
  const files = [...page.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map((m) => m[1]);
  tell(files.length > 0, 'a page names static files', page.slice(0, 300));
  for (const file of new Set(files)) {
    const got = await person.ask(file, { headers: { accept: '*/*' } });
    same(`${got.status} ${lacking(got.headers)} ${/max-age=31536000, immutable/.test(got.headers.get('cache-control'))}`, '200  true', `${file.replace(/\.[0-9A-Za-z]{8,}\./, '.*.')} carries every header, and stays`);
  }
  tell(/camera=\(\)/.test((await person.get('/about')).headers.get('permissions-policy')), 'no page but the scanner gets the camera');
  same((await person.get('/profile')).headers.get('cache-control'), 'no-store', 'a personal page is not kept');
}

// --- cookies' flags, and where one is sent ---------------------------------------------

const visitor = new Visitor();
const flags = (headers, name) => cookiesOf(headers).find((c) => c.startsWith(`${name}=`)) ?? '';
{
  const spoken = await visitor.send('/language', { language: 'es' });
  const asked = await visitor.send('/signin', { email: 'edge@convene.example' });
  for (const [name, headers] of [['lang', spoken.headers], ['browser', asked.headers]])
    tell(/; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/.test(flags(headers, name)), `the cookie ${name} is HttpOnly and SameSite=Lax`, flags(headers, name));
  const other = new Visitor();
  const token = new URL(/https?:\/\/\S+/.exec(convene('login', 'edge@convene.example'))[0]).pathname.split('/').pop();
  const entered = await other.send('/signin/link', { token });
  tell(/^convene=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/.test(flags(entered.headers, 'convene')), 'and so is that of the login', flags(entered.headers, 'convene'));
  same((await other.send('/signin/link', { token })).status, 422, 'a link works once');
}

const EVIL = ['//evil.example', '/\\evil.example', '\\\\evil.example', 'https://evil.example', '/%0d%0aSet-Cookie: a=b', '/\r\nSet-Cookie: a=b', '/\t/evil.example',
  'javascript:alert(1)', '///evil.example', '/.//evil.example', 'evil.example', '/@evil.example', '', ' //evil.example', '/\u2028/evil'];
for (const next of EVIL) {
  const got = await visitor.send('/language', { language: 'es', next });
  const ends = got.goes ? new URL(got.goes, base).origin : base;
  tell([303, 422].includes(got.status) && ends === base && !got.headers.has('a') && !/[\r\n]/.test(got.goes) && !flags(got.headers, 'a'), `next=${JSON.stringify(next)} stays here`, `${got.status} ${got.goes}`);
}
{
  const ways = new Set();
  for (const next of EVIL.slice(0, 5)) {
    const asker = new Visitor();
    await asker.get(`/signin?next=${encodeURIComponent(next)}`);
    const got = await asker.send('/signin', { email: 'edge@convene.example', next });
    ways.add(got.goes && new URL(got.goes, base).origin);
  }
  const got = await new Visitor().get('/profile?next=//evil.example');
  ways.add(new URL(got.goes, base).origin);
  same([...ways].filter((w) => w && w !== base).join(), '', 'no way of signing in leads elsewhere');
}

// As if it were reached by TLS.
{
  const secure = await beside(1, { CONVENE_ORIGIN: 'https://convene.example' });
  const got = await raw([bytes('POST /signin', ['Origin: https://convene.example', 'Content-Type: application/x-www-form-urlencoded', 'X-Forwarded-For: 192.0.2.1'], 'email=edge@convene.example')], { to: secure.to });
  const a = got.answers[0];
  tell(/^__Host-browser=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/.test(a?.headers.get('set-cookie')), 'by TLS a cookie is Secure and of this host alone', a?.headers.get('set-cookie'));
  same(a?.headers.get('strict-transport-security'), 'max-age=31536000; includeSubDomains', 'and the browser is told to stay with TLS');
  secure.end();
}

// --- other sites --------------------------------------------------------------------------

const ELSEWHERE = new Set(['/unsubscribe/{token}']); // one click, in any mail program
{
  let tried = 0;
  const wrong = [];
  for (const p of paths)
    for (const method of Object.keys(contract.paths[p]).filter((m) => m !== 'get'))
      for (const site of [null, 'same-origin', 'same-site', 'cross-site', 'none', 'SAME-ORIGIN'])
        for (const origin of [null, base, `${base}.evil.example`, 'null', base.replace('http:', 'https:'), `${base}/`]) {
          const own = site === 'same-origin' || (site === null && origin === base);
          if (own && p !== '/language') continue;
          const headers = [`Accept: application/json`, 'Connection: close', ...(site ? [`Sec-Fetch-Site: ${site}`] : []), ...(origin ? [`Origin: ${origin}`] : [])];
          const got = (await raw([bytes(`${method.toUpperCase()} ${filled(p)}`, headers)])).answers[0];
          tried++;
          const refused = got?.status === 403 && /web\.cross_site/.test(got.text);
          if (refused !== (!own && !ELSEWHERE.has(p))) wrong.push(`${method} ${p} from ${site}, ${origin}: ${got?.status}`);
        }
  same(wrong.slice(0, 20).join('\n'), '', `no other site may send a form: ${tried} ways`);
}
{
  const got = await person.ask('/profile', { method: 'POST', headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' }, body: 'name=Evil&language=en' });
  same(got.status, 403, 'nor for somebody who is signed in');
  tell(!/Evil/.test((await person.get('/profile')).text), 'and nothing changes');
}

// --- who is slow -----------------------------------------------------------------------------

{
  const slow = many(60, () => raw(['GET /about HTTP/1.1\r\n', ...many(24, (i) => [400, `X-${i}: a\r\n`]).flat()], { quiet: 500 }));
  await pause(1500);
  const began = Date.now();
  same((await person.get('/readyz')).status, 200, 'while sixty are slow with their headers, others are served');
  tell(Date.now() - began < 1000, 'and soon', `${Date.now() - began} ms`);
  const ended = await Promise.all(slow);
  tell(ended.every((e) => e.closed && e.ms < 9000), 'the slow ones are let go', ended.map((e) => e.ms).join());
}

// --- afterwards --------------------------------------------------------------------------------

await pause(1300);
same(workers(), before.workers, 'the same workers are alive');
{
  const kept = rows().split('\n');
  const changed = kept.filter((line) => !before.rows.split('\n').includes(line) && !/^(login|signin|person|notice|audit) /.test(line));
  same(changed.join(), '', 'nothing was stored but who signed in');
}
{
  const { readdirSync, readFileSync } = await import('node:fs');
  const secrets = [...person.cookies.values(), ...visitor.cookies.values()].filter((s) => s.length === 43).concat('A'.repeat(43));
  const told = readdirSync(`${dir}/log`).filter((f) => secrets.some((s) => readFileSync(`${dir}/log/${f}`, 'latin1').includes(s)));
  same(told.join(), '', 'no log holds a token');
}
end();
