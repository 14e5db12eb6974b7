// Every kind of page, as each role sees it: narrow and wide, light and dark,
// left to right and right to left.  No violation by axe, no error by the HTML
// checker, nothing to scroll sideways at 320 px, a quiet console.
//
// Pages are found by following links: one of each shape (/events/12 and
// /events/13 are one).  CONVENE_PAGES adds paths, separated by spaces;
// CONVENE_FULL=1 tries all eight settings of each instead of four.
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
const ROLES = [
  { name: 'nobody', seeds: ['/', '/about', '/signin', '/signin/code', '/no-such-page', '/archive', '/search?q=water', '/events?when=past'] },
  { name: 'participant', email: 'participant@convene.example', seeds: ['/my', '/profile', '/events'] },
  { name: 'organizer', email: 'organizer@convene.example', seeds: ['/organize'] },
  { name: 'administrator', email: 'admin@convene.example', seeds: ['/roles', '/audit', '/programs'], only: true },
];
// Not pages: files, feeds, and addresses that act.
const NOT = /\.(ics|csv|xml|json|svg|png|pdf)$|^\/(static|api|feed|healthz|readyz|metrics|ark:)|\/(file|content|counts)$/;
const settings = [];
for (const [width, scheme, lang] of [
  [320, 'light', 'en'], [1280, 'dark', 'en'], [320, 'dark', 'ar'], [1280, 'light', 'ar'],
  ...(process.env.CONVENE_FULL ? [[320, 'dark', 'en'], [1280, 'light', 'en'], [320, 'light', 'ar'], [1280, 'dark', 'ar']] : []),
]) settings.push({ width, scheme, lang });

let count = 0;
const tell = (good, what, why = []) => {
  console.log(`${good ? 'ok' : 'not ok'} ${++count} - ${what}`);
  for (const line of why) console.log(`# ${line}`);
  if (!good) process.exitCode = 1;
};

const shape = (p) => p.split('?')[0].split('/')
  .map((part) => (/^\d+$/.test(part) ? '{id}' : part.length > 30 ? '{token}' : part)).join('/');
const inLanguage = (p, lang) => `${base}${p}${p.includes('?') ? '&' : '?'}lang=${lang}`;

// A one-time link from the command line, opened and confirmed as a person would.
const enter = async (context, email) => {
  const said = execFileSync(path.join(top, 'build/convene'), ['login', email], { encoding: 'utf8' });
  const link = /https?:\/\/\S+/.exec(said)[0];
  const page = await context.newPage();
  await page.goto(base + new URL(link).pathname + new URL(link).search);
  await Promise.all([page.waitForNavigation(), page.locator('main form button').first().click()]);
  const state = await context.storageState();
  await page.close();
  return state;
};

const links = (html) => [...html.matchAll(/<a\b[^>]*?\bhref="([^"#]+)/g)]
  .map((m) => m[1].replaceAll('&amp;', '&'))
  .map((href) => (href.startsWith(base) ? href.slice(base.length) : href))
  .filter((href) => /^\/[^/\\]/.test(href) || href === '/')
  .filter((href) => !NOT.test(href.split('?')[0]));

// Of which parts a page is made: the same for two roles who see the same.
const parts = (p) => shape(p.path) + [...new Set(p.html.slice(p.html.indexOf('<main'))
  .match(/<[a-z]\w*(?: class="[^"]*")?/g))].sort().join('');

// Breadth first from the seeds: the first path of each shape.
const explore = async (context, role, known) => {
  const found = new Map();
  const queue = [...role.seeds, ...(process.env.CONVENE_PAGES ?? '').split(' ').filter(Boolean)];
  while (queue.length && found.size < SHAPES_MOST) {
    const p = queue.shift();
    const is = shape(p);
    if (found.has(is)) continue;
    const answer = await context.request.get(inLanguage(p, 'en'), { headers: { accept: 'text/html' } });
    if (!/^text\/html/.test(answer.headers()['content-type'] ?? '')) continue;
    const html = await answer.text();
    found.set(is, { path: p, status: answer.status(), html });
    queue.push(...links(html));
  }
  return [...found.values()].filter((p) => !known.has(parts(p)));
};

const violations = (page) => page.evaluate((rules) => window.axe.run(document, {
  runOnly: rules, resultTypes: ['violations'],
}).then((r) => r.violations.flatMap((v) => v.nodes.slice(0, 3)
  .map((n) => `${v.id}: ${n.target.join(' ')} ${(n.any[0] ?? n.all[0] ?? n.none[0])?.message ?? ''}`))), RULES);

// What sticks out at the side, outside of regions that may scroll.
const overflow = (page) => page.evaluate(() => {
  if (document.documentElement.scrollWidth <= window.innerWidth) return [];
  return [...document.body.querySelectorAll('*')].filter((e) => {
    const r = e.getBoundingClientRect();
    return !e.closest('.scroll') && (r.right > window.innerWidth + 1 || r.left < -1);
  }).slice(0, 3).map((e) => `sticks out: ${e.localName}.${e.className}`).concat('scrolls sideways');
});

const visit = async (context, found, setting) => {
  const page = await context.newPage();
  const why = [];
  page.on('console', (m) => {
    const refused = m.text().startsWith('Failed to load resource') && found.status >= 400;
    if (m.type() === 'error' && !refused) why.push(`console: ${m.text()}`);
  });
  page.on('pageerror', (e) => why.push(`script: ${e.message}`));
  try {
    await page.goto(inLanguage(found.path, setting.lang), { waitUntil: 'load' });
    const root = await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]);
    if (root[0] !== setting.lang || root[1] !== (setting.lang === 'ar' ? 'rtl' : 'ltr')) why.push(`speaks ${root}`);
    const unworded = await page.evaluate(() => document.body.innerText.match(/⟨[^⟩]*⟩/g) ?? []);
    if (unworded.length) why.push(`without words: ${unworded.slice(0, 5)}`);
    why.push(...await overflow(page));
    await page.evaluate(axe);
    why.push(...await violations(page));
  } catch (e) {
    why.push(e.message.split('\n')[0]);
  }
  await page.close();
  return why;
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
  const start = await browser.newContext();
  let storageState;
  try {
    storageState = role.email ? await enter(start, role.email) : undefined;
  } catch (e) {
    tell(role.only === true, `${role.name} signs in${role.only ? ' # skip no such person here' : ''}`, [e.message.split('\n')[0]]);
    await start.close();
    continue;
  }
  const found = await explore(start, role, known);
  await start.close();
  found.forEach((p) => { known.add(parts(p)); p.role = role.name; });
  pages.push(...found);
  const why = new Map(found.map((p) => [p, []]));
  for (const setting of settings) {
    const context = await browser.newContext({
      storageState, viewport: { width: setting.width, height: 800 },
      colorScheme: setting.scheme, permissions: ['camera'],
    });
    for (const p of found) {
      for (const line of await visit(context, p, setting)) {
        why.get(p).push(`${setting.width} px, ${setting.scheme}, ${setting.lang}: ${line}`);
      }
    }
    await context.close();
  }
  for (const p of found) {
    const wanted = p.path === '/no-such-page' ? 404 : 200;
    if (p.status !== wanted) why.get(p).push(`answers ${p.status}`);
    tell(why.get(p).length === 0, `${p.path} is fit to use for ${role.name}`, why.get(p).slice(0, 12));
  }
}
await browser.close();
check(pages);
console.log(`1..${count}`);
