// A phone at the door: headless Chromium, whose camera is a film in which a
// real ticket is held up, opens the scanner's page and lets the person in.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launch } from '../support/browser.mjs';
import { boss, drawn, event as newEvent, program as newProgram, register, run, sql, ticket } from '../support/event.mjs';
import { base, convene, end, same, tell, Visitor } from '../support/visitor.mjs';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'camera-'));
const organizer = await boss();
const event = await newEvent(organizer, await newProgram(organizer), { title: `Filmed day ${run}` });
const amina = register(event, 'أمينة Amina', { email: `camera-${run}@door.example` });
const bola = register(event, 'Bola');
const reader = await Visitor.named(`camera-${run}@door.example`);

// The ticket as its page draws it, before a grey wall, moving and turning.
const film = (picture) => {
  const pbm = path.join(folder, 'ticket.pbm');
  const mjpeg = path.join(folder, 'camera.mjpeg');
  fs.writeFileSync(pbm, picture);
  execFileSync('ffmpeg', ['-y', '-loglevel', 'error', '-f', 'lavfi', '-i', 'color=c=0x808080:s=640x480:r=10:d=4', '-loop', '1', '-i', pbm,
    '-filter_complex', `[1:v]scale=260:260:flags=neighbor,format=rgba,rotate='0.25*sin(t*2)':c=0x808080:ow=300:oh=300[q];` +
    `[0:v][q]overlay=x='170+40*sin(t)':y='90+20*cos(t*2)':enable='gte(t,1)':shortest=1,gblur=sigma=0.8,format=yuv420p`,
    '-t', '4', '-r', '10', '-c:v', 'mjpeg', '-q:v', '4', mjpeg]);
  return mjpeg;
};

const picture = drawn((await reader.get(`/registrations/${amina.id}/ticket`)).text);
tell(picture, 'the ticket’s page draws a code');
const browser = await launch('--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream',
  `--use-file-for-fake-video-capture=${film(picture)}`);
const context = await browser.newContext({ permissions: ['camera'], viewport: { width: 390, height: 844 } });
const page = await context.newPage();
const wrong = [];
page.on('console', (m) => m.type() === 'error' && wrong.push(m.text()));
page.on('pageerror', (e) => wrong.push(e.message));

// The phone becomes a door device by a link that works once.
const link = new URL(/https?:\/\/\S+/.exec(convene('enrol', String(event), 'Film door'))[0]);
await page.goto(base + link.pathname);
await Promise.all([page.waitForURL(`**/events/${event}/scan`), page.locator('main form button').first().click()]);
const began = Date.now();
const board = page.locator('#lens .verdict');
await board.waitFor({ state: 'visible', timeout: 20000 });
tell(true, `a verdict ${Date.now() - began} ms after the page, one of them without a ticket in sight`);
same(await board.getAttribute('data-result'), 'admitted', 'the camera’s ticket admits');
tell((await board.innerText()).includes('أمينة Amina'), 'by name', await board.innerText());
same(await page.locator('#admitted').innerText(), '1', 'and is counted');
same(sql(`select count(*) from data.scan where event_id = ${event}`)[0][0], '1', 'once, though it stays in sight');

// What is typed, or comes from a scanner that types.
await page.locator('#f-ticket').fill(ticket(event, bola.id));
await page.locator('#f-ticket').press('Enter');
await page.waitForFunction(() => document.querySelector('#lens .verdict .name')?.textContent === 'Bola');
same(await board.getAttribute('data-result'), 'admitted', 'a code that is typed is judged on the same page');
await page.locator('#f-ticket').fill('999999');
await page.locator('#f-ticket').press('Enter');
await page.waitForFunction(() => document.querySelector('#lens .verdict')?.dataset.result === 'unknown');
tell(true, 'a number that nobody has is unknown');

// Let out again.
await page.locator('#recent li', { hasText: 'Bola' }).getByRole('button').click();
await page.waitForFunction(() => document.querySelector('#admitted').textContent === '1');
same(sql(`select count(*) from data.attendance where event_id = ${event}`)[0][0], '1', 'an admission is taken back on the page');

// The network goes, and comes back.
await context.setOffline(true);
await page.locator('#offline').waitFor({ state: 'visible', timeout: 10000 });
tell(true, 'without a network it says that nothing is counted');
await page.locator('#f-ticket').fill(ticket(event, bola.id));
await page.locator('#f-ticket').press('Enter');
await page.waitForFunction(() => document.querySelector('#lens .verdict')?.dataset.result === 'failed', null, { timeout: 20000 });
tell(true, 'and that a scan has failed');
await context.setOffline(false);
await page.locator('#offline').waitFor({ state: 'hidden', timeout: 15000 });
tell(true, 'and when it is back');
const ours = wrong.filter((w) => !/ERR_INTERNET_DISCONNECTED|Failed to load resource|WebSocket/.test(w));
same(ours.join('\n'), '', 'the console is quiet');

await browser.close();
fs.rmSync(folder, { recursive: true });
end();
