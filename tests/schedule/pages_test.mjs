// An organizer makes a program with an event, rooms and sessions; each refusal
// is at its field and nothing typed is lost; who may see it sees it, and nobody
// else.  Through the doors of a running instance.
import { base, convene, end, faulty, same, stands, tell, Visitor } from '../support/visitor.mjs';

const run = Date.now().toString(36);
const boss = `boss-${run}@schedule.example`;
convene('grant', boss, 'Boss', 'admin');
convene('grant', `other-${run}@schedule.example`, 'Other', 'staff');
const organizer = await Visitor.named(boss);
const nobody = await Visitor.nobody();
const id = (answer) => Number(/\/(\d+)(?:\/|\?|$)/.exec(answer.goes)?.[1]);

const refused = (answer, field, what) => {
  tell(answer.status === 422 && faulty(answer.text).join() === field, `refused at its field: ${what}`,
    `${answer.status}, at ${faulty(answer.text).join() || 'no field'}\n${/class="errors"[^]*?<\/div>/.exec(answer.text)?.[0] ?? answer.text.slice(0, 500)}`);
};

// --- a program ---
let answer = await organizer.send('/programs', { title: '', reach: 'global', language: 'en', summary: 'Kept <words>' });
refused(answer, 'title', 'a program without a title');
same(stands(answer.text, 'summary'), 'Kept <words>', 'what was typed stands in the form');
answer = await organizer.send('/programs', { title: 'Deltas', reach: 'regional', language: 'en' });
refused(answer, 'region', 'a regional program without a region');
answer = await organizer.send('/programs', { title: 'Deltas', reach: 'global', language: 'en', countries: 'EGY' });
refused(answer, 'countries', 'a country of three letters');
answer = await organizer.send('/programs', { title: `Deltas ${run}`, reach: 'regional', region: 'الدلتا', language: 'en', countries: 'eg, KE', summary: 'Where rivers end.' });
same(answer.status, 303, 'a program is made');
const program = id(answer);
same((await nobody.get(`/programs/${program}`)).status, 404, 'a draft program is not there for others');
same((await organizer.get(`/programs/${program}`)).status, 200, 'its organizer sees it');
answer = await organizer.get(`/programs/${program}/edit`);
same(stands(answer.text, 'region'), 'الدلتا', 'the form has what was stored');

// --- an event ---
const event1 = {
  title: `Field week ${run}`, subtitle: 'By boat', summary: 'First line.\nSecond <line>.', language: 'en', zone: 'Europe/Berlin',
  starts: '2031-03-29T09:00', ends: '2031-03-31T18:00', mode: 'hybrid', venue: 'Old port', city: 'Hamburg', country: 'DE',
  online_url: 'https://meet.example.org/deltas', access: 'public', whole: 'true', seats: '40',
};
const make = (change) => organizer.send(`/programs/${program}/events`, { ...event1, ...change });
refused(await make({ title: ' ' }), 'title', 'an event without a title');
refused(await make({ ends: '2031-03-29T08:00' }), 'ends', 'an end before the start');
refused(await make({ starts: '2031-03-30T02:30' }), 'starts', 'a time that the clocks skip');
refused(await make({ starts: '2026-03-29T02:30', ends: '2026-03-29T12:00' }), 'starts', 'a skipped time of another year');
refused(await make({ zone: 'Europe/Atlantis' }), 'zone', 'a zone that is not known');
refused(await make({ starts: '2031-02-30T10:00' }), 'starts', 'a day that does not exist');
refused(await make({ mode: 'elsewhere' }), 'mode', 'a mode that is none');
refused(await make({ online_url: 'javascript:alert(1)' }), 'online_url', 'an address that is no web address');
refused(await make({ cutoff: '2031-04-02T10:00' }), 'cutoff', 'registration that closes after the end');
refused(await make({ seats: '0' }), 'seats', 'no seats');
answer = await make({ ends: '2031-03-29T08:00' });
tell(['title', 'subtitle', 'summary', 'zone', 'starts', 'ends', 'mode', 'venue', 'city', 'country', 'online_url', 'access', 'seats']
  .every((name) => stands(answer.text, name) === event1[name] || name === 'ends'), 'a refused form has everything as typed',
['title', 'summary', 'zone', 'starts', 'mode', 'country', 'seats'].map((n) => `${n}: ${stands(answer.text, n)}`).join('\n'));
same(stands(answer.text, 'ends'), '2031-03-29T08:00', 'also what was wrong');
tell(/id="f-whole"[^>]* checked/.test(answer.text), 'and what was ticked');
answer = await make({});
same(answer.status, 303, 'an event is made');
const event = id(answer);
same((await nobody.get(`/events/${event}`)).status, 404, 'a draft event is not there for others');
same((await nobody.get(`/events/${event}/organize`)).status, 303, 'its organizer’s page asks others to sign in');
same((await organizer.get(`/events/${event}/organize`)).status, 200, 'its organizer sees it');
answer = await organizer.send(`/events/${event}/publish`);
same(answer.status, 409, 'it cannot be published before its program');
same((await organizer.send(`/programs/${program}/publish`)).status, 303, 'the program is published');
same((await nobody.get(`/programs/${program}`)).status, 200, 'everybody sees the program');

// --- rooms and tracks ---
same((await organizer.send(`/events/${event}/rooms`, { name: 'Deck', seats: '30' })).status, 303, 'a room is added');
same((await organizer.send(`/events/${event}/rooms`, { name: 'Cabin' })).status, 303, 'another room, without a limit');
refused(await organizer.send(`/events/${event}/rooms`, { name: 'Deck', seats: '3' }), 'name', 'a room of the same name');
refused(await organizer.send(`/events/${event}/rooms`, { name: 'Hull', seats: 'many' }), 'seats', 'seats that are no number');
same((await organizer.send(`/events/${event}/tracks`, { name: 'Water' })).status, 303, 'a track is added');
refused(await organizer.send(`/events/${event}/tracks`, { name: 'Water' }), 'name', 'a track of the same name');
const rooms = (await organizer.json(`/events/${event}/rooms`)).value;
const [deck, cabin] = rooms.rooms.map((r) => r.id);
const track = rooms.tracks[0].id;

// --- sessions ---
const session1 = { title: 'Mud & maps', starts: '2031-03-29T10:00', ends: '2031-03-29T11:00', room: deck, track, abstract: 'One <b>bold</b> word.<script>alert(1)</script>' };
const add = (change) => organizer.send(`/events/${event}/sessions`, { ...session1, ...change });
answer = await add({});
same(answer.status, 303, 'a session is made');
const session = id(answer);
refused(await add({ title: 'Clash', starts: '2031-03-29T10:30', ends: '2031-03-29T11:30' }), 'room', 'a room that is taken');
refused(await add({ title: 'Late', room: cabin, ends: '2031-03-29T09:30' }), 'ends', 'a session that ends before it starts');
refused(await add({ title: 'Skipped', room: cabin, starts: '2031-03-30T02:30', ends: '2031-03-30T04:00' }), 'starts', 'a session at a time that the clocks skip');
refused(await add({ title: 'Elsewhen', room: cabin, starts: '2031-05-01T10:00', ends: '2031-05-01T11:00' }), 'starts', 'a session outside its event');
refused(await add({ title: '' }), 'title', 'a session without a title');
answer = await add({ title: 'Clash', abstract: 'Long typed text', starts: '2031-03-29T10:30', ends: '2031-03-29T11:30' });
same(stands(answer.text, 'abstract'), 'Long typed text', 'a session’s refused form keeps what was typed');
same(stands(answer.text, 'room'), String(deck), 'and what was chosen');
answer = await add({ title: 'Next', starts: '2031-03-29T11:00', ends: '2031-03-29T12:00' });
same(answer.status, 303, 'a session may begin when the other ends');
const second = id(answer);
same((await add({ title: 'Secret', room: cabin, draft: 'true' })).status, 303, 'a draft session is made');

same((await organizer.send(`/sessions/${session}/speakers`, { name: 'Ngũgĩ 王' })).status, 303, 'a speaker is added by name');
const speaker = (await organizer.json(`/sessions/${session}`)).value.speakers[0].id;
same((await organizer.send(`/speakers/${speaker}`, { name: 'Ngũgĩ 王', biography: 'Paints rivers.', url: 'https://example.org/n' })).status, 303, 'and given a biography');
refused(await organizer.send(`/speakers/${speaker}`, { name: '', biography: 'Paints rivers.' }), 'name', 'a speaker without a name');

// --- one editor after the other ---
answer = await organizer.get(`/sessions/${session}/edit`);
const version = stands(answer.text, 'version');
same((await organizer.send(`/sessions/${session}`, { ...session1, title: 'Mud & maps!', version })).status, 303, 'the first editor saves');
answer = await organizer.send(`/sessions/${session}`, { ...session1, title: 'Overtaken', version });
same(answer.status, 409, 'the second is told that it was changed meanwhile');
same(stands(answer.text, 'title'), 'Overtaken', 'with what was typed');
tell(Number(stands(answer.text, 'version')) > Number(version), 'and may then save on purpose');
answer = await organizer.send(`/sessions/${session}`, { ...session1, title: '', version });
same(stands(answer.text, 'version'), version, 'another fault does not hide that it was changed');

// --- moving ---
answer = await organizer.get(`/sessions/${second}/move`);
const moving = { starts: '2031-03-29T10:30', ends: '2031-03-29T11:30', room: deck, version: stands(answer.text, 'version') };
refused(await organizer.send(`/sessions/${second}/move`, moving), 'room', 'a move into a taken room');
same((await organizer.send(`/sessions/${second}/move`, { ...moving, room: cabin, starts: '2031-03-30T10:30', ends: '' })).status, 303, 'a move to another day and room');
const moved = (await organizer.json(`/sessions/${second}`)).value.session;
same(moved.starts, '2031-03-30T10:30:00+02:00', 'in the summer time of that day');
same(moved.ends, '2031-03-30T11:30:00+02:00', 'as long as before');

// --- JSON through the same doors ---
answer = await organizer.json(`/events/${event}/sessions`, { ...session1, title: 'Clash', ends: '2031-03-29T09:30' });
same(answer.status, 422, 'JSON: refused');
same(answer.headers.get('content-type'), 'application/problem+json', 'JSON: as a problem');
same(answer.value.errors.map((e) => e.field).join(), 'ends', 'JSON: at its field');
answer = await organizer.json(`/events/${event}/sessions`, { ...session1, title: 'By JSON', starts: '2031-03-31T10:30', ends: '2031-03-31T11:30' });
tell(answer.status === 200 && answer.value.session > 0, 'JSON: a session is made', answer.text);
const third = answer.value.session;
same((await nobody.json(`/events/${event}`)).status, 404, 'JSON: a draft is not there for others');
same((await nobody.json(`/events/${event}/rooms`)).status, 401, 'JSON: others must sign in');

// --- publishing ---
same((await organizer.send(`/events/${event}/publish`)).status, 303, 'the event is published');
answer = await nobody.get(`/events/${event}`);
same(answer.status, 200, 'everybody sees it');
tell(answer.text.includes('Mud &amp; maps!') && answer.text.includes('By JSON'), 'with its sessions');
tell(!answer.text.includes('Secret'), 'without a draft session');
tell(!answer.text.includes('meet.example.org'), 'without the link to take part online');
tell(answer.text.includes('First line.<br>') && answer.text.includes('Second &lt;line&gt;.'), 'its words as lines', /class="prose"[^]*?<\/div>/.exec(answer.text)?.[0]);
tell((await organizer.get(`/events/${event}`)).text.includes('Secret'), 'the organizer sees the draft session');
const days = [...answer.text.matchAll(/<h3 id="(\d{4}-\d\d-\d\d)"/g)].map((m) => m[1]).join();
same(days, '2031-03-29,2031-03-30,2031-03-31', 'by day');
const ld = JSON.parse(/<script type="application\/ld\+json">([^]*?)<\/script>/.exec(answer.text)[1]);
same(ld['@type'], 'EducationEvent', 'schema.org: an event');
same(ld.eventStatus, 'https://schema.org/EventScheduled', 'schema.org: as planned');
same(ld.eventAttendanceMode, 'https://schema.org/MixedEventAttendanceMode', 'schema.org: in both ways');
same(ld.location.map((l) => l['@type']).join(), 'Place,VirtualLocation', 'schema.org: a place and online');
same(ld.startDate, '2031-03-29T09:00:00+01:00', 'schema.org: in its zone');
same(ld.subEvent.length, 3, 'schema.org: with its sessions');
answer = await nobody.get(`/sessions/${session}`);
tell(answer.text.includes('One <strong>bold</strong> word.') && !answer.text.includes('<script>alert'), 'a session’s HTML is cleaned');
same((await nobody.get(`/speakers/${speaker}`)).status, 200, 'a speaker has a page');
answer = await nobody.json(`/events/${event}?track=${track}`);
tell(answer.value.sessions.length === 3 && answer.value.sessions.every((s) => s.track_id === track), 'the schedule of a track', answer.value.sessions.length);
same((await nobody.json(`/events/${event}?room=${cabin}`)).value.sessions.map((s) => s.title).join(), 'Next', 'the schedule of a room');
same((await nobody.json(`/events/${event}?day=2031-03-31`)).value.sessions.map((s) => s.id).join(), String(third), 'the schedule of a day');
tell((await nobody.json(`/search?q=${encodeURIComponent(`field week ${run}`)}`)).value.results.some((r) => r.href === `/events/${event}`), 'the search finds the event');
answer = await nobody.json(`/events?program=${program}`);
same(answer.value.events.map((e) => e.id).join(), String(event), 'the list of events, of a program');
same((await nobody.json(`/events?program=${program}&mode=online`)).value.events.length, 0, 'and by mode');
same((await nobody.json(`/events?program=${program}&country=DE`)).value.events.length, 1, 'and by country');
same((await nobody.get('/events?when=never')).status, 422, 'a filter that is none is refused');
same((await nobody.get('/events/999999999')).status, 404, 'no such event');

// --- given again: the same page in few bytes, another one at once ---
answer = await nobody.get(`/events/${event}`);
const etag = answer.headers.get('etag');
same(answer.headers.get('cache-control'), 'no-cache', 'a page for everybody is asked for each time');
same((await nobody.get(`/events/${event}`)).text, answer.text, 'given again it is the same');
let again = await nobody.get(`/events/${event}`, { 'if-none-match': etag });
tell(again.status === 304 && again.text === '', 'who has it already is told so', `${again.status} ${again.text.length}`);
same((await nobody.get(`/events/${event}`, { 'accept-language': 'ar', 'if-none-match': etag })).status, 200, 'in another language it is another page');
same((await nobody.json(`/events/${event}`)).value.event.id, event, 'and so in JSON');
again = await organizer.get(`/events/${event}`, { 'if-none-match': etag });
tell(again.status === 200 && again.headers.get('cache-control') === 'no-store' && !again.headers.has('etag'), 'a page for one person is kept nowhere');
same((await organizer.send(`/sessions/${third}`, { ...session1, title: 'Renamed', starts: '2031-03-31T10:30', ends: '2031-03-31T11:30' })).status, 303, 'a session gets another title');
again = await nobody.get(`/events/${event}`, { 'if-none-match': etag });
tell(again.status === 200 && again.text.includes('Renamed') && !again.text.includes('By JSON'), 'which everybody sees at once');
same((await organizer.send(`/events/${event}`, { ...event1, program, access: 'participants' })).status, 303, 'the event is closed to all but participants');
same((await nobody.get(`/events/${event}`, { 'if-none-match': again.headers.get('etag') })).status, 404, 'and gone for others at once');
same((await organizer.send(`/events/${event}`, { ...event1, program })).status, 303, 'and opened again');
answer = await nobody.get('/programs');
same((await nobody.get('/programs', { 'if-none-match': answer.headers.get('etag') })).status, 304, 'any page for everybody has a validator');

// --- who else may ---
const other = await Visitor.named(`other-${run}@schedule.example`);
for (const [where, values] of [[`/events/${event}`, event1], [`/events/${event}/rooms`, { name: 'X' }], [`/sessions/${session}`, session1],
  [`/sessions/${session}/move`, { ...moving, version }], [`/events/${event}/cancel`, { sure: 'true' }], [`/programs/${program}`, { title: 'X' }]])
  tell([403, 422].includes((await other.send(where, values)).status) && (await nobody.send(where, values)).status !== 200, `closed to others: ${where.replace(/\d+/, '{id}')}`);

// --- the end ---
same((await organizer.send(`/rooms/${deck}/remove`)).status, 409, 'a room with sessions stays');
same((await organizer.send(`/sessions/${third}/cancel`, {})).status, 303, 'a session is cancelled');
tell((await nobody.get(`/events/${event}`)).text.includes('data-is="cancelled"'), 'and seen to be');
same((await organizer.send(`/events/${event}/delete`)).status, 409, 'a published event is not removed');
same((await organizer.send(`/events/${event}/cancel`, {})).status, 422, 'cancelling is said twice');
same((await organizer.send(`/events/${event}/cancel`, { sure: 'true' })).status, 303, 'the event is cancelled');
answer = await nobody.get(`/events/${event}`);
tell(answer.text.includes('schema.org/EventCancelled'), 'schema.org: cancelled');
end();
