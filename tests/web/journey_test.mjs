// The whole main job in headless Chromium: an organizer at a desk, participants
// and door staff with phones; once with scripts, and once without (then the
// door types what the camera would have read).
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launch } from '../support/browser.mjs';
import { base, convene, end, same, tell } from '../support/visitor.mjs';
import { drawn, run } from '../support/event.mjs';
import { mail } from '../support/mail.mjs';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'journey-'));
const film = path.join(folder, 'camera.mjpeg');
const PATIENCE = 15000;

// What a QR code says, and a film in which it is held up.
const read = (picture, name) => {
  const file = path.join(folder, name);
  fs.writeFileSync(file, picture);
  return execFileSync('zbarimg', ['-q', '--raw', '--nodbus', file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).replace(/\n$/, '');
};
const shoot = (png) => {
  const file = path.join(folder, 'ticket.png');
  fs.writeFileSync(file, png);
  execFileSync('ffmpeg', ['-y', '-loglevel', 'error', '-f', 'lavfi', '-i', 'color=c=0x808080:s=640x480:r=10:d=4', '-loop', '1', '-i', file,
    '-filter_complex', `[1:v]scale=260:260:flags=neighbor,format=rgba,rotate='0.25*sin(t*2)':c=0x808080:ow=300:oh=300[q];` +
    `[0:v][q]overlay=x='170+40*sin(t)':y='90+20*cos(t*2)':shortest=1,gblur=sigma=0.8,format=yuv420p`,
    '-t', '4', '-r', '10', '-c:v', 'mjpeg', '-q:v', '4', film]);
};

const wrong = [];
const visitor = async (browser, scripts, where = 'phone', more = {}) => {
  const context = await browser.newContext({
    javaScriptEnabled: scripts, locale: 'en-US', timezoneId: 'Africa/Nairobi', acceptDownloads: true,
    ...(where === 'phone' ? { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true } : { viewport: { width: 1280, height: 800 } }),
    ...more,
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  page.on('console', (m) => m.type() === 'error' && !/status of 422/.test(m.text()) && wrong.push(`${page.url()}: ${m.text()}`));
  page.on('pageerror', (e) => wrong.push(`${page.url()}: ${e.message}`));
  return page;
};

const go = (page, where) => page.goto(base + where);
const at = (page) => page.url().slice(base.length).split('?')[0];
const number = (page) => Number(/\/(\d+)/.exec(at(page))[1]);
const fill = async (page, values) => {
  for (const [name, value] of Object.entries(values)) {
    const field = page.locator(`#f-${name}`);
    const kind = await field.evaluate((e) => (e.localName === 'select' ? 'select' : e.type));
    if (kind === 'select') await field.selectOption(value);
    else if (kind === 'checkbox') await field.setChecked(value);
    else await field.fill(value);
  }
};
// A click that leads to another page.
const press = (page, name, within = page.locator('main')) => Promise.all([
  page.waitForNavigation(), within.getByRole('button', { name, exact: true }).first().click(),
]);
const follow = (page, name, within = page.locator('main')) => Promise.all([
  page.waitForNavigation(), within.getByRole('link', { name, exact: true }).first().click(),
]);
const title = (page) => page.locator('h1').innerText();
const said = async (page) => (await page.locator('.said').count() ? page.locator('.said').innerText() : '');
const sees = async (page, text, what) => {
  const words = (await page.locator('main').innerText()).replaceAll(/\s+/g, ' ');
  return tell(words.toLowerCase().includes(text.toLowerCase()), what, `${page.url()}: ${words}`);
};

const signIn = async (page, email, byLink) => {
  await go(page, '/signin');
  await fill(page, { email });
  await press(page, 'Send me a code');
  const letter = await mail(email, (m) => m.link('/signin/[\\w-]+'));
  if (byLink) {
    await go(page, letter.link('/signin/[\\w-]+'));
  } else {
    await fill(page, { code: /^ {4}([A-Z0-9-]{8,9})\s*$/m.exec(letter.text)[1] });
  }
  await press(page, 'Sign in');
  return letter;
};

const journey = async (browser, scripts) => {
  const how = scripts ? 'with scripts' : 'without scripts';
  const mark = `${run}${scripts ? 's' : 'n'}`;
  const who = (name) => `${name}-${mark}@journey.example`;
  const seen = (good, what, why) => tell(good, `${how}: ${what}`, why);
  const names = { event: `Rivers & ورشة <${mark}>`, session: `Mud & maps ${mark}`, program: `Deltas ${mark}` };

  // --- the organizer makes it ---
  const desk = await visitor(browser, scripts, 'desk');
  convene('grant', who('boss'), 'Boss', 'admin');
  await signIn(desk, who('boss'), scripts);
  await go(desk, '/organize');
  await follow(desk, 'Add a program');
  await fill(desk, { title: names.program, reach: 'global' });
  await press(desk, 'Save');
  await press(desk, 'Publish');
  same(await title(desk), names.program, `${how}: a program is made and published`);
  await follow(desk, 'Add an event');
  await fill(desk, {
    title: names.event, summary: 'Bring boots.', zone: 'Asia/Kathmandu', starts: '2031-05-05T09:00', ends: '2031-05-05T17:00',
    mode: 'face_to_face', venue: 'Old port', city: 'Kathmandu', country: 'NP', seats: '2', whole: false,
  });
  await press(desk, 'Save');
  const event = number(desk);
  same(at(desk), `/events/${event}/organize`, `${how}: an event is made`);
  await follow(desk, 'Rooms and tracks');
  for (const name of ['Deck', 'Cabin']) {
    await fill(desk, { name });
    await press(desk, 'Add a room');
  }
  await sees(desk, 'Cabin', `${how}: it has rooms`);
  await follow(desk, 'Overview');
  await follow(desk, 'Add a session');
  await fill(desk, { title: names.session, starts: '2031-05-05T10:00', ends: '2031-05-05T09:30', room: { label: 'Deck' } });
  await press(desk, 'Save');
  seen(await desk.locator('#f-ends-fault').count() === 1 && await desk.locator('#f-title').inputValue() === names.session,
    'a session that ends before it starts is refused at its field, with what was typed');
  await fill(desk, { ends: '2031-05-05T11:00' });
  await press(desk, 'Save');
  const session = number(desk);
  await sees(desk, names.session, `${how}: a session is made`);
  await go(desk, `/events/${event}/organize`);
  await press(desk, 'Publish');
  await sees(desk, 'Published', `${how}: the event is published`);

  // --- people register, with phones and without accounts ---
  const phones = {};
  const register = async (name) => {
    const page = await visitor(browser, scripts);
    phones[name] = page;
    await go(page, '/events');
    await go(page, `/events/${event}`);
    const link = page.locator('.band a.button').first();
    await Promise.all([page.waitForNavigation(), link.click()]);
    await fill(page, { email: who(name), name: `${name} ${mark}`, country: 'NP' });
    await Promise.all([page.waitForNavigation(), page.locator('main form.form button').click()]);
    return mail(who(name), (m) => m.link('/r/[\\w-]{43}'));
  };
  const amina = await register('amina');
  await sees(phones.amina, who('amina'), `${how}: who registers is told where the mail goes`);
  seen(amina.subject.includes(names.event) && amina.method === 'REQUEST' && amina.starts === '20310505T031500Z', 'the mail invites by calendar', `${amina.subject} ${amina.method} ${amina.starts}`);
  const ticket = read(amina.picture, 'mail.png');
  seen(/^[0-9A-Z $%*+\-./:]{120}$/.test(ticket), 'and has a ticket', ticket);
  await register('dora');
  const bilal = await register('bilal');
  seen(/waiting list/.test(bilal.subject + bilal.text) && bilal.method === '' && bilal.picture === null, 'the third of two waits', bilal.subject);

  // --- the link in the mail ---
  const phone = phones.amina;
  await go(phone, amina.link('/r/[\\w-]{43}'));
  await sees(phone, 'You have a seat', `${how}: the mail’s link shows the seat`);
  await follow(phone, 'Ticket');
  same(read(drawn(await phone.content()), 'page.pbm'), ticket, `${how}: the page’s ticket is the mail’s`);
  await go(phones.bilal, bilal.link('/r/[\\w-]{43}'));
  await sees(phones.bilal, 'waiting list', `${how}: who waits sees so`);
  await go(phones.dora, (await mail(who('dora'))).link('/r/[\\w-]{43}'));
  await follow(phones.dora, 'Cancel my registration');
  await press(phones.dora, 'Cancel my registration');
  await sees(phones.dora, 'You left this event', `${how}: one gives up a place`);
  const promoted = await mail(who('bilal'), (m) => m.method === 'REQUEST');
  seen(promoted.picture !== null && /seat is yours/.test(promoted.subject), 'which is the next one’s at once', promoted.subject);
  const gone = await mail(who('dora'), (m) => m.method === 'CANCEL');
  same(gone.uid, amina.uid, `${how}: and leaves the calendar`);

  // --- signed in: an agenda, a feed ---
  await signIn(phone, who('amina'), !scripts);
  await go(phone, `/sessions/${session}`);
  await press(phone, 'Put on my agenda');
  seen(await phone.getByRole('button', { name: 'Take off my agenda' }).count() === 1, 'a session is on the agenda', await said(phone));
  const picked = await mail(who('amina'), (m) => m.method === 'REQUEST' && m.uid !== amina.uid);
  seen(picked.starts === '20310505T041500Z', 'and in the calendar', picked.starts);
  await go(phone, '/my');
  await sees(phone, names.session, `${how}: my page lists it`);
  await press(phone, 'Make a feed');
  const feed = await phone.locator('#feed').inputValue();
  const calendar = async () => (await (await fetch(base + new URL(feed).pathname)).text()).replaceAll(/\r?\n[ \t]/g, '');
  const first = await calendar();
  seen(first.includes(amina.uid) && first.includes(picked.uid), 'the feed has both', first.slice(0, 300));

  // --- the door ---
  await go(desk, `/events/${event}/devices`);
  await fill(desk, { name: 'North door' });
  await press(desk, 'Add a device');
  const address = read(drawn(await desk.content()), 'enrol.pbm');
  const door = await visitor(browser, scripts, 'phone', { permissions: ['camera'] });
  if (scripts) shoot(amina.picture);
  await go(door, new URL(address).pathname);
  await press(door, 'Make it a door device');
  same(at(door), `/events/${event}/scan`, `${how}: a phone becomes the door by the code that the desk shows`);
  await (scripts ? byCamera(door, seen, mark) : byHand(door, seen, mark, ticket));
  await go(desk, `/registrations/${(await desk.request.get(`${base}/events/${event}/registrations`, { headers: { accept: 'application/json' } }).then((r) => r.json())).registrations.find((r) => r.email === who('amina')).id}/organize`);
  await sees(desk, 'Arrived', `${how}: the organizer sees who has arrived`);

  await go(desk, `/events/${event}/devices`);
  const row = desk.locator('tr', { hasText: 'North door' });
  seen(/[1-9]/.test(await row.locator('td.num').innerText()), 'and how much the door has scanned', await row.innerText());
  await Promise.all([desk.waitForNavigation(), row.getByRole('button', { name: /^Revoke/ }).click()]);
  seen((await door.goto(`${base}/events/${event}/scan`)).url() !== `${base}/events/${event}/scan`, 'a phone that is revoked is no door any more', door.url());

  // --- materials ---
  const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), crypto.randomBytes(scripts ? 9e6 : 3e5)]);
  await go(desk, `/sessions/${session}/materials`);
  await desk.locator('#f-file').setInputFiles({ name: 'Färben & 水.pdf', mimeType: 'application/pdf', buffer: pdf });
  if (scripts) {
    await desk.locator('#upload-form button').click();
    await desk.locator('#uploads progress').waitFor();
    await desk.locator('#uploads li', { hasText: 'Uploaded.' }).waitFor();
    seen(true, 'a file is uploaded, with a bar');
    await go(desk, `/sessions/${session}/materials`);
  } else {
    await press(desk, 'Upload');
  }
  await sees(desk, 'Färben & 水.pdf', `${how}: the file is there`);
  await follow(desk, 'Publish to the archive');
  await fill(desk, { abstract: 'How silt moves.', persons: 'Ngũgĩ 王\nAmina', language: 'en', licence: 'CC-BY-4.0', access: 'public' });
  await press(desk, 'Publish to the archive');
  seen(/^\/records\/\d+$/.test(at(desk)), 'a record is published', desk.url());
  const reader = await visitor(browser, scripts);
  await go(reader, '/');
  await reader.locator('main input[type=search]').fill(names.session);
  await press(reader, 'Search');
  const hit = reader.locator('main li', { hasText: 'Archive' }).getByRole('link', { name: names.session });
  await Promise.all([reader.waitForNavigation(), hit.first().click()]);
  await sees(reader, 'ark:', `${how}: a visitor finds it by search`);
  const [download] = await Promise.all([reader.waitForEvent('download'), reader.getByRole('link', { name: 'Färben & 水.pdf' }).click()]);
  seen(fs.readFileSync(await download.path()).equals(pdf) && download.suggestedFilename() === 'Färben & 水.pdf', 'and downloads what was uploaded', download.suggestedFilename());

  // --- moved, cancelled ---
  await go(desk, `/sessions/${session}/move`);
  await fill(desk, { starts: '2031-05-05T14:00', ends: '2031-05-05T15:00', room: { label: 'Cabin' } });
  await press(desk, 'Move the session');
  const moved = await mail(who('amina'), (m) => m.uid === picked.uid && m.sequence > picked.sequence);
  seen(moved.method === 'REQUEST' && moved.starts === '20310505T081500Z' && moved.text.includes('Cabin'), 'who picked a session that moves gets an update', `${moved.method} ${moved.starts}`);
  seen((await calendar()).includes('DTSTART:20310505T081500Z'), 'and so does the feed');
  await go(desk, `/sessions/${session}/edit`);
  await press(desk, 'Cancel the session');
  const off = await mail(who('amina'), (m) => m.uid === picked.uid && m.method === 'CANCEL');
  seen(off.sequence > moved.sequence, 'a cancelled session leaves the calendar');
  await go(desk, `/events/${event}/edit`);
  await desk.locator('input[name=sure]').check();
  await press(desk, 'Cancel the event');
  for (const name of ['amina', 'bilal']) {
    const last = await mail(who(name), (m) => m.uid === amina.uid && m.method === 'CANCEL');
    seen(last.sequence > 0, `a cancelled event leaves the calendar of ${name}`);
  }
  await go(reader, `/events/${event}`);
  await sees(reader, 'Cancelled', `${how}: everybody sees it`);
  for (const page of [desk, door, reader, ...Object.values(phones)]) await page.context().close();
};

const byCamera = async (door, seen, mark) => {
  const board = door.locator('#lens .verdict');
  const result = (word) => door.waitForFunction((w) => { const b = document.querySelector('#lens .verdict'); return !b.hidden && b.dataset.result === w; }, word, { timeout: PATIENCE });
  await result('admitted');
  seen((await board.innerText()).includes(`amina ${mark}`), 'the camera reads the mail’s ticket: admitted, by name');
  same(`${await door.locator('#admitted').innerText()}/${await door.locator('#confirmed').innerText()}`, '1/2', 'with scripts: and counted');
  await Promise.all([door.waitForNavigation(), door.evaluate(() => location.reload())]);
  await result('already');
  seen((await board.innerText()).includes('North door'), 'again: already inside, since when and where', await board.innerText());
  await door.locator('#q').fill('bilal');
  await press(door, 'Find');
  await Promise.all([door.waitForNavigation(), door.getByRole('button', { name: /^Admit/ }).click()]);
  seen(await door.locator('.verdict.flat[data-result=admitted]').count() === 1, 'who has no ticket at hand is found by name');
  await Promise.all([door.waitForNavigation(), door.locator('.verdict.flat').getByRole('button', { name: /^Undo/ }).click()]);
  same(await door.locator('#admitted').innerText(), '1', 'with scripts: and undone');
};

const byHand = async (door, seen, mark, ticket) => {
  const verdict = (word) => door.locator(`.verdict.flat[data-result=${word}]`);
  const type = async (code) => {
    await fill(door, { ticket: code });
    await press(door, 'Check');
  };
  await type(ticket);
  seen(await verdict('admitted').count() === 1 && (await verdict('admitted').innerText()).includes(`amina ${mark}`), 'the typed ticket is admitted, by name');
  same(`${await door.locator('#admitted').innerText()}/${await door.locator('#confirmed').innerText()}`, '1/2', 'without scripts: and counted');
  await type(ticket);
  seen((await verdict('already').innerText()).includes('North door'), 'again: already inside, since when and where');
  await type('999999999');
  seen(await verdict('unknown').count() === 1, 'a number that nobody has is unknown');
  await door.locator('#q').fill('bilal');
  await press(door, 'Find');
  await Promise.all([door.waitForNavigation(), door.getByRole('button', { name: /^Admit/ }).click()]);
  seen(await verdict('admitted').count() === 1, 'who has no ticket at hand is found by name');
  await Promise.all([door.waitForNavigation(), door.locator('.verdict.flat').getByRole('button', { name: /^Undo/ }).click()]);
  same(await door.locator('#admitted').innerText(), '1', 'without scripts: and undone');
};

const browser = await launch('--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream',
  `--use-file-for-fake-video-capture=${film}`);
for (const scripts of [true, false]) {
  try {
    await journey(browser, scripts);
  } catch (e) {
    tell(false, `the journey ${scripts ? 'with' : 'without'} scripts comes to its end`, e.stack);
  }
}
same(wrong.join('\n'), '', 'the consoles are quiet');
await browser.close();
fs.rmSync(folder, { recursive: true });
end();
