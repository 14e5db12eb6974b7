// Bundles style sheets and page scripts into <build>/static under the hash of
// their content, with a manifest from logical name to address and a gzip copy
// of each for nginx.  node build.mjs [build folder]
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(process.argv[2] ?? path.join(here, '../build'), 'static');
const SCRIPT_MOST = 10 * 1024;
const MOST = { scan: 25 * 1024 };

// Whether node_modules holds what the lockfile says (npm's own note of it).
const installed = () => {
  try {
    const read = (name) => JSON.parse(fs.readFileSync(path.join(here, name))).packages;
    const want = read('package-lock.json');
    const have = read('node_modules/.package-lock.json');
    return Object.keys(want).every((name) => name === '' || want[name].optional ||
      (have[name]?.version === want[name].version &&
        have[name].integrity === want[name].integrity));
  } catch {
    return false;
  }
};

const files = (folder, ending) => {
  try {
    return fs.readdirSync(path.join(here, folder)).filter((f) => f.endsWith(ending)).sort();
  } catch {
    return [];
  }
};

const rooms = () => fs.readdirSync(here, { withFileTypes: true })
  .filter((d) => d.isDirectory() && !['node_modules', 'static', 'messages'].includes(d.name))
  .map((d) => d.name).sort();

// name_part.js is imported by others; every other script is an entry of its own.
const entries = () => rooms().flatMap((room) => [
  ...files(room, '.css').map((f) => path.join(here, room, f)),
  ...files(room, '.js').filter((f) => !f.endsWith('_part.js')).map((f) => path.join(here, room, f)),
]);

const bundle = async (entry) => {
  const { build } = await import('esbuild');
  const made = await build({
    entryPoints: [entry], bundle: true, minify: true, write: false, format: 'esm',
    target: 'es2022', charset: 'utf8', legalComments: 'none', logLevel: 'warning',
    loader: { '.svg': 'dataurl' },
  });
  return Buffer.from(made.outputFiles[0].contents);
};

const manifest = {};
const kept = new Set(['manifest.json']);

const write = (name, body) => {
  const file = path.join(out, name);
  if (!fs.existsSync(file) || !fs.readFileSync(file).equals(body)) {
    fs.writeFileSync(`${file}.new`, body);
    fs.renameSync(`${file}.new`, file);
  }
  kept.add(name);
};

// Keeps body as name.<hash>.ext; returns how many bytes it has gzipped.
const keep = (name, body) => {
  const { name: stem, ext } = path.parse(name);
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
  const hashed = `${stem}.${hash}${ext}`;
  const zipped = gzipSync(body, { level: 9 });
  write(hashed, body);
  if (!/\.(png|woff2)$/.test(ext)) write(`${hashed}.gz`, zipped);
  manifest[`${stem}${ext}`.replace(/[^a-z0-9]+/gi, '_')] = `/static/${hashed}`;
  return zipped.length;
};

const main = async () => {
  if (!installed()) {
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'],
      { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  fs.mkdirSync(out, { recursive: true });
  const heavy = [];
  for (const entry of entries()) {
    const name = path.basename(entry);
    const size = keep(name, await bundle(entry));
    const most = MOST[path.parse(name).name] ?? SCRIPT_MOST;
    console.log(`${name} ${size} bytes gzipped`);
    if (size > most) heavy.push(`${name}: ${size} bytes gzipped, at most ${most}`);
  }
  for (const f of files('static', '')) keep(f, fs.readFileSync(path.join(here, 'static', f)));
  keep('licences.txt', Buffer.from(licences()));
  write('manifest.json', Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`));
  for (const f of fs.readdirSync(out)) if (!kept.has(f)) fs.rmSync(path.join(out, f));
  if (heavy.length) throw new Error(`too heavy: ${heavy.join('; ')}`);
};

// What we ship of others, and on which terms.
const licences = () => {
  const wanted = JSON.parse(fs.readFileSync(path.join(here, 'package.json'))).dependencies;
  return Object.keys(wanted).map((name) => {
    const folder = path.join(here, 'node_modules', name);
    const text = fs.readdirSync(folder).filter((f) => /^licen[cs]e/i.test(f)).sort()
      .map((f) => fs.readFileSync(path.join(folder, f), 'utf8')).join('\n');
    return `${name} ${wanted[name]}\n\n${text}`;
  }).join('\n\n');
};

main().catch((e) => {
  console.error(`assets: ${e.message}`);
  process.exit(1);
});
