// An event on a phone: the times of the viewer's own clock, worded as the page
// words its own; and the tabs of its organizer, in one row.
import { launch } from '../support/browser.mjs';
import { boss, event, program } from '../support/event.mjs';
import { base, end, same, tell } from '../support/visitor.mjs';

const LANGUAGES = ['en', 'fr', 'es', 'pt', 'ar', 'zh', 'ru'];

const organizer = await boss();
const id = await event(organizer, await program(organizer), {
  zone: 'Africa/Cairo', starts: '2031-01-07T09:05', ends: '2031-01-07T18:00', title: 'An hour ahead',
});
const browser = await launch();
const open = async (where, lang, cookies = []) => {
  const context = await browser.newContext({ viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true, timezoneId: 'Europe/Paris' });
  await context.addCookies(cookies.map(([name, value]) => ({ name, value, url: base })));
  const page = await context.newPage();
  await page.goto(`${base}${where}?lang=${lang}`);
  return page;
};

for (const lang of LANGUAGES) {
  const page = await open(`/events/${id}`, lang);
  const mine = page.locator('time[data-local] ~ .mine').first();
  await mine.waitFor({ timeout: 5000 });
  const theirs = /\d+:05(?:\s?\p{L}+)?/u.exec(await page.locator('time[data-local]').first().innerText())?.[0] ?? 'none';
  const said = await mine.innerText();
  tell(said.includes(theirs.replace('9:', '8:')), `${lang}: the viewer's clock is worded as the event's`, `${theirs} there, here ${said}`);
  await page.context().close();
}

for (const lang of ['en', 'ar']) {
  const page = await open(`/events/${id}/edit`, lang, [...organizer.cookies]);
  const tabs = page.locator('nav.tabs');
  const { height } = await tabs.boundingBox();
  tell(height < 70, `${lang}: the organizer's tabs are one row at 320 px`, `${height} px`);
  const seen = await tabs.locator('[aria-current]').evaluate((a) => {
    const { left, right } = a.getBoundingClientRect();
    return left >= -1 && right <= innerWidth + 1;
  });
  tell(seen, `${lang}: the present one is in sight`);
  same(await page.evaluate(() => document.documentElement.scrollWidth), 320, `${lang}: and the page does not scroll sideways`);
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/tabs-${lang}.png` });
  await page.context().close();
}
await browser.close();
end();
