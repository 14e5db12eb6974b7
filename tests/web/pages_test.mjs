// Every kind of page, as each role sees it, in each of the seven languages.
//
//   English   by axe: all rules at 1280 px, those about colours and place at
//             320 px, and those about colours at both in dark.
//   Arabic    by axe: all rules but those about colours, which are English's, at
//             320 px, and those about place at 1280 px.
//   others    at 320 px their words are put in the place of English's.
//
// Everywhere: the language and direction that were asked for, words for every
// key, nothing that sticks out or scrolls sideways.  The console is quiet in
// English and Arabic.  Forms are also looked at as they are when nothing was
// filled in, and the HTML checker reads what each page was in English.
//
// Pages are found by following links: one of each shape (/events/12 and
// /events/13 are one).  CONVENE_PAGES adds paths, separated by spaces.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { launch, violations, WCAG } from '../support/browser.mjs';
import { base, convene, end, tell, top } from '../support/visitor.mjs';

const assets = createRequire(path.join(top, 'assets/package.json'));
const checker = path.join(path.dirname(assets.resolve('vnu-jar/package.json')), 'build/dist/vnu.jar');

const only = (...rules) => ({ runOnly: { type: 'rule', values: rules } });
const COLOURS = ['color-contrast', 'link-in-text-block'];
const PLACES = ['target-size', 'scrollable-region-focusable'];
const ALL = { runOnly: [...WCAG, 'best-practice'] };
const BUT_COLOURS = { ...ALL, rules: Object.fromEntries(COLOURS.map((rule) => [rule, { enabled: false }])) };
const OTHERS = ['fr', 'es', 'pt', 'ru', 'zh'];
const [NARROW, WIDE] = [{ width: 320, height: 800 }, { width: 1280, height: 800 }];
const HOW = { permissions: ['camera'], reducedMotion: 'reduce' };
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
  return new URL(/https?:\/\/\S+/.exec(convene('enrol', events.trim(), 'Looked at'))[0]).pathname;
}

const shape = (p) => p.split('?')[0].split('/')
  .map((part) => (/^\d+$/.test(part) ? '{id}' : part.length > 30 ? '{token}' : part)).join('/');
const inLanguage = (p, lang) => `${base}${p}${p.includes('?') ? '&' : '?'}lang=${lang}`;

// A one-time link from the command line, opened and confirmed as a person would;
// where it led.
const enter = async (context, role) => {
  const where = role.email ? new URL(/https?:\/\/\S+/.exec(convene('login', role.email))[0]).pathname : enrolment();
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

// What sticks out at the side, or is cut there, outside of regions that scroll.
const overflow = (page) => page.evaluate(() => {
  const out = [...document.body.querySelectorAll('*')].filter((e) => {
    const r = e.getBoundingClientRect();
    return r.width > 1 && !e.closest('.scroll, .days, .tabs, .menu') && (r.right > window.innerWidth + 1 || r.left < -1);
  }).slice(0, 3).map((e) => `sticks out: ${e.localName}.${e.className}`);
  return document.documentElement.scrollWidth > window.innerWidth ? [...out, 'scrolls sideways'] : out;
});

const unworded = async (page) => {
  const gaps = await page.evaluate(() => document.documentElement.outerHTML.match(/⟨[^⟩<]*⟩/g) ?? []);
  return gaps.length ? [`without words: ${gaps.slice(0, 5)}`] : [];
};

const inDark = async (page) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  const found = await violations(page, only(...COLOURS));
  await page.emulateMedia({ colorScheme: 'light' });
  return found.map((line) => `dark, ${line}`);
};

const spoken = async (page, lang) => {
  const root = await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]);
  return root[0] === lang && root[1] === (lang === 'ar' ? 'rtl' : 'ltr') ? [] : [`speaks ${root}`];
};

// Its words and its place, whatever axe says.
const inspect = async (page, lang) => [...await spoken(page, lang), ...await unworded(page), ...await overflow(page)];

// What a form says when nothing was filled in.  The row of one more person may
// stay so.
const submitEmpty = async (page, found, lang) => {
  await page.context().addCookies([{ name: 'lang', value: lang, url: base }]);
  for (const form of await page.locator('main form.form[method=post]').all()) {
    if (!await form.evaluate((f) => f.noValidate && [...f.elements].some((e) => e.required && !e.value && !/-\d+$/.test(e.name)))) continue;
    const [answer] = await Promise.all([page.waitForNavigation(), form.locator('button:not([type=button])').first().click()]);
    found.faulty++;
    if (answer.status() !== 422) return [`an empty form is answered ${answer.status()}`];
    return [...await inspect(page, lang), ...await violations(page, ALL), ...await inDark(page)].map((line) => `an empty form: ${line}`);
  }
  return [];
};

// The page as it is in another language, without loading its style again.
const reword = (page, found, lang) => page.evaluate((address) => new Promise((done, fail) => {
  const asks = Object.assign(new XMLHttpRequest(), { responseType: 'document', onerror: fail });
  asks.onload = () => {
    const other = asks.response;
    Object.assign(document.documentElement, { lang: other.documentElement.lang, dir: other.documentElement.dir });
    document.body.replaceWith(other.body);
    done();
  };
  asks.open('GET', address);
  asks.setRequestHeader('Accept', 'text/html');
  asks.send();
}), inLanguage(found.path, lang));

const lookInEnglish = async (page, found, note) => {
  note('320 px', await inspect(page, 'en'), await violations(page, only(...COLOURS, ...PLACES)), await inDark(page));
  await page.setViewportSize(WIDE);
  note('1280 px', await inspect(page, 'en'), await violations(page, ALL), await inDark(page));
  await page.setViewportSize(NARROW);
  for (const lang of OTHERS) {
    await reword(page, found, lang);
    note(`320 px in ${lang}`, await inspect(page, lang));
  }
  if (found.role !== 'nobody') return;
  page.refused = true;
  await page.goto(inLanguage(found.path, 'en'));
  note('320 px', await submitEmpty(page, found, 'en'));
};

const lookInArabic = async (page, found, note) => {
  note('320 px', await inspect(page, 'ar'), await violations(page, BUT_COLOURS));
  await page.setViewportSize(WIDE);
  note('1280 px', await inspect(page, 'ar'), await violations(page, only(...PLACES)));
  await page.setViewportSize(NARROW);
  if (found.role === 'nobody') return;
  page.refused = true;
  note('320 px', await submitEmpty(page, found, 'ar'));
};

const visit = async (page, found, lang, look) => {
  const note = (where, ...lines) => found.why.push(...lines.flat().map((line) => `${lang}, ${where}: ${line}`));
  page.said = (line) => note('then', line);
  page.refused = found.status >= 400;
  try {
    await page.goto(inLanguage(found.path, lang));
    await look(page, found, note);
  } catch (e) {
    page.said(e.message.split('\n')[0]);
  }
};

// Some pages side by side, each with cookies of its own: one is the language.
const visitAll = async (context, found) => {
  const jobs = [...found];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    const beside = await browser.newContext({ ...HOW, viewport: NARROW, storageState: await context.storageState() });
    const page = await beside.newPage();
    page.on('console', (m) => m.type() === 'error' && !(page.refused && m.text().startsWith('Failed to load resource')) && page.said(`console: ${m.text()}`));
    page.on('pageerror', (e) => page.said(`script: ${e.message}`));
    for (let next = jobs.shift(); next; next = jobs.shift()) {
      await visit(page, next, 'en', lookInEnglish);
      await visit(page, next, 'ar', lookInArabic);
    }
    await beside.close();
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
    tell(of.length === 0, `the HTML checker finds no error in ${p.path} for ${p.role}`, of.slice(0, 5).join('\n'));
  });
  const other = said.split('\n').filter((line) => line && !/\/\d+\.html/.test(line));
  if (other.length) tell(false, 'the HTML checker runs', other.slice(0, 5).join('\n'));
};

const browser = await launch('--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream');
const pages = [];
const known = new Set();
for (const role of ROLES) {
  const context = await browser.newContext(HOW);
  if (role.name !== 'nobody') role.seeds.push(await enter(context, role));
  const found = await explore(context, role, known);
  found.forEach((p) => known.add(parts(p)));
  pages.push(...found);
  await visitAll(context, found);
  await context.close();
  for (const p of found) {
    const wanted = /^\/(no-such-page|roles\/none)$/.test(p.path) ? 404 : 200;
    if (p.status !== wanted) p.why.push(`answers ${p.status}`);
    tell(p.why.length === 0, `${p.path} is fit to use for ${p.role}`, p.why.slice(0, 12).join('\n'));
  }
}
tell(pages.reduce((n, p) => n + p.faulty, 0) >= 8, 'forms were sent with nothing in them');
await browser.close();
check(pages);
end();
