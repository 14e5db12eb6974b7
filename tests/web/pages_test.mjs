// Every kind of page, as each role sees it, in each language.  In English and
// Arabic: narrow and wide, light and dark; no violation by axe, no error by the
// HTML checker, nothing to scroll sideways, a quiet console; and each form as
// it is when nothing was filled in.  In the other languages, narrow: every word
// is there, and nothing sticks out.
//
// Pages are found by following links: one of each shape (/events/12 and
// /events/13 are one).  CONVENE_PAGES adds paths, separated by spaces.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const assets = createRequire(path.join(top, 'assets/package.json'));
const base = (process.env.CONVENE_URL ?? '').replace(/\/$/, '');
if (!base) {
  console.log('1..0 # skip CONVENE_URL names no running instance');
  process.exit(0);
}
const { chromium } = assets('playwright-core');
const axe = assets('axe-core').source;
const checker = path.join(path.dirname(assets.resolve('vnu-jar/package.json')), 'build/dist/vnu.jar');

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const SHAPES_MOST = 80;
const AT_ONCE = 2;
const ROLES = [
  { name: 'nobody', seeds: ['/', '/about', '/signin', '/signin/code', '/no-such-page', '/archive', '/search', '/search?q=water', '/search?q=qqqqqq', '/events?when=past', mailed(), enrolment()] },
  { name: 'participant', email: 'participant@convene.example', seeds: ['/my', '/profile', '/events'] },
  { name: 'organizer', email: 'organizer@convene.example', seeds: ['/organize'] },
  { name: 'coordinator', email: 'coordinator@convene.example', seeds: ['/coordinate'] },
  { name: 'door staff', email: 'door@convene.example', seeds: ['/organize'] },
  { name: 'door device', seeds: [] },
  { name: 'administrator', email: 'admin@convene.example', seeds: ['/organize', '/roles', '/units', '/audit', '/programs', '/roles/none'] },
];
// Not pages: files, feeds, and addresses that act.
const NOT = /\.(ics|csv|xlsx|xml|json|svg|png|pdf)$|^\/(static|api|feed|healthz|readyz|metrics|ark:)|\/(file|content|counts)$/;
const LOOKS = [[320, 'en'], [1280, 'en'], [320, 'ar'], [1280, 'ar'], [320, 'fr'], [320, 'es'], [320, 'pt'], [320, 'ru'], [320, 'zh']];

let count = 0;
const tell = (good, what, why = []) => {
  console.log(`${good ? 'ok' : 'not ok'} ${++count} - ${what}`);
  for (const line of why) console.log(`# ${line}`);
  if (!good) process.exitCode = 1;
};

// A registration as its mail's link shows it; and a door's link, not yet used.
function mailed() {
  const folder = path.join(process.env.CONVENE_MAIL ?? path.join(process.env.CONVENE_DIR ?? '', 'mail'), 'new');
  for (const name of fs.readdirSync(folder).sort()) {
    const link = /\/r\/[\w-]{43}/.exec(fs.readFileSync(path.join(folder, name), 'latin1').replaceAll(/=\r?\n/g, ''));
    if (link) return link[0];
  }
  return '/r/none';
}
function enrolment() {
  const events = execFileSync('psql', ['-XqAtc', "select id from data.event where state = 'published' order by ends desc limit 1"], { encoding: 'utf8' });
  return new URL(/https?:\/\/\S+/.exec(execFileSync(path.join(top, 'build/convene'), ['enrol', events.trim(), 'Looked at'], { encoding: 'utf8' }))[0]).pathname;
}

const shape = (p) => p.split('?')[0].split('/')
  .map((part) => (/^\d+$/.test(part) ? '{id}' : part.length > 30 ? '{token}' : part)).join('/');
const inLanguage = (p, lang) => `${base}${p}${p.includes('?') ? '&' : '?'}lang=${lang}`;

// A one-time link from the command line, opened and confirmed as a person would;
// where it led.
const enter = async (context, role) => {
  const where = role.email ? new URL(/https?:\/\/\S+/.exec(execFileSync(path.join(top, 'build/convene'), ['login', role.email], { encoding: 'utf8' }))[0]).pathname : enrolment();
  const page = await context.newPage();
  await page.goto(base + where);
  await Promise.all([page.waitForNavigation(), page.locator('main form button').first().click()]);
  const led = new URL(page.url()).pathname;
  await page.close();
  return led;
};

const links = (html) => [...html.matchAll(/<a\b[^>]*?\bhref="([^"#]+)/g)]
  .map((m) => m[1].replaceAll('&amp;', '&'))
  .map((href) => (href.startsWith(base) ? href.slice(base.length) : href))
  .filter((href) => /^\/[^/\\]/.test(href) || href === '/')
  .filter((href) => !NOT.test(href.split('?')[0]));

// Of which parts a page is made: the same for two roles who see the same.
const parts = (p) => shape(p.path) + [...new Set(p.html.slice(p.html.indexOf('<main'))
  .match(/<[a-z]\w*(?: class="[^"]*")?/g))].sort().join('');

// Breadth first: each seed, and the first path of each shape.
const explore = async (context, role, known) => {
  const found = new Map();
  const seeds = new Set([...role.seeds, ...(process.env.CONVENE_PAGES ?? '').split(' ').filter(Boolean)]);
  const queue = [...seeds];
  while (queue.length && found.size < SHAPES_MOST) {
    const p = queue.shift();
    const is = seeds.has(p) ? p : shape(p);
    if (found.has(is)) continue;
    const answer = await context.request.get(inLanguage(p, 'en'), { headers: { accept: 'text/html' } });
    if (!/^text\/html/.test(answer.headers()['content-type'] ?? '')) continue;
    const html = await answer.text();
    found.set(is, { path: p, status: answer.status(), html, role: role.name, why: [], faulty: 0 });
    found.set(shape(p), found.get(is));
    queue.push(...links(html));
  }
  return [...new Set(found.values())].filter((p) => !known.has(parts(p)));
};

const violations = (page, only) => page.evaluate(([tags, rule]) => window.axe.run(document, {
  runOnly: rule ? { type: 'rule', values: [rule] } : tags, resultTypes: ['violations'],
}).then((r) => r.violations.flatMap((v) => v.nodes.slice(0, 3)
  .map((n) => `${v.id}: ${n.target.join(' ')} ${(n.any[0] ?? n.all[0] ?? n.none[0])?.message ?? ''}`))), [RULES, only]);

// What sticks out at the side, or is cut there, outside of regions that scroll.
const overflow = (page) => page.evaluate(() => {
  const out = [...document.body.querySelectorAll('*')].filter((e) => {
    const r = e.getBoundingClientRect();
    return r.width > 1 && !e.closest('.scroll, .days, .tabs, .menu') && (r.right > window.innerWidth + 1 || r.left < -1);
  }).slice(0, 3).map((e) => `sticks out: ${e.localName}.${e.className}`);
  return document.documentElement.scrollWidth > window.innerWidth ? [...out, 'scrolls sideways'] : out;
});

// By axe: all of it in light, and what depends on the colours in dark.
const inspect = async (page) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.evaluate(axe);
  const light = await violations(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await violations(page, 'color-contrast');
  await page.emulateMedia({ colorScheme: 'light' });
  return [...light, ...dark.map((line) => `dark, ${line}`)];
};

const unworded = async (page) => {
  const gaps = await page.evaluate(() => document.documentElement.outerHTML.match(/⟨[^⟩<]*⟩/g) ?? []);
  return gaps.length ? [`without words: ${gaps.slice(0, 5)}`] : [];
};

// What a form says when nothing was filled in.
const submitEmpty = async (page, found) => {
  const forms = page.locator('main form.form[method=post]');
  for (let i = 0; i < await forms.count(); i++) {
    const form = forms.nth(i);
    if (!await form.evaluate((f) => f.noValidate && [...f.elements].some((e) => e.required && !e.value))) continue;
    const [answer] = await Promise.all([page.waitForNavigation(), form.locator('button[type=submit]').click()]);
    found.faulty++;
    if (answer.status() !== 422) return [`an empty form is answered ${answer.status()}`];
    return [...await unworded(page), ...await overflow(page), ...await inspect(page)].map((line) => `an empty form: ${line}`);
  }
  return [];
};

const visit = async (page, found, width, lang) => {
  const why = [];
  page.said = (line) => why.push(line);
  page.refused = found.status >= 400;
  try {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(inLanguage(found.path, lang), { waitUntil: 'load' });
    const root = await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]);
    if (root[0] !== lang || root[1] !== (lang === 'ar' ? 'rtl' : 'ltr')) why.push(`speaks ${root}`);
    why.push(...await unworded(page), ...await overflow(page));
    if (['en', 'ar'].includes(lang)) why.push(...await inspect(page));
    page.refused = true;
    if (lang === 'ar' && width === 320 && found.role !== 'nobody' || lang === 'en' && width === 320 && found.role === 'nobody') why.push(...await submitEmpty(page, found));
  } catch (e) {
    why.push(e.message.split('\n')[0]);
  }
  found.why.push(...why.map((line) => `${width} px, ${lang}: ${line}`));
};

// Some pages side by side, in one browser.
const visitAll = async (context, found) => {
  const jobs = LOOKS.flatMap(([width, lang]) => found.map((p) => [p, width, lang]));
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    const page = await context.newPage();
    page.on('console', (m) => m.type() === 'error' && !(page.refused && m.text().startsWith('Failed to load resource')) && page.said(`console: ${m.text()}`));
    page.on('pageerror', (e) => page.said(`script: ${e.message}`));
    while (jobs.length) await visit(page, ...jobs.shift());
    await page.close();
  }));
};

// All the pages in one run of the checker, which takes seconds to start.
const check = (pages) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pages-'));
  const names = pages.map((p, i) => {
    const file = path.join(folder, `${i}.html`);
    fs.writeFileSync(file, p.html);
    return file;
  });
  let said = '';
  try {
    execFileSync('java', ['-jar', checker, '--errors-only', '--format', 'gnu', ...names], { stdio: 'pipe' });
  } catch (e) {
    said = String(e.stderr || e.message);
  }
  fs.rmSync(folder, { recursive: true });
  pages.forEach((p, i) => {
    const of = said.split('\n').filter((line) => line.includes(`/${i}.html`));
    tell(of.length === 0, `the HTML checker finds no error in ${p.path} for ${p.role}`, of.slice(0, 5));
  });
  const other = said.split('\n').filter((line) => line && !/\/\d+\.html/.test(line));
  if (other.length) tell(false, 'the HTML checker runs', other.slice(0, 5));
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
});
const pages = [];
const known = new Set();
for (const role of ROLES) {
  const context = await browser.newContext({ permissions: ['camera'], reducedMotion: 'reduce' });
  if (role.name !== 'nobody') role.seeds.push(await enter(context, role));
  const found = await explore(context, role, known);
  found.forEach((p) => known.add(parts(p)));
  pages.push(...found);
  await visitAll(context, found);
  await context.close();
  for (const p of found) {
    const wanted = /^\/(no-such-page|roles\/none)$/.test(p.path) ? 404 : 200;
    if (p.status !== wanted) p.why.push(`answers ${p.status}`);
    tell(p.why.length === 0, `${p.path} is fit to use for ${p.role}`, p.why.slice(0, 12));
  }
}
tell(pages.reduce((n, p) => n + p.faulty, 0) >= 8, 'forms were sent with nothing in them');
await browser.close();
check(pages);
console.log(`1..${count}`);
