// A form on phones, in English and in Arabic: an organizer asks, people answer,
// change their minds, and bring a file; what was answered stays readable when
// the question is worded anew.  Also what hurts: definitions, other's answers.
import { launch, violations } from '../support/browser.mjs';
import { base, convene, end, same, tell, Visitor } from '../support/visitor.mjs';
import { boss, event, program, run, sql, uuid } from '../support/event.mjs';
import { mail } from '../support/mail.mjs';

const who = (name) => `${name}-${run}@forms.example`;
const admin = await boss();
const id = await event(admin, await program(admin), { title: `Forms ${run}`, language: 'en' });
const forms = `/events/${id}/questions`;

const browser = await launch();
const wrong = [];
const visitor = async (language, scripts = true) => {
  const context = await browser.newContext({
    javaScriptEnabled: scripts, viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true,
    locale: language, extraHTTPHeaders: { 'accept-language': language }, bypassCSP: true,
  });
  context.setDefaultTimeout(15000);
  const page = await context.newPage();
  page.on('console', (m) => m.type() === 'error' && !/status of 4\d\d/.test(m.text()) && wrong.push(`${page.url()}: ${m.text()}`));
  page.on('pageerror', (e) => wrong.push(`${page.url()}: ${e.message}`));
  return page;
};
const go = (page, where) => page.goto(base + where);
const at = (page) => page.url().slice(base.length).split('?')[0];
const send = (page, within = 'main form.form') => Promise.all([page.waitForNavigation(), page.locator(`${within} button[type=submit]`).first().click()]);
const fill = async (page, values) => {
  for (const [name, value] of Object.entries(values)) {
    const field = page.locator(`#f-${name}`);
    const kind = await field.evaluate((e) => {
      e.closest('details')?.setAttribute('open', '');
      return e.localName === 'select' ? 'select' : e.type;
    });
    if (kind === 'select') await field.selectOption(value);
    else if (kind === 'checkbox') await field.setChecked(value);
    else await field.fill(value);
  }
};
const words = async (page) => (await page.locator('main').innerText()).replaceAll(/\s+/g, ' ');
const sees = async (page, text, what) => { const all = await words(page); return tell(all.includes(text), what, `${page.url()}: ${all}`); };
const narrow = (page) => page.evaluate(() => document.documentElement.scrollWidth <= 360);
const pure = async (page, what) => {
  const found = await violations(page);
  tell(found.length === 0 && await narrow(page), what, found.join('\n') || 'wider than 360 px');
};
const question = (label) => Number(sql(`select id from data.question where event_id = ${id} and label->>'en' = '${label}'`)[0]?.[0]);
const signIn = async (page, email) => {
  await go(page, new URL(/https?:\/\/\S+/.exec(convene('login', email))[0]).pathname);
  await send(page, 'main form');
};

// --- the organizer asks ---
const desk = await visitor('en');
await signIn(desk, `boss-${run}@door.example`);
await go(desk, forms);
await pure(desk, 'an empty form is a page without barriers');
await go(desk, `${forms}/new`);
await fill(desk, { kind: 'choice' });
await send(desk);
same(await desk.locator('#f-label_en-fault').count(), 1, 'a question without words is refused where they lack');
same(await desk.locator('#f-kind').inputValue(), 'choice', 'and what was chosen stays');
await pure(desk, 'so is the form of a question that is refused');
await fill(desk, { label_en: 'How do you travel?', options_en: 'By bus\nplane = By plane', label_ar: 'كيف تسافر؟', options_ar: 'بالحافلة\nبالطائرة', required: true });
await send(desk);
same(at(desk), forms, 'with words it is there');
const travel = question('How do you travel?');
await go(desk, `${forms}/new`);
await fill(desk, { kind: 'short', label_en: 'Flight', label_ar: 'رقم الرحلة', required: true, depends: { label: 'How do you travel?' }, values: 'By plane' });
await send(desk);
const flight = question('Flight');
await sees(desk, 'Only if you answered “How do you travel?” with: By plane', 'a condition is said in words');
const defined = await admin.json(`${forms}/definition`, { questions: [
  { key: 'food', kind: 'dietary', label: { en: 'Food', ar: 'الطعام' } },
  { key: 'days', kind: 'choices', label: { en: 'Days' }, least: 1, most: 2, required: true, options: [{ label: { en: 'Monday' } }, { label: { en: 'Tuesday' } }, { label: { en: 'Friday' } }] },
  { key: 'photos', kind: 'consent', label: { en: 'You may photograph me.', ar: 'يجوز تصويري.' }, required: true },
  { key: 'paper', kind: 'file', label: { en: 'Paper', ar: 'ورقة' }, required: true },
  { key: 'note', kind: 'long', label: { en: 'Note' } },
  { key: 'born', kind: 'date', label: { en: 'Born' } },
  { key: 'speaks', kind: 'language', label: { en: 'Speaks' } },
  { key: 'inside', kind: 'short', label: { en: 'Staff number' }, audience: 'staff', required: true },
] });
same(`${defined.status} ${defined.value.questions}`, '200 8', 'the rest comes as one document');
await go(desk, forms);
await pure(desk, 'the list of questions has no barriers');
await go(desk, `${forms}/preview?lang=ar`);
same(await desk.locator('html').getAttribute('dir'), 'rtl', 'the form is looked at in Arabic beforehand');
await sees(desk, 'كيف تسافر؟', 'in its own words');
await pure(desk, 'and has no barriers there');

// --- definitions that hurt ---
for (const [what, body, status, field] of [
  ['ten thousand questions', { questions: Array.from({ length: 10000 }, (_, n) => ({ key: `k${n}`, kind: 'short', label: { en: 'x' } })) }, 422, 'questions.101'],
  ['a label of a megabyte', { questions: [{ key: 'a', kind: 'short', label: { en: 'x'.repeat(1e6) } }] }, 413, ''],
  ['an unknown kind', { questions: [{ key: 'a', kind: 'short', label: { en: 'x' } }, { key: 'b', kind: 'essay', label: { en: 'x' } }] }, 422, 'questions.2.kind'],
  ['a circle', { questions: ['a', 'b'].map((key, n) => ({ key, kind: 'consent', label: { en: key }, depends: n ? 'a' : 'b' })) }, 422, 'questions.1.depends'],
]) {
  const answer = await admin.json(`${forms}/definition`, body);
  same(`${answer.status} ${answer.value.errors?.[0].field}`, `${status} ${field}`, `${what}: refused, and its place named`);
}
const broken = await admin.send(`${forms}/definition`, { questions: '[\n {"key": "a",\n  "kind"}\n]' });
tell(broken.status === 422 && broken.text.includes('Line 3 is not JSON'), 'what is no JSON is refused with its line', broken.text.slice(0, 400));

// --- somebody answers, with a mistake first ---
const food = question('Food'), days = question('Days'), photos = question('You may photograph me.'), paper = question('Paper'), note = question('Note');
const phone = await visitor('en');
await go(phone, `/events/${id}/register`);
same(await phone.locator(`#f-q${flight}`).isVisible(), false, 'a question that does not apply is away');
await fill(phone, { email: who('ann'), name: 'Ann', [`q${travel}`]: 'plane', [`q${note}`]: 'a <b>note</b> & more' });
same(await phone.locator(`#f-q${flight}`).isVisible(), true, 'and there when it does');
await phone.locator(`[name=q${days}][value=o2]`).check();
await phone.locator(`[name=q${food}][value=vegan]`).check();
await send(phone);
const links = await phone.locator('.errors a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
same(links.sort().join(), [`#f-q${flight}`, `#f-q${photos}`].sort().join(), 'all that is wrong is said at once, with the way there');
same(`${await phone.locator(`#f-q${note}`).inputValue()} ${await phone.locator(`[name=q${days}]:checked`).inputValue()} ${await phone.locator(`[name=q${food}]:checked`).inputValue()} ${await phone.locator(`#f-q${travel}`).inputValue()} ${await phone.locator('#f-name').inputValue()}`,
  'a <b>note</b> & more o2 vegan plane Ann', 'and nothing that was typed is lost');
await pure(phone, 'a form with faults has no barriers');
await fill(phone, { [`q${flight}`]: 'LH 401', [`q${photos}`]: true, [`q${food}-words`]: 'no peanuts' });
await send(phone);
same(at(phone), `/events/${id}/registered`, 'then it is taken');
const letter = await mail(who('ann'), (m) => m.link('/r/[\\w-]+'));
const mine = letter.link('/r/[\\w-]+');
await go(phone, mine);
await sees(phone, 'Vegan · no peanuts', 'what was answered is shown to its person');
await sees(phone, 'Still to be answered: Paper', 'and what is owed');
await pure(phone, 'without barriers');

// --- edited, and a file brought ---
await go(phone, `${mine}/edit`);
same(await phone.locator(`#f-q${flight}`).inputValue(), 'LH 401', 'the answers stand in their form');
await fill(phone, { [`q${flight}`]: '' });
await send(phone);
same(await phone.locator(`#f-q${flight}-fault`).count(), 1, 'an edit is checked as well');
await pure(phone, 'an edit with a fault has no barriers');
await fill(phone, { [`q${travel}`]: 'o1' });
await send(phone);
same(at(phone), mine, 'with an answer that it does not depend on it is saved');
await sees(phone, 'By bus', 'and shown');
same((await mail(who('ann'), (m) => /^Your answers/.test(m.subject))).subject, `Your answers were changed: Forms ${run}`, 'and told by mail');
same(sql(`select count(*) from data.answer a join data.registration r on r.id = a.registration_id where r.event_id = ${id} and a.question_id = ${flight}`)[0][0], '0', 'what applies no more is not answered any more');
await go(phone, `${mine}/edit`);
await phone.locator(`#file-${paper}`).setInputFiles({ name: 'paper & “x”.html', mimeType: 'text/html', buffer: Buffer.from('<script>alert(1)</script>') });
await Promise.all([phone.waitForNavigation(), phone.getByRole('button', { name: 'Upload' }).click()]);
await sees(phone, 'paper & “x”.html', 'a file is brought');
const file = await fetch(`${base}${mine}/files/${paper}`);
same(`${file.status} ${file.headers.get('content-type')} ${/^attachment/.test(file.headers.get('content-disposition'))} ${await file.text()}`,
  '200 application/octet-stream true <script>alert(1)</script>', 'and comes back as a file to save, whatever it is');
const big = new FormData();
big.append('file', new Blob([new Uint8Array(5 * 1024 * 1024 + 1)]), 'big.bin');
const refused = await fetch(`${base}${mine}/files/${paper}`, { method: 'POST', body: big, headers: { origin: base, accept: 'application/json' } });
tell([413, 422].includes(refused.status), 'one of more than 5 MB is refused', refused.status);

// --- Arabic, without scripts ---
const hatif = await visitor('ar', false);
await go(hatif, `/events/${id}/register`);
await sees(hatif, 'فقط إذا أجبت عن «كيف تسافر؟» بـ: بالطائرة', 'in Arabic and without scripts a condition is said');
await fill(hatif, { email: who('noor'), name: 'نور', [`q${flight}`]: 'MS 77' });
await send(hatif);
same(await hatif.locator(`#f-q${travel}-fault`).innerText(), 'يرجى ملء هذا الحقل.', 'what lacks is said in Arabic');
await fill(hatif, { [`q${travel}`]: 'o1', [`q${photos}`]: true });
await hatif.locator(`[name=q${days}][value=o1]`).check();
await send(hatif);
same(at(hatif), `/events/${id}/registered`, 'then it is taken, though the flight was filled in');
const risala = await mail(who('noor'), (m) => m.link('/r/[\\w-]+'));
await go(hatif, risala.link('/r/[\\w-]+'));
await sees(hatif, 'بالحافلة', 'and shown in Arabic');
same(sql(`select c.wording || ' ' || c.language from data.consent c join data.registration r on r.id = c.registration_id
  join data.person p on p.id = r.person_id where p.email = '${who('noor')}'`)[0]?.[0], 'يجوز تصويري. ar', 'the consent is kept in the words that were read');
const arabic = await visitor('ar');
await go(arabic, risala.link('/r/[\\w-]+'));
await pure(arabic, 'one’s own page in Arabic has no barriers');
await go(arabic, `${risala.link('/r/[\\w-]+')}/edit`);
await pure(arabic, 'nor has the form of the answers');

// --- the question changes, in the hands of two ---
await go(desk, `${forms}/${note}?lang=en`);
sql(`update data.question set version = version + 1 where id = ${note}`);
await fill(desk, { label_en: 'Remark' });
const [late] = await Promise.all([desk.waitForResponse((r) => r.request().method() === 'POST'), send(desk)]);
same(`${late.status()} ${await desk.locator('#f-label_en').inputValue()} ${sql(`select label->>'en' from data.question where id = ${note}`)[0][0]}`, '409 Remark Note', 'who is overtaken is told, and what was typed is kept');
await sees(desk, 'Somebody else changed this', 'in words');
await pure(desk, 'and that page has no barriers');
await go(desk, `${forms}/${travel}?lang=en`);
await fill(desk, { label_en: 'Your way here', options_en: 'plane = By air\nboat = By boat' });
await fill(desk, { options_ar: 'جوًا\nبحرًا' });
await send(desk);
const ann = Number(sql(`select r.id from data.registration r join data.person p on p.id = r.person_id where p.email = '${who('ann')}'`)[0][0]);
await go(desk, `/registrations/${ann}/organize`);
await sees(desk, 'How do you travel? Earlier wording By bus', 'an old answer is read with the words that it answered');
same(sql(`select count(*) from data.look where registration_id = ${ann}`)[0][0] > 0, true, 'and that somebody looked is noted');
await pure(desk, 'the organizer’s page has no barriers');
await go(phone, `${mine}/edit`);
same(await phone.locator(`#f-q${travel} option:checked`).innerText(), 'By bus', 'what is offered no more stays where it was chosen');

// --- by the organizer ---
await go(desk, `/registrations/${ann}/organize`);
await Promise.all([desk.waitForNavigation(), desk.locator(`a[href="/registrations/${ann}/answers"]`).click()]);
same(await desk.locator(`[name=q${photos}], input[type=file]`).count(), 0, 'an organizer is not asked to agree for somebody, or to bring files');
await pure(desk, 'the form of somebody’s answers has no barriers');
await fill(desk, { [`q${travel}`]: '', [`q${note}`]: 'on the phone: by air' });
await send(desk);
same(`${await desk.locator(`#f-q${travel}-fault`).count()} ${await desk.locator(`#f-q${note}`).inputValue()}`, '1 on the phone: by air', 'what is wrong is said, and nothing that was typed is lost');
await fill(desk, { [`q${travel}`]: 'plane' });
await send(desk);
same(at(desk), `/registrations/${ann}/organize`, 'then it is saved');
await sees(desk, 'By air', 'and shown');
await go(phone, mine);
await sees(phone, 'Still to be answered: Flight', 'what has to be answered now, too, is the person’s to answer');
same(sql(`select c.actor is distinct from r.person_id from data.registration_change c join data.registration r on r.id = c.registration_id
  where r.id = ${ann} and c.why = 'edited' order by c.id desc limit 1`)[0][0], 't', 'history has that it was not the person');
same(sql(`select count(*) from data.consent c where c.registration_id = ${ann}`)[0][0], '1', 'what was agreed to is as it was');
await go(desk, `/registrations/${ann}/answers?lang=ar`);
same(await desk.locator('html').getAttribute('dir'), 'rtl', 'the form is there in Arabic');
await pure(desk, 'without barriers');

// --- by JSON, and not beyond one's own ---
const api = await Visitor.nobody();
const taken = await api.json(`/events/${id}/register`, { email: who('api'), name: 'Api', key: uuid(), answers: { [travel]: 'boat', [days]: ['o1'], [photos]: true, [food]: { chosen: ['halal'], words: '' } } });
same(taken.status, 202, 'a program answers with an object');
const lacks = await api.json(`/events/${id}/register`, { email: who('api2'), name: 'Api', key: uuid(), answers: { [travel]: 'rocket', [days]: ['o1'], [photos]: true } });
same(`${lacks.status} ${lacks.value.errors[0].field} ${lacks.value.code}`, `422 q${travel} web.not_choice`, 'and is told what is wrong by the same rules');
sql(`insert into data.person (email, name, staff) values ('${who('ivy')}', 'Ivy', true)`);
const inside = await api.json(`/events/${id}/register`, { email: who('ivy'), name: 'Ivy', key: uuid(), answers: { [travel]: 'boat', [days]: ['o1'], [photos]: true } });
same(inside.status, 202, 'nobody learns from the questions whose address is of staff');
const ivy = await Visitor.named(who('ivy'));
tell((await ivy.get('/my')).text.includes(`Forms ${run}`), 'who is, sees the registration');
const ivys = Number(sql(`select r.id from data.registration r join data.person p on p.id = r.person_id where p.email = '${who('ivy')}'`)[0][0]);
tell(/Still to be answered:\s*<bdi>Staff number/.test((await ivy.get(`/registrations/${ivys}`)).text), 'and there what staff are asked', (await ivy.get(`/registrations/${ivys}`)).text.slice(0, 3000));
const stranger = await Visitor.named(who('noor'));
for (const [method, where] of [['GET', `/registrations/${ann}/edit`], ['POST', `/registrations/${ann}/edit`], ['GET', `/registrations/${ann}/files/${paper}`], ['GET', `/registrations/${ann}/answers`], ['POST', `/registrations/${ann}/answers`], ['GET', forms], ['POST', forms], ['GET', `${forms}/definition`], ['POST', `${forms}/${travel}/retire`]]) {
  const answer = await stranger.ask(where, { method, ...(method === 'POST' ? { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'version=1&language=en&kind=short' } : {}) });
  tell([403, 404].includes(answer.status), `${method} ${where} is closed to others`, answer.status);
}
same(wrong.join('\n'), '', 'no browser complained');
await browser.close();
end();
