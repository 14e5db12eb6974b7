// Whoever wants to know what is held about them, takes it along, or wants to be
// forgotten: on a phone, in English and in Arabic; and from the command line.
import { convene, end, same, tell, Visitor } from '../support/visitor.mjs';
import { boss, event, program, register, run, sql } from '../support/event.mjs';
import { mail } from '../support/mail.mjs';
import { at, go, good, launch, phone, press, signIn, words, wrong } from '../support/phone.mjs';

const admin = await boss();
const programs = await program(admin);
const browser = await launch();
const who = (name, lang) => `${name}-${lang}-${run}@private.example`;
// The tables in which that text still stands.
const said = (text) => sql(`select c.relname from pg_class c
  where c.relnamespace = 'data'::regnamespace and c.relkind = 'r'
  and (xpath('//n/text()', query_to_xml(format('select count(*) as n from data.%I t where t::text ilike %L', c.relname, '%${text}%'), false, true, '')))[1]::text <> '0'
  order by 1`).flat().join();

const told = async (page, lang, id, email) => {
  await signIn(page, email);
  await go(page, '/profile');
  await press(page, 'a[href="/profile/data"]');
  await good(page, 'what is held');
  const all = await words(page);
  tell(['Delta University', 'A very quiet room', 'We may take photos', 'Open day'].every((w) => all.includes(w)), `${lang}: all of it is told`, all);
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('a[href="/profile/data.json"]').click()]);
  const held = JSON.parse(await (await download.createReadStream()).toArray().then((parts) => Buffer.concat(parts).toString()));
  same(`${held.account.person[0].email} ${held.registration.registrations[0].state} ${held.registration.notes[0].note} ${held.account.looks[0].reason}`,
    `${email} confirmed A very quiet room page`, `${lang}: and goes along as a file`);
  await press(page, 'form[action^="/consents/"] button');
  same(sql(`select given from data.consent order by id desc limit 1`)[0][0], 'f', `${lang}: a consent is taken back`);
  same(await page.locator('form[action^="/consents/"]').count(), 0, `${lang}: once`);
};

const forgotten = async (page, lang, id, email) => {
  await press(page, 'a[href="/profile/erase"]');
  await good(page, 'the form to be forgotten');
  await page.fill('#f-email', 'somebody@else.example');
  await press(page, 'main form.form button[type=submit]');
  same(await page.locator('#f-email-fault').count(), 1, `${lang}: it must be meant`);
  await page.fill('#f-email', email);
  await press(page, 'main form.form button[type=submit]');
  same(at(page), '/', `${lang}: then it is done`);
  same((await mail(email, (m) => m.method === 'CANCEL')).method, 'CANCEL', `${lang}: their calendar was told`);
  same(sql(`select confirmed from data.pool where event_id = ${id}`)[0][0], '0', `${lang}: the seat is free`);
  await go(page, '/profile');
  same(at(page), '/signin', `${lang}: they are signed out`);
  for (let i = 0; said(email) && i < 40; i++) {
    sql('select account.retain()');
    await new Promise((done) => { setTimeout(done, 250); });
  }
  same(said(email) + said(`held-${lang}-${run}`), '', `${lang}: nothing knows their address, nor their name`);
};

try {
  for (const lang of ['en', 'ar']) {
    const id = await event(admin, programs);
    const email = who('held', lang);
    const { id: registration } = register(id, `Held-${lang}-${run}`, { email });
    sql(`update data.person set language = '${lang}' where email = '${email}'`);
    sql(`insert into data.registration_note (registration_id, body) values (${registration}, 'A very quiet room')`);
    sql(`select account.consented(r.person_id, r.id, null, 'We may take photos', 'en', true), account.look(r.id, 'page') from data.registration r where r.id = ${registration}`);
    await mail(email, (m) => m.method === 'REQUEST');
    const page = await phone(browser, lang);
    await told(page, lang, id, email);
    await forgotten(page, lang, id, email);
    await page.context().close();
  }

  const desk = await phone(browser, 'ar');
  await signIn(desk, `boss-${run}@door.example`);
  const id = await event(admin, programs);
  await go(desk, `/events/${id}/retention`);
  await good(desk, 'how long data is kept');
  await desk.fill('#f-retain_days', '0');
  await press(desk, 'main form.form button[type=submit]');
  same(await desk.locator('#f-retain_days-fault').count(), 1, 'no time at all is refused');
  await desk.fill('#f-retain_days', '30');
  await press(desk, 'main form.form button[type=submit]');
  same(sql(`select retain_days from data.event where id = ${id}`)[0][0], '30', 'an organizer says how long data is kept');
  register(id, `Other-${run}`, { email: who('other', 'en') });
  await go(desk, '/people/erase');
  await good(desk, 'the form to erase somebody');
  await desk.fill('#f-email', who('nobody', 'en'));
  await desk.check('#f-sure');
  await press(desk, 'main form.form button[type=submit]');
  same(await desk.locator('#f-email-fault').count(), 1, 'nobody is erased who is not there');
  await desk.fill('#f-email', who('other', 'en'));
  await desk.check('#f-sure');
  await press(desk, 'main form.form button[type=submit]');
  same(sql(`select count(*) from data.person where email = '${who('other', 'en')}'`)[0][0], '0', 'an administrator erases who asked for it');

  register(id, `Typed-${run}`, { email: who('typed', 'en') });
  convene('erase', who('typed', 'en'), '--published');
  same(sql(`select count(*) from data.person where email = '${who('typed', 'en')}'`)[0][0], '0', 'and so does the command line');
  let why = '';
  try { convene('erase', who('typed', 'en')); } catch (e) { why = e.stderr.toString(); }
  tell(why.includes('Nobody is known'), 'once', why);
  tell(convene('verify', 'account', 'registration', 'invite').split('\n').every((l) => !l.startsWith('not')), 'what must hold, holds');
  same((await (await Visitor.nobody()).get('/profile/data.json')).status, 303, 'nobody is told what is held about nobody');
  tell(wrong.length === 0, 'nothing went wrong in any browser', wrong.join('\n'));
} catch (e) {
  tell(false, 'the journey comes to its end', e.stack);
} finally {
  await browser.close();
}
end();
