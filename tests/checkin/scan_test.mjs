// The door of a running instance: every verdict by JSON and by form, once each;
// by number and by name; undone; counted; and who may not.
import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { another, boss, drawn, event as newEvent, program as newProgram, publicHex, register, run, session as newSession, sql, ticket, uuid } from '../support/event.mjs';
import { convene, end, same, tell, Visitor } from '../support/visitor.mjs';

const organizer = await boss();
const nobody = await Visitor.nobody();
const program = await newProgram(organizer);
const event = await newEvent(organizer, program);
const other = await newEvent(organizer, program, { title: `Other day ${run}` });
const session = await newSession(organizer, event);
const amina = register(event, 'Amina Ibárruri', { email: `amina-${run}@door.example` });
const bola = register(event, 'Bola');
const chen = register(event, '陈 Chen');
const dee = register(event, 'Dee');
const away = register(other, 'Away');
same(amina.state, 'confirmed', 'there are people to let in');

// A device of the event's door, enrolled by the link that its QR code holds.
const zbar = (file) => execFileSync('zbarimg', ['-q', '--raw', '--nodbus', file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
const enrol = async (id, name) => {
  const device = new Visitor();
  const token = /enrol\/(\S+)/.exec(convene('enrol', String(id), name))[1];
  await device.send('/enrol', { token });
  return device;
};
const gate = await enrol(event, 'North door');
const second = await enrol(event, 'South door');
const elsewhere = await enrol(other, 'Elsewhere');

const scan = (visitor, code, key = uuid(), more = {}) => visitor.json(`/events/${event}/scans`, { ticket: code, key, ...more });
const verdict = async (visitor, code, want, what, key) => {
  const answer = await scan(visitor, code, key);
  same(answer.value?.result, want, what);
  return answer.value ?? {};
};
const good = ticket(event, amina.id);

// --- verdicts ---
const key = uuid();
let said = await verdict(gate, good, 'admitted', 'a ticket admits', key);
same(said.name, 'Amina Ibárruri', 'with the name');
same(`${said.confirmed} ${said.admitted}`, '4 1', 'and the counts');
said = await verdict(gate, good, 'admitted', 'the same scan sent again has the same answer', key);
same(said.repeated, true, 'and says that it repeats it');
said = await verdict(second, good, 'already', 'a second scan: admitted already');
same(said.first_where, 'North door', 'where');
tell(/T\d\d:\d\d/.test(said.since), 'and when', said.since);
said = await verdict(gate, ticket(other, away.id), 'wrong_event', 'a ticket of another event');
same(`${said.event_title} ${said.name}`, `Other day ${run} null`, 'which, but not whose');
await verdict(gate, ticket(event, 999999999), 'unknown', 'a ticket of nobody');
await verdict(gate, ticket(event, bola.id, { key: another() }), 'forged', 'a ticket that another key has signed');
const bent = ticket(event, bola.id).replace(/.$/, (c) => (c === '0' ? '1' : '0'));
await verdict(gate, bent, 'forged', 'a ticket with one character changed');
await verdict(gate, 'https://example.org/a-poster', 'unknown', 'another QR code');
await verdict(gate, 'BEGIN VCARD ☎', 'unknown', 'and one in other letters');
same(sql(`select count(*) from data.scan where event_id = ${event} and result = 'forged'`)[0][0], '2', 'forgeries are kept');
sql(`select registration.reissue(${bola.id})`);
said = await verdict(gate, ticket(event, bola.id), 'cancelled', 'a ticket that was replaced');
same(said.why, 'replaced', 'and why');
await verdict(gate, ticket(event, bola.id, { serial: 1 }), 'admitted', 'the one that replaced it');
sql(`select registration.withdraw(${chen.id})`);
said = await verdict(gate, ticket(event, chen.id), 'cancelled', 'a ticket of who has withdrawn');
same(said.why, 'withdrawn', 'and why');
const old = another();
await verdict(gate, ticket(event, dee.id, { key: old, id: 77 }), 'forged', 'a key that is not known');
sql(`insert into data.signing_key (id, public_key) values (77, '\\x${publicHex(old)}') on conflict (id) do update set public_key = excluded.public_key, retired = null`);
await verdict(gate, ticket(event, dee.id, { key: old, id: 77 }), 'admitted', 'a key that signed before: its tickets stay good');
sql('update data.signing_key set retired = now() where id = 77');
await verdict(gate, ticket(event, dee.id, { key: old, id: 77 }), 'forged', 'until it is retired');

// --- at a session's door ---
said = (await scan(gate, good, uuid(), { session })).value;
same(`${said.result} ${said.admitted}`, 'admitted 1', 'a session’s door counts for itself');

// --- by number, by name ---
await verdict(gate, String(dee.id), 'already', 'the number on the ticket, typed');
await verdict(gate, String(away.id), 'unknown', 'a number of another event');
let answer = await gate.json(`/events/${event}/people?q=amina`);
same(answer.value.people.map((p) => p.name).join(), 'Amina Ibárruri', 'found by the beginning of a name');
tell(/^am…@|^am.*…/.test(answer.value.people[0].email), 'a device sees an address in part only', answer.value.people[0].email);
answer = await gate.json(`/events/${event}/people?q=ibarr`);
same(answer.value.people.length, 1, 'also without accents');
answer = await gate.get(`/events/${event}/people?q=Bola`);
tell(answer.text.includes('Bola') && answer.text.includes('/undo'), 'who is in can be let out again', answer.text.slice(0, 300));
same((await gate.json(`/events/${event}/people?q=B`)).value.people.length, 0, 'one letter finds nobody');

// --- undone ---
const undo = sql(`select id from data.scan where event_id = ${event} and registration_id = ${bola.id} and result = 'admitted'`)[0][0];
same((await second.json(`/scans/${undo}/undo`, {})).status, 403, 'a device undoes its own scans only');
answer = await gate.json(`/scans/${undo}/undo`, {});
same(`${answer.status} ${answer.value.admitted}`, '200 2', 'an admission is undone');
same((await gate.json(`/scans/${undo}/undo`, {})).value.admitted, 2, 'a second time changes nothing');
answer = await gate.send(`/events/${event}/admit`, { registration: bola.id, key: uuid() });
same(answer.status, 303, 'admitted by name, with a form');
answer = await gate.get(answer.goes);
tell(answer.text.includes('data-result="admitted"') && answer.text.includes('Bola'), 'which shows the verdict');
same((await organizer.json(`/scans/${/scan=(\d+)/.exec(answer.text)?.[1] ?? undo}/undo`, {})).status, 200, 'staff undo any scan of the event');

// --- the form, without scripts ---
answer = await gate.get(`/events/${event}/scan`);
same(answer.status, 200, 'the scanner’s page');
tell(/camera=\(self\)/.test(answer.headers.get('permissions-policy')), 'may use the camera');
const stamp = /name="key" value="([^"]+)"/.exec(answer.text)?.[1];
tell(/^[0-9a-f-]{36}$/.test(stamp ?? ''), 'its form has a key of its own');
answer = await gate.send(`/events/${event}/scans`, { ticket: ticket(event, bola.id, { serial: 1 }), key: stamp });
same(answer.status, 303, 'a typed code is judged');
answer = await gate.get(answer.goes);
tell(/data-result="(admitted|already)"/.test(answer.text), 'and the verdict is a page', answer.text.slice(0, 500));
answer = await gate.get((await gate.send(`/events/${event}/scans`, { ticket: good, key: uuid() })).goes);
tell(answer.text.includes('data-result="already"') && answer.text.includes('North door'), 'already: when and where');
answer = await gate.get((await gate.send(`/events/${event}/scans`, { ticket: ticket(other, away.id), key: uuid() })).goes);
tell(answer.text.includes('data-result="wrong_event"') && answer.text.includes(`Other day ${run}`), 'wrong event: for which');
answer = await gate.send(`/events/${event}/scans`, { ticket: '', key: uuid() });
tell(answer.status === 422 && answer.text.includes('id="f-ticket-fault"'), 'nothing typed is said at its field');

// --- counts ---
answer = await gate.json(`/events/${event}/counts`);
const now = answer.value;
same(now.confirmed - now.missing, now.admitted, 'the counts agree with each other');
same(sql(`select count(*) from data.attendance where event_id = ${event} and session_id is null`)[0][0], String(now.admitted), 'and with the database');
same((await gate.get(`/events/${event}/counts`)).goes, `/events/${event}/scan`, 'a browser is led to the page');

// --- who may not ---
for (const [who, visitor, status] of [['nobody', nobody, 401], ['a device of another event', elsewhere, 403]]) {
  same((await scan(visitor, good)).status, status, `${who} scans nothing`);
  same((await visitor.json(`/events/${event}/counts`)).status, status, `${who} counts nobody`);
  same((await visitor.json(`/events/${event}/people?q=amina`)).status, status, `${who} finds nobody`);
  same((await visitor.json(`/events/${event}/admit`, { registration: dee.id, key: uuid() })).status, status, `${who} admits nobody`);
}
same((await gate.json(`/events/${event}/devices`)).status, 403, 'a device makes no devices');
same((await gate.json(`/events/${event}/registrations`)).status, 403, 'nor sees it the list of the registered');
same((await scan(gate, good, 'no-uuid')).status, 422, 'a key is a UUID');
const mine = uuid();
await scan(organizer, good, mine);
same((await scan(gate, good, mine)).status, 200, 'a device’s keys are its own');

// --- the ticket that people get ---
const mails = path.join(process.env.CONVENE_DIR, 'mail/new');
const png = await (async () => {
  for (let i = 0; i < 100; i++) {
    for (const f of fs.readdirSync(mails)) {
      const mail = fs.readFileSync(path.join(mails, f), 'latin1');
      if (!mail.includes(`dee-${run}@door.example`)) continue;
      const part = /Content-Type: image\/png[^]*?\r?\n\r?\n([A-Za-z0-9+/=\r\n]+)/.exec(mail);
      if (part) return Buffer.from(part[1], 'base64');
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  return null;
})();
if (tell(png !== null, 'the mail has a ticket')) {
  const file = path.join(process.env.CONVENE_DIR, 'tmp', `ticket-${run}.png`);
  fs.writeFileSync(file, png);
  const code = zbar(file).replace(/\n$/, '');
  fs.unlinkSync(file);
  await verdict(gate, code, 'already', 'whose QR code the door reads');
}
const reader = await Visitor.named(`amina-${run}@door.example`);
answer = await reader.get(`/registrations/${amina.id}/ticket`);
const picture = drawn(answer.text);
if (tell(answer.status === 200 && picture, 'the ticket’s page draws it', `${answer.status} ${answer.text.slice(0, 300)}`)) {
  const file = path.join(process.env.CONVENE_DIR, 'tmp', `ticket-${run}.pbm`);
  fs.writeFileSync(file, picture);
  const code = zbar(file).replace(/\n$/, '');
  fs.unlinkSync(file);
  await verdict(gate, code, 'already', 'and the door reads that, too');
}
end();
