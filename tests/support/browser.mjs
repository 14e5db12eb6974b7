// The browser of the tests, without a window, and what axe finds in its pages.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { top } from './visitor.mjs';

const assets = createRequire(path.join(top, 'assets/package.json'));
const axe = fs.readFileSync(assets.resolve('axe-core/axe.min.js'), 'utf8');

export const launch = (...more) => assets('playwright-core').chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', ...more],
});

export const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

// What axe finds: a line for each element, at most three of a rule.  It is put
// into a page once.
export const violations = async (page, options = { runOnly: WCAG }) => {
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axe);
  return page.evaluate((how) => window.axe.run(document, { ...how, resultTypes: ['violations'], preload: false })
    .then((r) => r.violations.flatMap((v) => v.nodes.slice(0, 3)
      .map((n) => `${v.id}: ${n.html.slice(0, 200)} ${(n.any[0] ?? n.all[0] ?? n.none[0])?.message ?? ''}`))), options);
};
