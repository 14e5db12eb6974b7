// An opening on phones, in English and in Arabic: the organizer says when, people
// wait on the form itself, which loads nothing until then, and see their place.
import { end, same, tell } from '../support/visitor.mjs';
import { boss, event, program, run, sql } from '../support/event.mjs';
import { at, go, good, launch, phone, press, signIn, words, wrong } from '../support/phone.mjs';

const admin = await boss();
const programs = await program(admin);
const browser = await launch();
const inSeconds = (id, n) => sql(`update data.pool set opens = now() + interval '${n} seconds' where event_id = ${id}`);

const journey = async (lang) => {
  const id = await event(admin, programs, { title: `Opening ${lang} ${run}`, seats: 1, zone: 'Africa/Cairo' });

  // The organizer says when.
  const desk = await phone(browser, lang);
  await signIn(desk, `boss-${run}@door.example`);
  await go(desk, `/events/${id}/seats`);
  await desk.fill('#f-opens', '2031-03-01T09:00');
  await press(desk, 'form[action$="/rules"] button[type=submit]:not([name])');
  same(sql(`select schedule.at(opens, 'Africa/Cairo') from data.pool where event_id = ${id}`)[0]?.[0], '2031-03-01T09:00:00+02:00', `${lang}: the organizer says when it opens, by the event's clock`);
  await desk.context().close();

  // Who comes too early is told, also without scripts.
  const early = await phone(browser, lang);
  await go(early, `/events/${id}`);
  tell((await early.locator('time[datetime^="2031-03-01T09:00"]').count()) === 1, `${lang}: the event says when`, await early.locator('body').innerText());
  await good(early, 'an event that opens later');
  await go(early, `/events/${id}/register`);
  same(await early.locator('#f-email').isDisabled(), true, `${lang}: the form is there, and waits`);
  await good(early, 'a form that opens later');

  // At the moment it is free, and nothing was loaded meanwhile.
  inSeconds(id, 3);
  let loaded = 0;
  await go(early, `/events/${id}/register`);
  early.on('request', (r) => { loaded += /document|xhr|fetch/.test(r.resourceType()); });
  await early.waitForSelector('#f-email:enabled', { timeout: 12000 });
  same(sql(`select now() >= opens from data.pool where event_id = ${id}`)[0]?.[0], 't', `${lang}: it opens at its moment, not before`);
  same(loaded, 0, `${lang}: and asks nothing of the server until then`);
  await good(early, 'a form that has opened');
  await early.fill('#f-email', `first-${lang}-${run}@opening.example`);
  await early.fill('#f-name', 'First');
  await press(early, 'main form.form button[type=submit]:not([name])');
  same(at(early), `/events/${id}/registered`, `${lang}: who waited registers`);

  // Who is signed in is told the place they have.
  const second = await phone(browser, lang);
  await signIn(second, `boss-${run}@door.example`);
  await go(second, `/events/${id}/register`);
  await press(second, 'main form.form button[type=submit]:not([name])');
  tell(/\/registrations\/\d+$/.test(at(second)) && /1|١/.test(await words(second)), `${lang}: who is signed in sees their place in the line`, await words(second));
  await good(second, 'a place in the line');
  same(sql(`select string_agg(state::text, ' ' order by arrival) from data.registration where event_id = ${id}`)[0]?.[0], 'confirmed waitlisted', `${lang}: in the order in which they came`);
};

await journey('en');
await journey('ar');
same(wrong.join('\n'), '', 'no page reports a fault of its own');
await browser.close();
end();
