// The materials page in a browser: a file is chosen, the network goes in the
// middle, the upload goes on by itself, and the list has the file.
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launch } from '../support/browser.mjs';
import { boss, event as newEvent, program as newProgram, session as newSession, sql } from '../support/event.mjs';
import { base, end, same, tell } from '../support/visitor.mjs';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'upload-'));
const organizer = await boss();
const session = await newSession(organizer, await newEvent(organizer, await newProgram(organizer)));
const file = path.join(folder, 'recording.mp4');
const bytes = Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42'), crypto.randomBytes(20 << 20)]);
fs.writeFileSync(file, bytes);

const browser = await launch();
const context = await browser.newContext();
await context.addCookies([...organizer.cookies].map(([name, value]) => ({ name, value, url: base })));
const page = await context.newPage();
const wrong = [];
page.on('pageerror', (e) => wrong.push(e.message));
let slices = 0;
await page.route('**/content', async (route) => {
  if (++slices === 2) return route.abort('connectionreset');
  return route.continue();
});
await page.goto(`${base}/sessions/${session}/materials`);
await page.locator('#f-kind').selectOption('recording');
await page.locator('#f-file').setInputFiles(file);
await page.locator('#upload-form button').click();
const view = page.locator('#uploads li').first();
await view.locator('progress').waitFor();
await page.waitForFunction(() => {
  const bar = document.querySelector('#uploads progress');
  return bar && bar.value === bar.max;
}, null, { timeout: 60000 });
tell(slices > 2, 'a slice that is lost is sent again', slices);
const row = sql(`select name, type, kind, encode(sha256, 'hex') from data.material where session_id = ${session} and complete is not null`)[0] ?? [];
same(row.join(' '), `recording.mp4 video/mp4 recording ${crypto.createHash('sha256').update(bytes).digest('hex')}`, 'the file is whole');
await page.locator('a.button', { hasText: /list/i }).click();
await page.waitForLoadState();
tell(await page.locator('main').innerText().then((t) => t.includes('recording.mp4')), 'and is in the list');
const download = page.waitForEvent('download');
await page.locator('a', { hasText: 'recording.mp4' }).click();
const saved = await (await download).path();
same(fs.readFileSync(saved).equals(bytes), true, 'from where it comes back');
same(wrong.join('\n'), '', 'without a fault in the scripts');
await browser.close();
fs.rmSync(folder, { recursive: true });
end();
