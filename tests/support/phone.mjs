// A phone with somebody's browser on it: 360 by 740, in a language, and what
// every page must be there.
import path from 'node:path';
import { violations } from './browser.mjs';
import { base, convene, tell } from './visitor.mjs';

export { launch } from './browser.mjs';
export const wrong = [];

export const phone = async (browser, language) => {
  const context = await browser.newContext({
    viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, locale: language,
    extraHTTPHeaders: { 'accept-language': language }, bypassCSP: true, acceptDownloads: true,
  });
  context.setDefaultTimeout(15000);
  const page = await context.newPage();
  page.on('console', (m) => m.type() === 'error' && !/status of 4\d\d/.test(m.text()) && wrong.push(`${page.url()}: ${m.text()}`));
  page.on('pageerror', (e) => wrong.push(`${page.url()}: ${e.message}`));
  return page;
};

export const go = (page, where) => page.goto(base + where);
export const at = (page) => page.url().slice(base.length).split('?')[0];
export const press = (page, selector) => Promise.all([page.waitForNavigation(), page.locator(selector).first().click()]);
export const signIn = async (page, email) => {
  await go(page, new URL(/https?:\/\/\S+/.exec(convene('login', email))[0]).pathname);
  await press(page, 'main form button');
};
export const words = async (page) => (await page.locator('main').innerText()).replaceAll(/\s+/g, ' ');

// No violation by axe, nothing wider than the phone, read as the language is.
export const good = async (page, what, pictures = process.env.PHONE_PICTURES) => {
  const found = await violations(page);
  const { wide, lang, dir } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth - 360, lang: document.documentElement.lang, dir: document.documentElement.dir }));
  if (wide > 0) found.push(`${wide} px wider than the phone`);
  if (dir !== (lang === 'ar' ? 'rtl' : 'ltr')) found.push(`${lang} is read ${dir}`);
  if (await page.locator('main').innerText().then((t) => t.includes('⟨'))) found.push('a message without words');
  tell(found.length === 0, `${lang}: ${what} is for everybody, and fits a phone`, found.join('\n'));
  if (pictures) await page.screenshot({ path: path.join(pictures, `${what.replaceAll(' ', '-')}-${lang}.png`), fullPage: true });
};
