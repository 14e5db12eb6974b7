// Many people and few seats, by HTTP: nobody sits on another's lap, and who came
// first stays first.
import { randomUUID } from 'node:crypto';
import { convene, end, same, tell } from '../support/visitor.mjs';
import { pause, psql } from '../support/raw.mjs';
import { event, limited, people, strangers, unlimited, until } from '../support/load.mjs';

const rows = (sql) => psql(`select coalesce(json_agg(x), '[]') from (${sql}) x`);
const table = (sql) => JSON.parse(rows(sql));
const spread = (list, f) => list.reduce((sums, x) => ({ ...sums, [f(x)]: (sums[f(x)] ?? 0) + 1 }), {});
const told = (answers) => Object.entries(spread(answers, (a) => a.status)).map(([s, n]) => `${n}×${s}`).join(' ');

unlimited();
process.on('exit', limited);

// --- 64 clients, 10 seats ---------------------------------------------------

{
  const pool = event('rush', 10);
  const clients = strangers(64);
  const journal = await Promise.all(clients.map(async (client, i) => {
    await pause(Math.floor(i / 16) * 25);
    const key = randomUUID();
    const called = performance.now();
    const answer = await client.register(pool, `rush-${i}-${pool}@convene.example`, key);
    return { key, called, returned: performance.now(), status: answer.status };
  }));
  same(told(journal), '64×202', 'all of 64 are answered');
  const found = new Map(table(`select key, state, arrival from data.registration where event_id = ${pool}`).map((r) => [r.key, r]));
  const of = journal.map((j) => ({ ...j, ...found.get(j.key) }));
  same(of.filter((r) => r.state === 'confirmed').length, 10, '10 of them have a seat');
  same(of.filter((r) => r.state === 'waitlisted').length, 54, '54 wait');
  const order = [...of].sort((a, b) => a.arrival - b.arrival);
  same(order.map((r) => r.arrival).join(), Array.from({ length: 64 }, (_, i) => i + 1).join(), 'each has a place of their own, without a gap');
  same(order.slice(0, 10).every((r) => r.state === 'confirmed'), true, 'the first ten places are the seats');
  const passed = of.filter((b) => b.state === 'confirmed' && of.some((a) => a.state === 'waitlisted' && a.returned < b.called));
  same(passed.length, 0, 'nobody was seated who called after another was answered that they wait');
  const mails = spread(table(`select kind from data.notice where event_id = ${pool} and kind like 'registration.%'`), (n) => n.kind);
  same(`${mails['registration.confirmed']} ${mails['registration.waitlisted']}`, '10 54', 'and each is told by one mail');

  const again = await Promise.all(clients.map((client, i) => client.register(pool, `rush-${i}-${pool}@convene.example`, journal[i].key)));
  same(told(again), '64×202', 'all ask once more with the same key');
  same(psql(`select count(*) from data.registration where event_id = ${pool}`), '64', 'and nothing is counted twice');
}

// --- two people, one seat -----------------------------------------------------

{
  const pools = Array.from({ length: 12 }, () => event('duel', 1));
  const duellists = people(2, 'duel');
  const answers = (await Promise.all(pools.map((pool) => Promise.all(duellists.map((p) => p.ask('POST', `/events/${pool}/register`, { key: randomUUID() })))))).flat();
  same(told(answers), '24×200', 'two people ask for one seat, twelve times');
  same(answers.map((a) => JSON.parse(a.text).state).sort().join(), [...Array(12).fill('confirmed'), ...Array(12).fill('waitlisted')].join(), 'each time one is told the seat and one the queue');
  same(psql(`select string_agg(distinct confirmed || ' ' || waitlisted, ',') from data.pool where event_id in (${pools})`), '1 1', 'and so it is');
}

// --- the same person, at once --------------------------------------------------

{
  const pool = event('twice', 5);
  const [one] = people(1, 'twice');
  const sent = (key) => Promise.all(strangers(8).map((c) => Object.assign(c, { headers: { ...one.headers } }).ask('POST', `/events/${pool}/register`, { key: key ?? randomUUID() })));
  const answers = [...await sent(randomUUID()), ...await sent()];
  same(told(answers), '16×200', 'one person asks eight times with one key and eight times with others');
  same(new Set(answers.map((a) => JSON.parse(a.text).registration)).size, 1, 'and is always told of the same registration');
  same(psql(`select count(*) from data.registration where event_id = ${pool}`), '1', 'which is the only one');
  same(psql(`select count(*) from data.notice where event_id = ${pool} and kind like 'registration.%'`), '1', 'and told by one mail');
}

// --- cancelling and registering at once ------------------------------------------

{
  const pool = event('leave', 5);
  const first = people(15, 'first'), late = people(20, 'late');
  for (const p of first) {
    const answer = await p.ask('POST', `/events/${pool}/register`, { key: randomUUID() });
    p.registration = JSON.parse(answer.text).registration;
  }
  const answers = await Promise.all([
    ...first.slice(0, 5).map((p, i) => pause(i * 7).then(() => p.ask('POST', `/registrations/${p.registration}/withdraw`, {}))),
    ...late.map((p, i) => pause(i * 2).then(() => p.ask('POST', `/events/${pool}/register`, { key: randomUUID() }))),
    ...first.slice(12).map((p) => p.ask('POST', `/registrations/${p.registration}/withdraw`, {})),
  ]);
  same(told(answers), '28×200', 'eight leave while twenty come');
  const state = new Map(table(`select p.email, r.state from data.registration r join data.person p on p.id = r.person_id where event_id = ${pool}`).map((r) => [r.email, r.state]));
  same(first.slice(5, 10).map((p) => state.get(p.email)).join(), Array(5).fill('confirmed').join(), 'those who waited longest have the seats');
  same([...first.slice(10, 12), ...late].map((p) => state.get(p.email)).join(), Array(22).fill('waitlisted').join(), 'the others wait');
  same(late.filter((p, i) => JSON.parse(answers[5 + i].text).state === 'confirmed').length, 0, 'no newcomer was told a seat');
  same(psql(`with steps as (select c.id, (case when c.became = 'confirmed' then 1 else 0 end) - (case when c.was = 'confirmed' then 1 else 0 end) as step
      from data.registration_change c join data.registration r on r.id = c.registration_id where r.event_id = ${pool})
    select max(s) from (select sum(step) over (order by id) as s from steps) x`), '5', 'at no moment were there more than five');
  const mails = table(`select p.email, array_agg(n.kind order by n.id) as kinds from data.notice n join data.person p on p.id = n.person_id where n.event_id = ${pool} and n.kind like 'registration.%' group by 1`);
  const kinds = new Map(mails.map((m) => [m.email, m.kinds.join()]));
  same(new Set(first.slice(5, 10).map((p) => kinds.get(p.email))).size, 1, 'the promoted are told the same way');
  tell(/waitlisted,registration\./.test(kinds.get(first[5].email)), 'first that they wait, then that they have a seat', kinds.get(first[5].email));
}

// --- at an instant ---------------------------------------------------------------

{
  const pool = event('opening', 8);
  const crowd = people(120, 'opening');
  psql(`update data.pool set opens = now() + interval '3 seconds' where event_id = ${pool}`);
  const [early] = crowd;
  const before = await early.ask('POST', `/events/${pool}/register`, { key: randomUUID() });
  same(`${before.status} ${JSON.parse(before.text).code}`, '409 registration.not_open', 'who comes too early is told so');
  tell(['1', '2', '3'].includes(before.headers['retry-after']), 'and when to come again', before.headers['retry-after']);
  const page = await early.ask('GET', `/events/${pool}/register`, undefined, { headers: { accept: 'text/html' } });
  tell(/<fieldset class="whole" disabled>/.test(page.text) && /data-opens="[0-9]+"/.test(page.text), 'the form is there, disabled until then', page.text.slice(-3000));
  const shown = await early.ask('POST', `/events/${pool}/register`, { key: randomUUID(), organisation: 'Delta University' }, { headers: { accept: 'text/html' } });
  tell(shown.status === 409 && shown.text.includes('Delta University'), 'sent too early, nothing typed is lost', shown.text.slice(0, 500));
  await until(async () => psql(`select now() >= opens from data.pool where event_id = ${pool}`) === 't');
  const answers = await Promise.all(crowd.map((p) => p.ask('POST', `/events/${pool}/register`, { key: randomUUID() })));
  same(told(answers), '120×200', 'at the moment all are taken');
  same(psql(`select string_agg(state || ' ' || n, ', ' order by state) from (select state, count(*) as n from data.registration where event_id = ${pool} group by state) x`), 'waitlisted 112, confirmed 8', 'as many as there are seats have one');
  const places = answers.map((a) => JSON.parse(a.text)).filter((a) => a.state === 'waitlisted').map((a) => a.place).sort((a, b) => a - b);
  same(places.join(), Array.from({ length: 112 }, (_, i) => i + 1).join(), 'and who waits is told the place that they have');
  same(psql(`select count(distinct created) < 60 from data.notice where event_id = ${pool}`), 't', 'they went together');
}

// --- one among many -----------------------------------------------------------------

{
  const pool = event('mixed', 30);
  const all = people(60, 'mixed');
  psql(`update data.pool set code_only = true where event_id = ${pool};
    insert into data.access_code (event_id, code, most) values (${pool}, 'LETMEIN', 40)`);
  const answers = await Promise.all(all.map((p, i) => p.ask('POST', `/events/${pool}/register`, { key: randomUUID(), ...(i % 3 === 0 ? {} : { code: i % 30 === 1 ? 'GUESSED' : 'LETMEIN' }) })));
  const codes = spread(answers, (a) => `${a.status} ${JSON.parse(a.text).code ?? JSON.parse(a.text).state}`);
  same(JSON.stringify(Object.entries(codes).sort()), '[["200 confirmed",30],["200 waitlisted",8],["422 registration.code_needed",20],["422 registration.code_wrong",2]]', 'each is refused for what is their own fault, and nobody else');
  same(psql(`select used from data.access_code where event_id = ${pool}`), '38', 'and a code counts whom it let in');
}

// --- robots --------------------------------------------------------------------------

{
  limited();
  const pool = event('robots', 500);
  psql("delete from data.throttle; insert into data.setting (name, value) values ('throttle.registration', '5 6')");
  const [robot] = strangers(1), [person] = people(1, 'robot');
  const asked = await Promise.all(Array.from({ length: 12 }, (_, i) => robot.register(pool, `robot-${i}-${pool}@convene.example`)));
  same(told(asked.sort((a, b) => a.status - b.status)), '5×202 7×429', 'an address may only so often');
  tell(Number(asked.at(-1).headers['retry-after']) >= 30, 'and is told to wait', asked.at(-1).headers['retry-after']);
  person.agent = robot.agent;
  const same_hall = await person.ask('POST', `/events/${pool}/register`, { key: randomUUID() });
  same(same_hall.status, 200, 'who has signed in is not counted with a whole hall');
  unlimited();
}

let verified;
try {
  verified = convene('verify');
} catch (e) {
  verified = `broken ${e.stdout}${e.stderr}`;
}
tell(!/broken/i.test(verified), 'convene verify finds nothing broken', verified);
end();
