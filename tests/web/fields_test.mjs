// What a form may not hold.  Every door that takes something, as nobody and as
// the administrator, at things that are there and at such as are not, by a form
// and by JSON: with nothing, with all, without each field, and with each one
// broken.  No answer is a failure of ours, whoever is at fault is told at which
// field, and the workers of the web that were there before are there afterwards.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { base, end, same, tell, top } from '../support/visitor.mjs';
import { pause, psql, workers } from '../support/raw.mjs';
import { limited, unlimited } from '../support/load.mjs';

const before = workers();
const run = Date.now().toString(36);
const token = () => randomBytes(32).toString('base64url');
const hash = (t) => createHash('sha256').update(t).digest('hex');

unlimited();
process.on('exit', limited);

// --- whose, and what ------------------------------------------------------------

const admin = `fields-${run}@convene.example`;
psql(`insert into data.person (email, name) values ('${admin}', 'Fields');
  insert into data.role (person_id, kind, scope, scope_id) select id, 'admin', 'system', 0 from data.person where email = '${admin}'`);
const login = token();
const enter = () => psql(`insert into data.login (token_hash, person_id, idle, idle_expiry, absolute_expiry)
  select decode('${hash(login)}', 'hex'), id, '1 day', now() + interval '1 day', now() + interval '1 day'
  from data.person where email = '${admin}' on conflict do nothing`);
enter();

const key = token().slice(0, 42);
const thing = JSON.parse(execFileSync('psql', ['-qXAt', '-v', 'ON_ERROR_STOP=1', '-v', `n=${randomBytes(8).toString('hex')}`, '-v', `token=${key}`,
  '-f', path.join(top, 'tests/support/doors.sql')], { encoding: 'utf8' }).trim().split('\n').at(-1));
Object.assign(thing, { token: `m${key}`, person: thing.attendee });
// Nobody else sees what is in it, not even as it was left.
process.on('exit', () => psql(`delete from data.role where person_id = (select id from data.person where email = '${admin}');
  delete from data.login where token_hash = decode('${hash(login)}', 'hex');
  update data.event set access = 'internal', state = case state when 'cancelled' then state else 'draft' end where id in (${thing.event}, ${thing.inside}, ${thing.other_event});
  update data.program set state = 'cancelled' where id in (${thing.program}, ${thing.empty_program})`));

// Something to publish.
await fetch(`${base}/materials/${thing.material}/content`, { method: 'PUT', body: 'data',
  headers: { cookie: `convene=${login}`, 'sec-fetch-site': 'same-origin', 'content-type': 'application/octet-stream', 'content-range': 'bytes 0-3/4' } });

const absent = { token: 'A'.repeat(43), naan: '99999', ark: 'c1none' };
const to = (where, things) => where.replace(/\{([a-z_]+)\}/g, (all, name) => things[name] ?? '999999999999');

// --- what is said -----------------------------------------------------------------

const USUAL = { starts: '2031-03-04T10:00', ends: '2031-03-04T11:00', zone: 'UTC', token: 'A'.repeat(43), code: '23456789', version: 1, seats: 9,
  held: '2026-01-02', day: '2031-03-04', sure: true, unit: thing.unit, question: thing.question, bucket: thing.bucket, session: thing.session,
  room: thing.room, track: thing.track, program: thing.program, registration: thing.registration, country: 'KE', scope: 'system', language: 'en',
  filter: { state: ['confirmed'] }, list: 'Asha <asha@convene.example>', expires: '2031-01-01T10:00', opens: '2026-01-01T10:00', cutoff: '2031-03-01T10:00',
  people: [{ name: 'Asha', email: 'asha@convene.example', country: 'KE', language: 'en' }], answers: {}, next: '/my', values: ['KE'], ticket: String(thing.registration) };
const usual = (name, schema) => (name in USUAL && !(schema.type === 'array' && !Array.isArray(USUAL[name])) ? USUAL[name] : schema.enum?.[0]
  ?? { email: `fields-someone-${run}@convene.example`, uuid: randomUUID(), date: '2031-03-04', uri: 'https://example.org/' }[schema.format]
  ?? { integer: thing[name] ?? (schema.minimum || 1), boolean: true, array: [1], object: {} }[schema.type] ?? `${name} ${run}`);
const long = (schema) => 'a'.repeat((schema.maxLength ?? 10000) + 1);

const WORDS = ['', 'x', '-1', '2147483648', '99999999999999999999', 'a\u0007b', '[[1],{"b":"c"}]'];
const MORE_WORDS = [' ', '0', '1.5', '1e9', 'a\u202eb\u{1f600}', '[]', '{"a":[1]}', 'null', '0001-01-01', '9999-12-31T23:59', '2031-02-30', 'Europe/Nowhere', 'ZZ',
  'event:999999999', 'someone@nowhere', "'\"\\{},;--", '%00', '\u0661'];
const VALUES = [null, -1, 2147483648, '', 'a\u0007b', [1, 'a', null, {}], { a: { b: [] } }, [{ a: 1 }]];
const MORE_VALUES = [true, 0, 1.5, 9007199254740993, 1e300, 'x', 'a\u2028b\u{1f600}', [], [[1]], {}, [{ name: 5, email: [], key: {} }], { state: 'x' },
  { id: [1e15, 'a'], q: {} }, { 12: ['a', ['b']] }, { [thing.question]: [1] }, ['\u{1f600}'.repeat(300)], 'ZZ', '9999-12-31', ['999999999999999999999']];

// A field of several is that many of one name, of a document its text.
const form = (values) => {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    for (const one of Array.isArray(value) && !value.some((v) => typeof v === 'object') ? value : [value])
      if (one !== undefined) pairs.append(name, typeof one === 'object' ? JSON.stringify(one) : String(one));
  return pairs.toString();
};

// --- knocking ---------------------------------------------------------------------

const wrong = [];
let asked = 0, told = 0;
const seen = new Set();
const note = (what, why) => {
  if (!seen.has(what + why)) wrong.push(`${what}: ${why}`);
  seen.add(what + why);
};

const knock = async ({ method, where, who, type, body, accept = 'text/html' }) => {
  asked++;
  const answer = await fetch(base + where, { method, redirect: 'manual', body,
    headers: { accept, 'sec-fetch-site': 'same-origin', ...(who ? { cookie: `convene=${login}` } : {}), ...(type ? { 'content-type': type } : {}) } });
  return { status: answer.status, text: await answer.text() };
};

// A fault of the input is at a field of the door, or at a place in its document.
const named = (door, { field, key: is }) => field in door.fields || /^(q[0-9]+|[a-z]+-[0-9]+|questions\.[0-9a-z_.]+)$/.test(field)
  || ('filter' in door.fields && is.startsWith('registration.filter_') && field !== '');
const judge = (door, what, got) => {
  if (got.status >= 500) return note(`${door.name} ${what}`, `${got.status} ${got.text.replace(/<[^>]*>/g, ' ').slice(0, 150)}`);
  if (got.status !== 422 && got.status !== 409) return undefined;
  if (got.text.startsWith('{')) {
    const { code, errors } = JSON.parse(got.text);
    told++;
    if (code.startsWith('fault.')) note(`${door.name} ${what}`, `${got.status} ${code}: nobody has said what is wrong`);
    for (const e of got.status === 422 ? errors : []) if (!named(door, e)) note(`${door.name} ${what}`, `${e.key} is at '${e.field}'`);
  } else if (got.status === 422 && !door.raw && !/class="errors"[^]*?<li>(<a href="#f-[^"]+">)?[^<]*: /.test(got.text)) {
    note(`${door.name} ${what}`, `no field is named: ${/class="errors"[^]*?<\/ul>/.exec(got.text)?.[0].replace(/<[^>]*>|\s+/g, ' ') ?? got.text.length}`);
  }
  return undefined;
};

const by = {
  form: (values) => ({ type: 'application/x-www-form-urlencoded', body: form(values) }),
  json: (values) => ({ type: 'application/json', accept: 'application/json', body: JSON.stringify(values) }),
};
const say = async (door, what, where, who, how, values) => {
  const got = await knock({ method: door.method, where, who, ...by[how](values) });
  judge(door, `${what} by ${how} as ${who ? 'administrator' : 'nobody'}${where === door.there ? '' : ' of what is not'}`, got);
  return got;
};

const without = (values, name) => Object.fromEntries(Object.entries(values).filter(([n]) => n !== name));
const whole = (door) => Object.fromEntries(Object.entries(door.fields).map(([name, schema]) => [name, usual(name, schema)]));

const plain = (door) => [door.nowhere, door.there].flatMap((where) => [true, false].flatMap((who) => ['form', 'json'].map((how) => [where, who, how])));
const nothing = (door) => Promise.all(plain(door).map((way) => say(door, 'with nothing', ...way, {})));
const all = (door) => Promise.all(plain(door).map((way) => say(door, 'with all', ...way, whole(door))));
const less = (door, name) => Promise.all([[door.there, false, 'form'], [door.there, true, 'form'], [door.there, true, 'json']].map(async (way) => {
  const got = await say(door, `without ${name}`, ...way, without(whole(door), name));
  if (door.required.includes(name) && got.status < 400 && !/signin/.test(got.text) && way[1]) note(door.name, `${name} is required, and not missed`);
}));
// What mostly breaks is tried at each field, of the rest every fourth.
let turn = 0;
const some = (always, list) => [...always, ...list.filter((_, i) => i % 4 === turn % 4)];
const broken = async (door, name, schema) => {
  const values = whole(door);
  turn++;
  const tried = (how, list) => list.map((value) => say(door, `with ${name}=${JSON.stringify(value)?.slice(0, 40)}`, door.there, true, how, { ...values, [name]: value }));
  await Promise.all([...tried('form', some([...WORDS, long(schema), ['a', 'b']], MORE_WORDS)), ...tried('json', some(VALUES, MORE_VALUES)),
    say(door, `with ${name} broken`, door.there, false, 'form', { ...values, [name]: 'a\u0007' }),
    say(door, `with ${name} broken`, door.there, false, 'json', { ...values, [name]: [{}] })]);
};

// What brings a file has no fields of its own, but a body that can be anything;
// it says what is wrong by the file's lines.
const part = (about, body) => `--x\r\nContent-Disposition: form-data; ${about}\r\n\r\n${body}\r\n`;
const file = (body, name = 'a.csv') => part(`name="file"; filename="${name}"`, body);
const BODIES = ['', '--x', '--x--', '--x\r\n\r\n\r\n--x--', '--x\r\nContent-Disposition: form-data\r\n\r\n\r\n--x--', part('name="file"', ''), `${file('', '')}--x--`, `${file('')}--x--`,
  `${file('email,name\n\0\x01,\xff\n', '../../a\x01')}--x--`, `${part('name="unit"', 'x')}${file('email\nx')}--x--`, `${part('name="unit"', thing.unit)}${file('"')}--x--`,
  `${part('name="unit"', thing.unit)}${file(`email,name,country,language\nx,\n,y\n${'z,'.repeat(9)}\na@b.org,A,zz,tlh\n`)}--x--`, `${part('name="kind"', 'none')}${file('data')}--x--`,
  `${part('name="kind"', '')}${file('a', 'a'.repeat(400))}--x--`, Array.from({ length: 40 }, () => file('a')).join('') + '--x--'];
const bodies = (door) => Promise.all([...BODIES, ...BODIES.slice(0, 4)].flatMap((body, i) => [true, false].map(async (who) =>
  judge(door, `with body ${i}`, await knock({ method: door.method, where: door.there, who, body, type: `multipart/form-data${i < BODIES.length ? '; boundary=x' : ''}` })))));

// --- every door that takes something ------------------------------------------------

const contract = await (await fetch(`${base}/api/openapi.json`)).json();
const doors = Object.entries(contract.paths).flatMap(([where, methods]) => Object.entries(methods).filter(([m]) => m !== 'get').map(([m, operation]) => {
  const content = operation.requestBody?.content ?? {};
  const schema = content['application/json']?.schema ?? {};
  return { name: `${m.toUpperCase()} ${where}`, method: m.toUpperCase(), path: where, raw: 'application/octet-stream' in content,
    fields: schema.properties ?? {}, required: schema.required ?? [], there: to(where, thing), nowhere: to(where, absent) };
}));

const only = process.env.FIELDS_ONLY && new RegExp(process.env.FIELDS_ONLY);
// What ends something comes last, and what ends most of all.
const late = (door) => (/^\/(events|programs)\/\{[a-z]+\}\/(cancel|delete)$/.test(door.path) ? 2 : Object.keys(door.fields).length === 0 ? 1 : 0);
const since = Date.now();
for (const door of doors.filter((d) => !only || only.test(d.name)).sort((a, b) => late(a) - late(b))) {
  const count = wrong.length;
  await nothing(door);
  if (door.raw) await bodies(door);
  for (const [name, schema] of Object.entries(door.fields)) {
    if (/_(fr|es|pt|zh|ru)$/.test(name)) continue; // as in English and Arabic
    await broken(door, name, schema);
    await less(door, name);
  }
  if (Object.keys(door.fields).length) await all(door);
  if (/^\/(sign|profile)/.test(door.path)) enter();
  tell(wrong.length === count, door.name, wrong.slice(count).join('\n'));
}
console.log(`# ${asked} questions in ${Date.now() - since} ms; ${told} were told what was wrong`);

await pause(1300);
same(workers(), before, 'the same workers are alive');
end();
