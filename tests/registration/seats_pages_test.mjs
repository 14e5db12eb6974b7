// Seats on phones, in English and in Arabic: an organizer sets rules and sets
// seats aside, and tries it before it is saved; who comes too late waits and is
// offered a seat that a button takes; coordinators and organizers say yes; a
// coordinator nominates by hand and by a table, and the nominees come themselves.
import { launch, violations } from '../support/browser.mjs';
import { base, convene, end, same, tell, Visitor } from '../support/visitor.mjs';
import { boss, event, program, run, sql } from '../support/event.mjs';
import { mail } from '../support/mail.mjs';

const admin = await boss();
const inside = await program(admin);

const browser = await launch();
const wrong = [];
const phone = async (language) => {
  const context = await browser.newContext({
    viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, locale: language,
    extraHTTPHeaders: { 'accept-language': language }, bypassCSP: true,
  });
  context.setDefaultTimeout(15000);
  const page = await context.newPage();
  page.on('console', (m) => m.type() === 'error' && !/status of 4\d\d/.test(m.text()) && wrong.push(`${page.url()}: ${m.text()}`));
  page.on('pageerror', (e) => wrong.push(`${page.url()}: ${e.message}`));
  return page;
};
const go = (page, where) => page.goto(base + where);
const at = (page) => page.url().slice(base.length).split('?')[0];
const press = (page, button) => Promise.all([page.waitForNavigation(), page.locator(`main ${button}`).first().click()]);
const fill = async (page, values) => {
  for (const [name, value] of Object.entries(values)) {
    const field = page.locator(`#f-${name}`);
    const kind = await field.evaluate((e) => (e.localName === 'select' ? 'select' : e.type));
    if (kind === 'select') await field.selectOption(value);
    else if (kind === 'checkbox') await field.setChecked(value);
    else await field.fill(value);
  }
};
const words = async (page) => (await page.locator('main').innerText()).replaceAll(/\s+/g, ' ');
const sees = async (page, text, what) => { const all = await words(page); return tell(all.includes(text), what, `${page.url()}: ${all}`); };
const pure = async (page, what) => {
  const found = await violations(page);
  const gaps = await page.evaluate(() => document.documentElement.outerHTML.match(/⟨[^⟩<]*⟩/g) ?? []);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > 360);
  tell(found.length + gaps.length === 0 && !wide, `${what}: without barriers, words missing or sideways scrolling`, [...found, ...gaps, wide ? 'too wide' : ''].join('\n'));
};
const state = (id, email) => sql(`select r.state from data.registration r join data.person p on p.id = r.person_id
  where r.event_id = ${id} and p.email = '${email}' order by r.id desc limit 1`)[0]?.[0];
const signIn = async (page, email) => {
  await go(page, new URL(/https?:\/\/\S+/.exec(convene('login', email))[0]).pathname);
  await press(page, 'form button');
};
const register = async (page, id, values) => {
  await go(page, `/events/${id}/register`);
  await fill(page, values);
  await press(page, 'form.form .actions button[type=submit]');
};
const table = (page, name, text) => page.locator('#f-file').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text, 'latin1') });

const journey = async (language) => {
  const who = (name) => `${name}-${language}-${run}@seats.example`;
  const says = (what) => `${language}: ${what}`;
  const desk = await phone(language);
  await signIn(desk, `boss-${run}@door.example`);

  // --- a unit, and who coordinates it ---
  await go(desk, '/units');
  await pure(desk, says('units'));
  await fill(desk, { name: `Delta office ${language}`, abbreviation: `D${language}${run}`.slice(0, 16) });
  await press(desk, 'form.form button');
  const unit = Number(/\/units\/(\d+)/.exec(at(desk))[1]);
  for (const [name, part] of [['coordinator', 'coordinator'], ['colleague', 'member']]) {
    await fill(desk, { email: who(name), name: `${name} ${language}`, part });
    await press(desk, 'form.form button');
  }
  await pure(desk, says('a unit'));
  same(sql(`select u.id from data.person p join data.unit u on u.id = p.unit_id where p.email = '${who('colleague')}'`)[0]?.[0], `${unit}`, says('a person belongs to a unit'));

  // --- rules and buckets, tried and saved ---
  const id = await event(admin, inside, { title: `Seats ${language} ${run}`, seats: 2 });
  await go(desk, `/events/${id}/seats`);
  await pure(desk, says('the rules of an event'));
  await fill(desk, { seats: '4', promotion: 'offer', offer_hours: '24', opens: '2031-06-01T09:00' });
  await press(desk, 'button[name=try]');
  same(await desk.locator('#tried .note.bad').count(), 1, says('what cannot be is said when it is tried'));
  same(await desk.locator('#f-promotion').inputValue(), 'offer', says('and what was typed stays'));
  await fill(desk, { opens: '' });
  await press(desk, 'button[name=try]');
  same(await desk.locator('#tried tbody tr').count(), 1, says('a change is tried'));
  same(sql(`select seats, promotion from data.pool where event_id = ${id}`)[0].join(), '2,confirm', says('and not saved'));
  await press(desk, 'form.form button[type=submit]');
  same(sql(`select seats, promotion from data.pool where event_id = ${id}`)[0].join(), '4,offer', says('then it is saved'));
  await go(desk, `/events/${id}/seats`);
  const late = await phone(language);
  await signIn(late, `boss-${run}@door.example`);
  await go(late, `/events/${id}/seats`);
  await press(desk, 'form.form button[type=submit]');
  await fill(late, { scarce: '3' });
  await press(late, 'form.form button[type=submit]');
  same(await late.locator('.errors').count(), 1, says('who is overtaken is told'));

  for (const [by, name, more] of [['region', 'Africa', ['SSF']], ['unit', 'Allotment', [`${unit}`]]]) {
    await go(desk, `/events/${id}/seats`);
    await desk.locator('#for').selectOption(by);
    await press(desk, 'form.filter button');
    await fill(desk, { name, seats: by === 'unit' ? '2' : '1' });
    for (const value of more) await desk.locator(`input[name=values][value="${value}"]`).check();
    if (by === 'unit') await fill(desk, { nominated: true });
    await press(desk, 'button[name=try]');
    same(await desk.locator('#tried tbody tr').count(), by === 'unit' ? 3 : 2, says(`a bucket by ${by} is tried`));
    same(await desk.locator(`input[name=values][value="${more[0]}"]`).isChecked(), true, says('for the same'));
    await press(desk, 'form.form button[type=submit]');
  }
  await pure(desk, says('buckets with their bars'));
  same(await desk.locator('.buckets .bar').count(), 3, says('two buckets and what is left have a bar each'));
  await sees(desk, '2', says('with numbers'));

  // --- full: a line, an offer, a button ---
  const people = {};
  for (const [name, country] of [['one', 'KE'], ['two', 'FR'], ['three', 'FR'], ['four', 'NG']]) {
    people[name] = await phone(language);
    await register(people[name], id, { email: who(name), name: `${name} ${language}`, country });
  }
  same(['one', 'two', 'three', 'four'].map((n) => state(id, who(n))).join(), 'confirmed,confirmed,waitlisted,waitlisted', says('a bucket’s seat and a common one are taken, the others wait'));
  const waits = await mail(who('four'), (m) => m.link('/r/[\\w-]{43}'));
  await go(people.four, waits.link('/r/[\\w-]{43}'));
  await sees(people.four, language === 'en' ? '1 of 1 in your line' : '1 من 1', says('who waits is told their place in their line'));
  await pure(people.four, says('waiting'));
  await go(desk, `/events/${id}/queue`);
  await pure(desk, says('the waiting list'));
  same(await desk.locator('main h2 + p + .scroll table').count(), 2, says('each line is a list of its own'));
  await go(desk, `/events/${id}/seats`);
  await fill(desk, { seats: '6' });
  await press(desk, 'button[name=try]');
  same(await desk.locator('#tried ol li').count(), 2, says('who would move up is named'));
  await pure(desk, says('what a change would do'));
  await go(desk, `/events/${id}/queue`);
  const seat = await mail(who('one'), (m) => m.link('/r/[\\w-]{43}'));
  await go(people.one, `${seat.link('/r/[\\w-]{43}')}/withdraw`);
  await press(people.one, 'form.form button');
  const offer = await mail(who('four'), (m) => m.file !== waits.file && m.link('/r/[\\w-]{43}'));
  await go(people.four, offer.link('/r/[\\w-]{43}'));
  same(state(id, who('four')), 'offered', says('a freed seat of the bucket is offered to its line, and a look takes nothing'));
  await pure(people.four, says('an offer'));
  await press(people.four, 'form[action$="/accept"] button');
  same(state(id, who('four')), 'confirmed', says('one click takes it'));
  await press(desk, 'form[action$="/offer"] button');
  same(await desk.locator('h1').count(), 1, says('a seat that is not there is not offered'));
  same(state(id, who('three')), 'waitlisted', says('and nobody is let in by it'));

  // --- nominations ---
  const office = await phone(language);
  await signIn(office, who('coordinator'));
  await go(office, '/coordinate');
  await pure(office, says('the coordinator’s page'));
  await press(office, '.card h3 a');
  same(at(office), `/events/${id}/nominations`, says('a coordinator finds the allotment'));
  same(await office.locator('#f-unit').inputValue(), `${unit}`, says('and is asked no unit'));
  await fill(office, { email: who('nominee'), name: `Nominee ${language}`, country: 'EG', language });
  await press(office, 'form[action$="/nominations"] button');
  same(state(id, who('nominee')), 'offered', says('a person is nominated by hand'));
  await pure(office, says('nominations'));
  await table(office, 'bad.csv', 'name\nMalm\xf6\n');
  await press(office, 'form[action$="/file"] button');
  await sees(office, 'UTF-8', says('a table in another encoding is refused'));
  await table(office, 'columns.csv', 'mail,name\nx@y.example,X\n');
  await press(office, 'form[action$="/file"] button');
  await sees(office, 'email', says('so is one without the columns'));
  await table(office, 'people.csv', `\xef\xbb\xbfEmail;Name;Country\r\n${who('csv1')};"Ibn; Sina";eg\r\nnobody;N;EG\r\n${who('csv1')};Again;EG\r\n`
    + `${who('csv2')};Second;XX\r\n${who('csv3')};${'x'.repeat(11000)};EG\r\n${who('nominee')};N;EG\r\n${who('csv4')};Fourth;KE\r\n`);
  await press(office, 'form[action$="/file"] button');
  same(await office.locator('.note.bad li').count(), 4, says('each line that cannot be taken is named'));
  for (const line of [3, 4, 5, 6]) same(new RegExp(`(^|\\D)${line}\\D`).test(await office.locator('.note.bad').innerText()), true, says(`line ${line}`));
  same(sql(`select count(*) from data.person where email = '${who('csv1')}'`)[0][0], '0', says('and nobody is nominated before'));
  await pure(office, says('a table that was looked at'));
  await press(office, 'form[action$="/people"] button');
  same([state(id, who('csv1')), state(id, who('csv4'))].join(), 'offered,waitlisted', says('then all are, as far as the allotment goes'));
  await pure(office, says('who was nominated'));
  const nominee = await phone(language);
  const asked = await mail(who('csv1'), (m) => m.link('/r/[\\w-]{43}'));
  await go(nominee, asked.link('/r/[\\w-]{43}'));
  await sees(nominee, 'Delta office', says('a nominee reads who nominated them'));
  await press(nominee, 'form[action$="/accept"] button');
  same(state(id, who('csv1')), 'confirmed', says('and comes'));
  await go(office, `/events/${id}/nominations`);
  await office.locator('tr', { hasText: who('nominee') }).getByRole('button').click();
  await office.waitForLoadState();
  same([state(id, who('nominee')), state(id, who('csv4'))].join(), 'cancelled,offered', says('a nomination taken back is the next one’s'));

  // --- approval: the coordinator, then the organizer ---
  const strict = await event(admin, inside, { title: `Strict ${language} ${run}`, seats: 5 });
  await go(desk, `/events/${strict}/seats`);
  await fill(desk, { approval: 'both' });
  await press(desk, 'form.form button[type=submit]');
  const colleague = await phone(language);
  await signIn(colleague, who('colleague'));
  await register(colleague, strict, { country: 'EG' });
  await go(colleague, '/my');
  await press(colleague, '.card h3 a');
  await pure(colleague, says('a request'));
  same(state(strict, who('colleague')), 'requested', says('who needs a yes asks'));
  const [[elsewhere]] = sql(`insert into data.unit (code, name) values ('E${language}${run}', 'Elsewhere') returning id`);
  sql(`select account.role_grant('${who('outsider')}', 'Outsider', 'coordinator', 'unit', ${elsewhere})`);
  const outsider = await Visitor.named(who('outsider'));
  const [[asks]] = sql(`select id from data.registration where event_id = ${strict}`);
  const theirs = await outsider.json('/coordinate');
  same(JSON.stringify([theirs.value.requests, theirs.value.allotments]), '[[],[]]', says('the coordinator of another unit sees none of it'));
  for (const decision of ['approve', 'decline']) await outsider.json('/coordinate', { registrations: [Number(asks)], decision });
  same(state(strict, who('colleague')), 'requested', says('and decides nothing'));
  const seen = await outsider.json(`/events/${id}/nominations`);
  same(JSON.stringify([seen.value.nominations, seen.value.allotments]), '[[],[]]', says('sees no nominee'));
  const named = await outsider.json(`/events/${id}/nominations`, { unit, email: who('spy'), name: 'Spy' });
  same(named.status, 403, says('and names none for a unit that is not theirs'));
  await go(office, '/coordinate');
  await pure(office, says('requests of a unit'));
  await office.locator('input[name=registrations]').first().check();
  await press(office, 'button[value=approve]');
  await go(desk, `/events/${strict}/requests`);
  await pure(desk, says('requests of an event'));
  await press(desk, 'button[value=approve]');
  same(await desk.locator('.errors').count(), 1, says('nobody chosen, nobody approved'));
  await desk.locator('input[name=registrations]').first().check();
  await fill(desk, { why: 'Welcome, at last.' });
  await press(desk, 'button[value=approve]');
  same(state(strict, who('colleague')), 'confirmed', says('both said yes'));
  await register(people.two, strict, { email: who('two'), name: 'Two', country: 'FR' });
  await go(desk, `/events/${strict}/requests`);
  await desk.locator('input[name=registrations]').first().check();
  await fill(desk, { why: `Not this time ${language}.` });
  await press(desk, 'button[value=decline]');
  const no = await mail(who('two'), (m) => m.text.includes(`Not this time ${language}.`));
  await go(people.two, no.link('/r/[\\w-]{43}'));
  await sees(people.two, `Not this time ${language}.`, says('who is declined reads why'));
  await pure(people.two, says('declined'));

  // --- few seats, and a form to fill in ---
  const scarce = await event(admin, inside, { title: `Scarce ${language} ${run}`, seats: 1 });
  await admin.json(`/events/${scarce}/questions`, { kind: 'short', language: 'en', label_en: 'Why do you come?', required: 'true' });
  await go(people.three, `/events/${scarce}/register`);
  await fill(people.three, { email: who('three'), name: 'Three', organisation: 'Delta University' });
  await pure(people.three, says('a form with few seats left'));
  await press(people.three, 'button[name=hold]');
  same(state(scarce, who('three')), 'held', says('a seat is held for a stranger who fills in the form'));
  same(await people.three.locator('#f-organisation').inputValue(), 'Delta University', says('what was typed stays'));
  await go(colleague, `/events/${scarce}/register`);
  same(await colleague.locator('button[name=hold]').count(), 0, says('it is nobody else’s'));
  await people.three.locator('.question input').fill('Water.');
  await press(people.three, 'form.form .actions button[type=submit]');
  same(state(scarce, who('three')), 'confirmed', says('and becomes theirs with the form'));
  await admin.json(`/events/${scarce}/seats`, { seats: 2 });
  await go(colleague, `/events/${scarce}/register`);
  await press(colleague, 'button[name=hold]');
  same(state(scarce, who('colleague')), 'held', says('one is held for who has signed in'));
  await go(colleague, `/events/${scarce}/register`);
  await pure(colleague, says('a held seat'));
  await press(colleague, 'form.form .actions button[type=submit]');
  same(await colleague.locator('.errors').count(), 1, says('a form that lacks an answer is not taken'));
  await colleague.locator('.question input').fill('Mud.');
  await press(colleague, 'form.form .actions button[type=submit]');
  same(state(scarce, who('colleague')), 'confirmed', says('one that is whole is'));

  // --- and not set aside any more ---
  await go(desk, `/events/${id}/seats`);
  await press(desk, `a[href$="/release"]`);
  await pure(desk, says('a bucket about to be released'));
  same(await desk.locator('#tried tbody tr').count(), 3, says('it is seen before'));
  await press(desk, 'form button.danger');
  same(sql(`select count(*) from data.bucket b join data.pool p on p.id = b.pool_id where p.event_id = ${id} and b.released is not null`)[0][0], '1', says('then it is released'));
  await press(desk, `a[href$="/remove"]`);
  await press(desk, 'form button.danger');
  same(await desk.locator('.buckets .bar').count(), 2, says('another is removed'));

  // --- seats of sessions ---
  await go(desk, `/events/${id}/seats/sessions`);
  await pure(desk, says('seats of sessions'));
  for (const page of [desk, late, office, nominee, colleague, ...Object.values(people)]) await page.context().close();
};

for (const language of ['en', 'ar']) {
  try {
    await journey(language);
  } catch (e) {
    tell(false, `${language}: the journey`, e.stack);
  }
}
tell(wrong.length === 0, 'the browser finds nothing wrong', wrong.join('\n'));
await browser.close();
end();
