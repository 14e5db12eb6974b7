// What Convene needs is away: the database, the relay of mail, room on the disk,
// and the client itself in the midst of a request.
import { execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import { convene, end, same, tell, Visitor } from '../support/visitor.mjs';
import { beside, bytes, dir, pause, psql } from '../support/raw.mjs';
import { Client, event, limited, people, strangers, unlimited, until } from '../support/load.mjs';

const pid = (name) => Number(fs.readFileSync(`${dir}/run/${name}.pid`, 'utf8'));
const [client] = strangers(1);
const html = { accept: 'text/html' };

unlimited();
process.on('exit', limited);
const pool = event('outage', null);
const [organizer] = people(1, 'organizer');
psql(`insert into data.role (person_id, kind, scope, scope_id) select id, 'organizer', 'event', ${pool} from data.person where email = '${organizer.email}'`);
const page = await new Visitor().get('/about');
const style = /href="(\/static\/[^"]+\.css)"/.exec(page.text)?.[1];

// --- a client that leaves --------------------------------------------------------

{
  const { port } = new URL(process.env.CONVENE_URL);
  const leave = (body, after) => new Promise((done) => {
    const socket = net.connect(port, '127.0.0.1', async () => {
      socket.write(bytes(`POST /events/${pool}/register`, ['Content-Type: application/json', 'Accept: application/json', 'Sec-Fetch-Site: same-origin'], body));
      await pause(after);
      socket.resetAndDestroy();
      done();
    });
    socket.on('error', done);
  });
  const left = Array.from({ length: 40 }, (_, i) => ({ email: `left-${i}-${pool}@convene.example`, key: randomUUID(), after: i % 20 }));
  await Promise.all(left.map((l) => leave(JSON.stringify({ email: l.email, name: 'Left', key: l.key }), l.after)));
  await pause(500);
  const done = () => Number(psql(`select count(*) from data.registration where event_id = ${pool}`));
  console.log(`# ${done()} of 40 registrations were made although nobody waited for the answer`);
  const again = await Promise.all(left.map((l) => client.register(pool, l.email, l.key)));
  same(again.filter((a) => a.status === 202).length, 40, 'forty who left in the midst ask again with their key');
  same(done(), 40, 'and each is registered once');
  same(psql(`select count(*) from data.notice where event_id = ${pool} and kind = 'registration.confirmed'`), '40', 'and has one mail');
}

// --- the relay of mail --------------------------------------------------------------

const fault = (word) => (word ? fs.writeFileSync(`${dir}/mail/fault`, `${word}\n`) : fs.rmSync(`${dir}/mail/fault`, { force: true }));
const noticed = (email) => JSON.parse(psql(`select json_build_object('id', id, 'state', state, 'attempts', attempts, 'problem', problem, 'later', extract(epoch from next_try - now())::int)
  from data.notice where email = '${email}' order by id desc limit 1`) || '{}');
const registered = async (local) => {
  const email = `${local}-${pool}@convene.example`;
  const answer = await client.register(pool, email);
  return { email, status: answer.status };
};
const mails = (email) => fs.readdirSync(`${dir}/mail/new`).filter((f) => fs.readFileSync(`${dir}/mail/new/${f}`, 'latin1').startsWith('X-Mail-From') && fs.readFileSync(`${dir}/mail/new/${f}`, 'latin1').includes(`X-Rcpt-To: ${email}`)).length;
process.on('exit', () => fault(''));
await until(() => psql(`select count(*) from data.notice where event_id = ${pool} and state = 'waiting'`) === '0', 15000);

fault('down');
process.kill(pid('mail'), 'SIGKILL'); // and with it the connections that are greeted already
{
  const one = await registered('down');
  await pause(700);
  same(one.status, 202, 'the relay is closed: who registers is registered');
  const now = noticed(one.email);
  same(`${now.state} ${now.attempts}`, 'waiting 0', 'the mail waits, and no try of it is counted', JSON.stringify(now));
  fault('');
  const took = await until(() => noticed(one.email).state === 'sent', 12000);
  tell(took >= 0 && mails(one.email) === 1, 'the relay opens: the mail goes, once', `${took} ms, ${mails(one.email)} mails`);
}
{
  process.kill(pid('mail'), 'SIGSTOP');
  const one = await registered('hung');
  await pause(1500);
  same(`${one.status} ${noticed(one.email).state}`, '202 waiting', 'the relay hangs: the mail waits');
  process.kill(pid('mail'), 'SIGCONT');
  tell(await until(() => mails(one.email) >= 1 && noticed(one.email).state === 'sent', 15000) >= 0, 'and goes when it wakes', JSON.stringify(noticed(one.email)));
  same(mails(one.email), 1, 'once');
}
{
  const words = ['451', 'data451', '550', 'data550', 'drop', 'lost', 'slow'];
  const sent = {};
  for (const w of words) sent[w] = await registered(w);
  await until(() => words.filter((w) => w !== 'slow').every((w) => noticed(sent[w].email).problem), 12000);
  for (const w of ['451', 'data451', 'drop', 'lost']) {
    const n = noticed(sent[w].email);
    tell(n.state === 'waiting' && n.attempts === 1 && n.later > 20 && n.later < 90, `${w}: again in about a minute`, JSON.stringify(n));
  }
  for (const w of ['550', 'data550']) {
    const n = noticed(sent[w].email);
    tell(n.state === 'failed' && /550/.test(n.problem), `${w}: given up`, JSON.stringify(n));
  }
  tell(await until(() => noticed(sent.slow.email).state === 'sent', 8000) >= 0, 'slow: it goes', JSON.stringify(noticed(sent.slow.email)));
  const shown = await organizer.ask('GET', `/events/${pool}/failures`, undefined, { headers: html });
  tell(shown.status === 200 && shown.text.includes(sent['550'].email) && shown.text.includes(sent.data550.email), 'the organizer sees what did not go', shown.text.slice(0, 300));
  const other = await client.ask('GET', `/events/${pool}/failures`);
  same(other.status, 401, 'and nobody else does');
  // They have moved to an address that works: what failed goes there.
  psql(`update data.person set email = 'moved-' || email where email = '${sent['550'].email}'`);
  const again = await organizer.ask('POST', `/notices/${noticed(sent['550'].email).id}/again`, {});
  same(again.status, 200, 'the organizer has it tried again');
  tell(await until(() => mails(`moved-${sent['550'].email}`) === 1, 8000) >= 0, 'and it arrives');
}

// --- room on the disk -------------------------------------------------------------------

const disk = `${dir}/disk`;
let mounted = false;
try {
  fs.mkdirSync(disk, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m,mode=777', 'tmpfs', disk], { stdio: 'pipe' });
  mounted = true;
} catch (e) {
  console.log(`ok - the disk fills while a file arrives # skip no disk of our own can be mounted: ${String(e.stderr ?? e.message).trim()}`);
}
if (mounted) {
  const owner = fs.statSync(`${dir}/data`).uid;
  for (const folder of ['upload', 'store']) {
    fs.mkdirSync(`${disk}/${folder}`);
    fs.chownSync(`${disk}/${folder}`, owner, owner);
  }
  const small = await beside(2, { CONVENE_UPLOAD: `${disk}/upload`, CONVENE_STORE: `${disk}/store`, CONVENE_DISK_RESERVE: '1000000' });
  process.on('exit', () => { small.end(); execFileSync('umount', ['-l', disk]); });
  const session = psql(`insert into data.session (event_id, title, starts, ends, day, state) select id, 'Disk', starts, starts + interval '1 hour', starts::date, 'published' from data.event where id = ${pool} returning id`);
  psql(`select schedule.calendars(${pool}), schedule.index_sessions(${pool})`);
  const headers = { 'sec-fetch-site': 'same-origin', accept: 'application/json', cookie: organizer.headers.cookie };
  const ask = async (method, where, body, more = {}) => {
    const answer = await fetch(`http://127.0.0.1:${small.to}${where}`, { method, body, headers: { ...headers, ...more } });
    const text = await answer.text();
    return { status: answer.status, later: answer.headers.get('retry-after'), value: text.startsWith('{') ? JSON.parse(text) : text };
  };
  const begin = (size) => ask('POST', `/sessions/${session}/materials`, JSON.stringify({ name: `film-${size}.bin`, size }), { 'content-type': 'application/json' });
  const slice = (id, data, from, size) => ask('PUT', `/materials/${id}/content`, data, { 'content-type': 'application/octet-stream', 'content-range': `bytes ${from}-${from + data.length - 1}/${size}` });

  const large = await begin(40e6);
  same(`${large.status} ${large.value.code} ${large.later > 0}`, '503 archive.disk_full true', 'a file for which there is no room is not begun');
  same(psql(`select count(*) from data.material where session_id = ${session}`), '0', 'and leaves no row');

  const data = randomBytes(6e6);
  const begun = await begin(data.length);
  const first = await slice(begun.value.material, data.subarray(0, 3e6), 0, data.length);
  same(`${begun.status} ${first.status} ${first.value.received}`, '201 200 3000000', 'another is begun, and its first half taken');
  fs.writeFileSync(`${disk}/filler`, '');
  try {
    for (;;) fs.appendFileSync(`${disk}/filler`, Buffer.alloc(65536));
  } catch { /* full */ }
  const cut = { status: 'cut', value: {} };
  const full = await slice(begun.value.material, data.subarray(3e6), 3e6, data.length).catch(() => cut);
  // By the web (503), or by Kore that could not even keep the body (500) and
  // hangs up on who still writes.
  tell([500, 503, 'cut'].includes(full.status) && !full.value.complete, 'the disk is full: the second half is refused', JSON.stringify(full).slice(0, 300));
  same(psql(`select complete is null from data.material where id = ${begun.value.material}`), 't', 'and nothing says that it is there');
  const alive = await fetch(`http://127.0.0.1:${small.to}/readyz`);
  same(alive.status, 200, 'the web goes on');
  fs.rmSync(`${disk}/filler`);
  const far = await ask('GET', `/materials/${begun.value.material}`);
  const rest = await slice(begun.value.material, data.subarray(far.value.received), far.value.received, data.length);
  same(`${rest.status} ${rest.value.complete}`, '200 true', 'there is room again: the upload goes on where it was');
  const hash = psql(`select encode(sha256, 'hex') from data.material where id = ${begun.value.material}`);
  same(execFileSync('sha256sum', [`${disk}/store/${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash}`], { encoding: 'utf8' }).slice(0, 64), hash, 'and the file is whole');
  const kept = fs.readdirSync(`${disk}/upload`);
  same(kept.filter((f) => f.startsWith('part-')).join(), '', 'nothing is left of its parts');
  psql(`delete from data.material where session_id = ${session}`);
  small.end();
}

// --- a database that says nothing --------------------------------------------------------

{
  const backends = () => psql("select pid from pg_stat_activity where usename = 'convene_web'").split('\n').filter(Boolean).map(Number);
  const before = new Set(backends());
  const one = await beside(3, { CONVENE_DB_ANSWER_MS: '700', CONVENE_DB_READERS: '1', CONVENE_DB_WRITERS: '1' });
  const halted = backends().filter((p) => !before.has(p));
  const ask = async (method, where, body) => {
    const began = Date.now();
    const answer = await fetch(`http://127.0.0.1:${one.to}${where}`, { method, body: body && JSON.stringify(body),
      headers: { 'sec-fetch-site': 'same-origin', accept: 'application/json', 'content-type': 'application/json' } });
    return { status: answer.status, later: answer.headers.get('retry-after'), ms: Date.now() - began };
  };
  const key = randomUUID();
  const register = () => ask('POST', `/events/${pool}/register`, { email: `halted-${pool}@convene.example`, name: 'Halted', key });
  for (const p of halted) process.kill(p, 'SIGSTOP');
  const [read, write] = await Promise.all([ask('GET', `/events/${pool}`), register()]);
  tell(halted.length === 2 && [read, write].every((a) => a.status === 503 && a.later > 0 && a.ms >= 600 && a.ms < 3000),
    'the database hangs: who asked is told so, and when to ask again', JSON.stringify({ halted, read, write }));
  const soon = async (asks) => {
    for (const until = Date.now() + 5000; ; await pause(100)) {
      const answer = await asks();
      if (answer.status !== 503 || Date.now() > until) return answer;
    }
  };
  const [reads, writes] = [await soon(() => ask('GET', `/events/${pool}`)), await soon(register)];
  same(`${reads.status} ${writes.status}`, '200 202', 'and is answered over another connection');
  for (const p of halted) process.kill(p, 'SIGCONT');
  await until(() => !backends().some((p) => halted.includes(p)));
  same(psql(`select count(*) from data.registration where key = '${key}'`), '1', 'what hung and was asked again is done once');
  one.end();
}

// --- the database ------------------------------------------------------------------------

{
  // It ends in good order, and what it reads at its start keeps it from starting.
  const read = `${dir}/data/postgresql.auto.conf`, was = fs.readFileSync(read);
  const stop = async () => {
    fs.appendFileSync(read, 'away = away away\n');
    process.kill(pid('postgres'), 'SIGINT');
    await until(async () => (await client.ask('GET', '/readyz')).status === 503, 8000);
  };
  const start = () => fs.writeFileSync(read, was);
  process.on('exit', start);
  await stop();
  const [healthy, about] = [await client.ask('GET', '/healthz'), await client.ask('GET', '/about', undefined, { headers: html })];
  same(`${healthy.status} ${about.status}`, '200 200', 'the database is stopped: what needs none goes on');
  same((await client.ask('GET', style)).status, 200, 'static files too');
  let form; // the other process of the web may not have noticed yet
  for (const until = Date.now() + 3000; ; await pause(50)) {
    form = await new Visitor().send('/signin', { email: 'nobody' });
    if (form.status === 422 || Date.now() > until) break;
  }
  tell(form.status === 422 && form.text.includes('id="f-email-fault"') && form.text.includes(style), 'and a form that is wrong is shown again', `${form.status} ${form.text.slice(-1500)}`);
  const signed = await organizer.ask('GET', '/about', undefined, { headers: html });
  same(signed.status, 200, 'also for who is signed in');
  const asked = [];
  for (let i = 0; i < 30; i++) {
    asked.push(await client.ask('GET', ['/events', `/events/${pool}`, '/search?q=water', '/archive', '/signin/code'][i % 4], undefined, { headers: html }));
    asked.push(await client.register(pool, `stopped-${i}@convene.example`));
    asked.push(await organizer.ask('GET', `/events/${pool}/organize`));
  }
  const times = asked.map((a) => a.ms).sort((a, b) => a - b);
  console.log(`# refused in ${times[45].toFixed(1)} ms, at most ${times.at(-1).toFixed(1)} ms`);
  same([...new Set(asked.map((a) => a.status))].join(), '503', 'the rest is 503');
  const later = asked.map((a) => Number(a.headers['retry-after']));
  tell(later.every((n) => n >= 2 && n <= 6) && new Set(later).size > 2, 'to come again in a moment, not all at the same', later.join());
  tell(times[Math.floor(times.length * 0.9)] < 200, 'at once', times.slice(-10).map((t) => t.toFixed(0)).join());
  tell(asked.every((a) => !/postgres|libpq|socket/i.test(a.text)), 'and nothing of the inside is told', asked.find((a) => /postgres|libpq|socket/i.test(a.text))?.text.slice(0, 300));
  tell(/application\/problem\+json/.test(asked[1].headers['content-type']) && /text\/html/.test(asked[0].headers['content-type']), 'to people and to programs in their own way');
  start();
  const back = await until(async () => (await client.ask('GET', '/readyz')).status === 200, 10000);
  tell(back >= 0 && back < 5000, 'the database is back, and so is all', `${back} ms`);
  let answers; // by the other process, too, as soon as it has noticed
  for (const until = Date.now() + 5000; ; await pause(100)) {
    answers = await Promise.all(strangers(10).map((c, i) => c.register(pool, `back-${i}-${pool}@convene.example`)));
    if (answers.every((a) => a.status !== 503) || Date.now() > until) break;
  }
  same([...new Set(answers.map((a) => a.status))].join(), '202', 'and people register');
  same(psql("select count(*) from data.registration r join data.person p on p.id = r.person_id where p.email like 'stopped-%'"), '0', 'nobody was registered who was refused');
}

let verified;
try {
  verified = convene('verify');
} catch (e) {
  verified = `broken: ${e.stdout.split('\n').filter((l) => !/ ok$/.test(l)).join('\n')}${e.stderr}`;
}
tell(!/broken/.test(verified), 'convene verify finds nothing broken', verified);
end();
