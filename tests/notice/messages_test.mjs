// An organizer with a phone writes to many: refused at the field, looked at,
// mailed to oneself, sent, paused, gone on with, and what became of it; readers
// unsubscribe by their mail program's click and on the page; mail comes back.
// In English and in Arabic.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { launch, violations } from '../support/browser.mjs';
import { boss, event as newEvent, program as newProgram, run, sql, uuid } from '../support/event.mjs';
import { mail, mails } from '../support/mail.mjs';
import { base, convene, end, same, tell, top } from '../support/visitor.mjs';

const folder = path.join(process.env.CONVENE_MAIL ?? path.join(process.env.CONVENE_DIR, 'mail'), 'new');
const raw = (m) => fs.readFileSync(path.join(folder, m.file), 'latin1').replaceAll('\r\n', '\n');
const headOf = (m) => raw(m).split('\n\n')[0].replaceAll(/\n[ \t]/g, ' ');
const header = (m, name) => new RegExp(`^${name}: *(.*)$`, 'im').exec(headOf(m))?.[1] ?? '';
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const until = async (good, ms = 15000) => {
  for (const over = Date.now() + ms; Date.now() < over; await wait(100)) if (await good()) return true;
  return false;
};

const organizer = await boss();
const programId = await newProgram(organizer);
const bossEmail = sql(`select p.email from data.person p where p.email = 'boss-${run}@door.example'`)[0][0];

// Ten who answer at once, half of them in Arabic; one address that does not
// exist, one that is busy, one that has unsubscribed; six whose relay takes two
// seconds for each, one after the other.
const people = (mark, slow) => {
  const local = [...Array.from({ length: 10 }, (_, i) => `quick${i}`), '550gone', '451busy', 'quiet', ...Array.from({ length: slow }, (_, i) => `slow${i}`)];
  return local.map((l, i) => ({ email: `${l}-${mark}@letters.example`, name: `Reader ${i} ${mark}`, language: i % 2 ? 'ar' : 'en' }));
};
const register = (eventId, all) => {
  sql(`begin; select count(*) from (${all.map((p) => `select registration.take(${eventId}, '${p.email}', '${p.name}', '${p.language}', 'EG', '', null, '${uuid()}', sha256('${uuid()}'))`).join(' union all ')}) x;
    update data.person set language = case when name like 'Reader%' and split_part(name, ' ', 2)::int % 2 = 1 then 'ar' else 'en' end where email like '%@letters.example';
    update data.notice set state = 'sent', sent = now(), attempts = 1 where event_id = ${eventId}; commit`);
};
const count = (mailing) => Object.fromEntries(sql(`select trim(state || ' ' || case when state = 'dropped' then problem else '' end), count(*) from data.notice where mailing_id = ${mailing} group by 1`).map(([k, n]) => [k, Number(n)]));

const browser = await launch();
const wrong = [];
const phone = async (lang) => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, bypassCSP: true });
  await context.addCookies([{ name: 'lang', value: lang, url: base }]);
  context.setDefaultTimeout(15000);
  const page = await context.newPage();
  page.on('console', (m) => m.type() === 'error' && !/status of 4\d\d/.test(m.text()) && wrong.push(`${page.url()}: ${m.text()}`));
  page.on('pageerror', (e) => wrong.push(`${page.url()}: ${e.message}`));
  return page;
};
const press = (page, form) => Promise.all([page.waitForNavigation(), page.locator(`main form[action$="${form}"] button`).first().click()])
  .catch((e) => { throw new Error(`${page.url()} ${form}: ${e.message}`); });
const accessible = async (page, what) => {
  const found = await violations(page, {});
  same(found.join('\n'), '', `axe finds nothing: ${what}`);
  tell(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `nothing is wider than a phone: ${what}`);
};

// A link to sign in ends the one before: one after the other.
const signedIn = async (lang) => {
  const page = await phone(lang);
  await page.goto(base + new URL(/https?:\/\/\S+/.exec(convene('login', bossEmail))[0]).pathname);
  await Promise.all([page.waitForNavigation(), page.locator('main button').first().click()]);
  return page;
};

// Paused in the midst, and gone on with: once, for it needs slow readers.
const hold = async (page, mailing, say) => {
  await press(page, '/pause');
  const atPause = count(mailing).sent ?? 0;
  await wait(1000);
  const after = count(mailing);
  tell(after.sent - atPause <= 4, say('after a second of pause only what was at the relay has gone'), JSON.stringify([atPause, after]));
  await wait(1500);
  const later = count(mailing);
  tell(later.waiting > 1 && later.sent - atPause <= 4, say('and no more goes'), JSON.stringify([atPause, later]));
  await accessible(page, say('the paused message'));
  await page.reload();
  await press(page, '/resume');
};

const journey = async (lang, page) => {
  const mark = `${run}${lang}`;
  const say = (what) => `${lang}: ${what}`;
  const event = await newEvent(organizer, programId, { title: `Rivers ${mark}`, seats: 100 });
  const all = people(mark, lang === 'ar' ? 6 : 0);
  register(event, all);
  sql(`insert into data.preference (person_id, topic, wanted) select id, 'event', false from data.person where email = 'quiet-${mark}@letters.example'`);

  // --- written ---
  await page.goto(`${base}/events/${event}/messages`);
  same(await page.locator('html').getAttribute('dir'), lang === 'ar' ? 'rtl' : 'ltr', say('the page runs its language’s way'));
  await accessible(page, say('the list of messages'));
  await Promise.all([page.waitForNavigation(), page.locator('main a[href*="confirmed"]').click()]);
  tell((await page.locator('.band').innerText()).includes(String(all.length)), say('the form says how many it reaches'), await page.locator('.band').innerText());
  tell(await page.locator('#f-subject_ar').isVisible() && !await page.locator('#f-subject_fr').isVisible(), say('and asks for the readers’ languages first'));
  const words = {
    subject_en: 'Boots for {event}', body_en: 'Dear {nmae},\n\nbring **boots** & <rope>.\n\nYours: {link}',
    subject_ar: 'أحذية: {event}', body_ar: 'مرحبًا {name}،\n\nأحضر **الأحذية** إلى {place}.',
  };
  for (const [name, text] of Object.entries(words)) await page.locator(`#f-${name}`).fill(text);
  await press(page, '/messages');
  const fault = await page.locator('#f-body_en-fault').innerText();
  tell(fault.includes('{nmae}') && fault.includes('{organisation}'), say('a misspelt placeholder is refused at its field, with those that there are'), fault);
  same(await page.locator('#f-body_ar').inputValue(), words.body_ar, say('nothing that was typed is lost'));
  await accessible(page, say('the form with what is wrong'));
  await page.locator('#f-body_en').fill(words.body_en.replace('nmae', 'name'));
  await press(page, '/messages');
  const mailing = Number(/messages\/(\d+)/.exec(page.url())[1]);

  // --- looked at ---
  const letter = page.locator('article > [lang=en]');
  same(await letter.locator('.prose strong').innerText(), 'boots', say('the preview shows it as it will look'));
  tell((await letter.innerText()).includes('Dear Boss') && (await letter.innerText()).includes('& <rope>'), say('filled in, and nothing of it is markup'), await letter.innerText());
  same(await page.locator('article > [lang=ar]').getAttribute('dir'), 'rtl', say('each language runs its own way'));
  await accessible(page, say('the preview'));
  await press(page, '/test');
  const mine = await mail(bossEmail, (m) => m.subject.includes(`Boots for Rivers ${mark}`));
  tell(/<strong>boots<\/strong> &amp; &lt;rope&gt;/.test(mine.html) && mine.text.includes('bring boots & <rope>.'), say('the test comes as HTML and as text'), mine.html);
  await mail(bossEmail, (m) => m.subject.includes(`أحذية: Rivers ${mark}`));
  tell(true, say('and in the other language'));

  // --- sent, paused, gone on with ---
  await press(page, '/send');
  tell(await page.locator('#progress progress').isVisible(), say('a bar shows how far it is'));
  tell(await until(async () => Number(await page.locator('#progress progress').getAttribute('value')) >= 10), say('which counts on by itself'));
  if (lang === 'ar') await hold(page, mailing, say);
  tell(await until(() => (count(mailing).waiting ?? 0) <= 1, 40000), say('it goes on to the last'), JSON.stringify(count(mailing)));
  const became = count(mailing);
  same(JSON.stringify([became.sent, became.failed, became.waiting, became['dropped unwanted']]), `[${all.length - 3},1,1,1]`, say('all have it but three: one was refused, one is tried again, one did not want it'));
  const twice = all.filter((p) => mails(p.email).filter((m) => m.subject.includes(mark)).length > 1);
  same(twice.length, 0, say('nobody got it twice'));
  same(mails(`quiet-${mark}@letters.example`).length, 0, say('and not who does not want it'));

  // --- its words again, and a reminder ---
  await page.goto(`${base}/events/${event}/messages/new?from=${mailing}`);
  same(await page.locator('#f-subject_ar').inputValue(), words.subject_ar, say('another message begins with its words'));
  await page.goto(`${base}/events/${event}/messages/new?template=week`);
  tell((await page.locator('#f-body_ar').inputValue()).includes('{link}') && await page.locator('#f-days').inputValue() === '7', say('a reminder has words in every language'));
  await page.locator('#f-anchor').selectOption('cutoff');
  await press(page, '/messages');
  tell(await page.locator('#f-anchor-fault').count() === 1, say('one before a moment that the event does not have is refused there'));
  await page.locator('#f-anchor').selectOption('starts');
  await press(page, '/messages');
  await press(page, '/send');
  same(await page.locator('#state').getAttribute('data-is'), 'scheduled', say('it is put on the clock'));
  await accessible(page, say('the reminder'));

  // --- read ---
  const english = await mail(`quick0-${mark}@letters.example`, (m) => m.subject === `Boots for Rivers ${mark}`);
  const arabic = await mail(`quick1-${mark}@letters.example`, (m) => m.subject === `أحذية: Rivers ${mark}`);
  tell(english.text.includes('Dear Reader 0') && english.link('/r/[\\w-]{43}') && arabic.html.includes('dir="rtl"'), say('each reads it in their own language'), english.text);
  same(header(english, 'Auto-Submitted'), 'auto-generated', say('absence notes do not answer it'));
  const leave = /<(https?:[^>]+)>/.exec(header(english, 'List-Unsubscribe'))?.[1] ?? '';
  same(header(english, 'List-Unsubscribe-Post'), 'List-Unsubscribe=One-Click', say('mail programs may unsubscribe by one click'));

  // --- unsubscribed: by the mail program, and on the page ---
  const form = new FormData();
  form.append('List-Unsubscribe', 'One-Click');
  const wanted = (email) => sql(`select coalesce((select f.wanted::text from data.preference f where f.person_id = p.id and f.topic = 'event'), 'unsaid') from data.person p where p.email = '${email}'`)[0][0];
  const click = (url, body) => fetch(base + new URL(url).pathname, { method: 'POST', body, redirect: 'manual' });
  same((await fetch(base + new URL(leave).pathname)).status, 200, say('the link’s page is there'));
  same(wanted(`quick0-${mark}@letters.example`), 'unsaid', say('and looking at it, as scanners do, changes nothing'));
  same((await click(leave, form)).status, 200, say('a click of RFC 8058, without cookie or origin, is answered at once'));
  same((await click(leave, new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }))).status, 200, say('once more, in the other form, is the same'));
  same(wanted(`quick0-${mark}@letters.example`), 'false', say('and unsubscribes'));
  same((await click(leave.replace(/(unsubscribe\/.{20})(.)/, (_, before, c) => before + (c === 'A' ? 'B' : 'A')), form)).status, 404, say('a forged link does nothing'));
  const reader = await phone(lang);
  await reader.goto(base + new URL(/<(https?:[^>]+)>/.exec(header(arabic, 'List-Unsubscribe'))[1]).pathname);
  await accessible(reader, say('the page to unsubscribe'));
  await Promise.all([reader.waitForNavigation(), reader.locator('main form button').first().click()]);
  same(wanted(`quick1-${mark}@letters.example`), 'false', say('the page unsubscribes, too'));
  await reader.locator('#f-event').setChecked(true);
  await press(reader, '/topics');
  same(wanted(`quick1-${mark}@letters.example`), 'true', say('and takes it back'));

  // --- come back ---
  const sender = header(english, 'X-Mail-From');
  const report = (to, status) => ['From: MAILER-DAEMON@letters.example', `To: ${to}`, 'Auto-Submitted: auto-replied', 'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b', '', '--b', 'Content-Type: text/plain', '', 'Sorry.', '--b',
    'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; letters.example', '', `Final-Recipient: rfc822; quick0-${mark}@letters.example`,
    'Action: failed', `Status: ${status}`, `Diagnostic-Code: smtp; 550 ${status} nobody of that name`, '', '--b--', ''].join('\r\n');
  const bounce = (text) => spawnSync(path.join(top, 'build/convene'), ['bounce'], { input: text, encoding: 'utf8' });
  tell(/^bounce\+\d+=[0-9a-f]{20}@/.test(sender), say('each mail has a sender of its own'), sender);
  same(bounce(report(sender.replace(/=./, (s) => (s === '=0' ? '=1' : '=0')), '5.1.1')).status, 67, say('a forged report is refused'));
  same(bounce(`From: a@b.example\nTo: ${sender}\nSubject: Away\nAuto-Submitted: auto-replied\n\nI am away.\n`).status, 0, say('an absence note is none'));
  same(sql(`select count(*) from data.notice where mailing_id = ${mailing} and bounced is not null`)[0][0], '0', say('and changes nothing'));
  same(bounce(report(sender, '5.1.1')).status, 0, say('a report is taken'));
  await page.goto(`${base}/events/${event}/messages/${mailing}?show=bounced`);
  tell((await page.locator('#persons').innerText()).includes('5.1.1 550 5.1.1 nobody of that name'), say('and shown with the results'), await page.locator('main').innerText());
  await accessible(page, say('the results'));
  await page.goto(`${base}/events/${event}/failures`);
  tell((await page.locator('main').innerText()).includes(`550gone-${mark}@letters.example`), say('beside what was refused'));
  await accessible(page, say('the mails that did not arrive'));
  await press(page, `/reachable/${sql(`select id from data.person where email = 'quick0-${mark}@letters.example'`)[0][0]}`);
  same(sql(`select count(*) from data.person where email = 'quick0-${mark}@letters.example' and bounced is null`)[0][0], '1', say('the organizer takes the mark off'));
  await page.context().close();
  await reader.context().close();
};

const [english, arabic] = [await signedIn('en'), await signedIn('ar')];
await Promise.all([journey('en', english), journey('ar', arabic)]);
same(wrong.join('\n'), '', 'the console is quiet');
await browser.close();
end();
