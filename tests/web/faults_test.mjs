// What dies is killed in the midst of registrations and scans: every answer that
// said yes is in the database, its mail goes out, the invariants hold, and five
// seconds later all is well again, by itself.
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { convene, end, same, tell } from '../support/visitor.mjs';
import { dir, pause, psql } from '../support/raw.mjs';
import { Client, event, limited, people, strangers, unlimited, until } from '../support/load.mjs';

const pid = (name) => Number(fs.readFileSync(`${dir}/run/${name}.pid`, 'utf8'));
const children = (parent) => fs.readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ').map(Number);
const title = (p) => {
  try {
    return fs.readFileSync(`/proc/${p}/cmdline`, 'latin1');
  } catch {
    return ''; // it ended meanwhile
  }
};

unlimited();
process.on('exit', limited);
const pool = event('faults', null, { starts: '-1 hours', ends: '5 hours' });

// Who scans: staff of the event.  Whom: people without a ticket, let in by name.
const [door] = people(1, 'door');
psql(`insert into data.role (person_id, kind, scope, scope_id) select id, 'staff', 'event', ${pool} from data.person where email = '${door.email}'`);
const expected = psql(`select r.registration from generate_series(1, 300) g, lateral registration.take(${pool}, 'faults-expected-' || g || '-${pool}@convene.example',
  'Expected', 'en', null, '', null, gen_random_uuid(), sha256(convert_to(gen_random_uuid()::text, 'UTF8'))) r`).split('\n').map(Number);

// --- the load, and its journal ---------------------------------------------------

const journal = [];
const doors = strangers(3).map((c) => Object.assign(c, { headers: { ...door.headers } }));
let at = 0;

const registers = async (client, over) => {
  while (!over()) {
    const key = randomUUID();
    const email = `faults-${key}@convene.example`;
    const answer = await client.register(pool, email, key);
    journal.push({ what: 'registration', key, email, status: answer.status, ms: answer.ms, when: Date.now(), retry: answer.headers['retry-after'] });
    await pause(120);
  }
};
const scans = async (client, over) => {
  while (!over() && at < expected.length) {
    const key = randomUUID();
    const answer = await client.ask('POST', `/events/${pool}/admit`, { registration: expected[at++], key });
    journal.push({ what: 'scan', key, status: answer.status, ms: answer.ms, when: Date.now() });
    await pause(150);
  }
};

const yes = (j) => j.status >= 200 && j.status < 400;
const stored = () => new Set(psql(`select key from data.registration where event_id = ${pool} union all select uuid from data.scan where event_id = ${pool}`).split('\n'));

// What ends with the struck is found anew to see all of it replaced.
const strike = async (what, victims, struckOf = (was) => was) => {
  const first = journal.length;
  let over = false;
  const clients = [...strangers(8).map((c) => registers(c, () => over)), ...doors.map((c) => scans(c, () => over))];
  await pause(700);
  const was = victims();
  const struck = Date.now();
  for (const p of struckOf(was)) process.kill(p, 'SIGKILL');
  const back = await until(async () => {
    const now = victims();
    const ready = await new Client(1000).ask('GET', '/readyz', undefined, { timeout: 1000 });
    return now.length >= was.length && !now.some((p) => was.includes(p)) && ready.status === 200;
  });
  await pause(800);
  over = true;
  await Promise.all(clients);
  const mine = journal.slice(first);
  const kept = stored();
  const lost = mine.filter((j) => yes(j) && !kept.has(j.key));
  const odd = mine.filter((j) => !yes(j) && ![0, 500, 502, 503, 504].includes(j.status));
  const after = mine.filter((j) => j.when > struck + Math.max(back, 0) + 300);
  tell(back >= 0 && back < 5000, `${what} killed: back by itself`, `${back} ms`);
  console.log(`# ${Math.round(performance.now() / 1000)} s: back after ${back} ms; ${mine.filter(yes).length} said yes, ${mine.filter((j) => j.status === 503).length} busy, ${mine.filter((j) => j.status === 0).length} without an answer`);
  same(lost.map((j) => `${j.what} ${j.key}`).join(), '', `${what} killed: what was said to be done is done`);
  tell(mine.filter(yes).length > 10 && after.length > 0 && after.every(yes), `${what} killed: and then it goes on`, JSON.stringify(after.filter((j) => !yes(j)).slice(0, 3)));
  same(odd.map((j) => `${j.what} ${j.status}`).join(), '', `${what} killed: no answer but yes, busy or none`);
  tell(mine.filter((j) => j.status === 503).every((j) => j.what === 'scan' || j.retry), `${what} killed: who is sent away is told when to come back`);
};

await strike('a worker of the web', () => children(pid('web')).slice(0, 1));
await strike('the web', () => [pid('web')]);
await strike('the worker behind', () => [pid('worker')]);
// PostgreSQL ends all backends when one of them dies.
const backends = () => children(pid('postgres')).filter((p) => title(p).includes('convene_web'));
await strike('a backend of the database', backends, (was) => was.slice(0, 1));
await strike('the database', () => [pid('postgres')]);

// --- what was told is done ---------------------------------------------------------

{
  const kept = stored();
  const told = journal.filter(yes);
  same(told.filter((j) => !kept.has(j.key)).length, 0, `each of ${told.length} answers is in the database`);
  const unknown = journal.filter((j) => j.status === 0 || j.status === 503);
  const clients = strangers(4);
  const repeated = await Promise.all(unknown.filter((j) => j.what === 'registration').map((j, i) => clients[i % 4].register(pool, j.email, j.key)));
  tell(repeated.every(yes), `${repeated.length} who do not know ask again with their key, and are told`, repeated.map((r) => r.status).join());
  same(psql(`select count(*) - count(distinct person_id) from data.registration where event_id = ${pool} and state = 'confirmed'`), '0', 'and nobody is registered twice');
}
{
  const names = () => new Set(fs.readdirSync(`${dir}/mail/new`).map((f) => /notice-(\d+)@/.exec(fs.readFileSync(`${dir}/mail/new/${f}`, 'latin1'))?.[1]));
  // What a dead worker held comes free when its lease ends: not waited for here.
  psql(`update data.notice set lease_until = now() where event_id = ${pool} and state = 'waiting' and lease_until is not null`);
  const took = await until(() => psql(`select count(*) from data.notice where event_id = ${pool} and state = 'waiting'`) === '0', 25000, 300);
  const wanted = psql(`select n.id from data.notice n where n.event_id = ${pool} and n.state <> 'dropped'`).split('\n');
  const came = names();
  same(`${took >= 0} ${wanted.filter((id) => !came.has(id)).length}`, 'true 0', `${wanted.length} mails are written, and no one of them is lost`);
  const held = psql(`select count(*) from data.registration r where event_id = ${pool} and not exists (select from data.notice n where n.registration_id = r.id)`);
  same(held, '0', 'no registration is without its mail');
}
{
  let verified;
  try {
    verified = convene('verify');
  } catch (e) {
    verified = `broken: ${e.stdout.split('\n').filter((l) => !/ ok$/.test(l)).join('\n')}${e.stderr}`;
  }
  tell(!/broken/.test(verified), 'convene verify finds nothing broken', verified);
}
console.log(`# ${Math.round(performance.now() / 1000)} s`);
end();
