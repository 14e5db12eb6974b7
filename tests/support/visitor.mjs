// Somebody who visits a running instance, as a browser without scripts would:
// keeps cookies, follows a form's redirection, or speaks JSON.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const base = (process.env.CONVENE_URL ?? '').replace(/\/$/, '');
export const convene = (...args) => execFileSync(path.join(top, 'build/convene'), args, { encoding: 'utf8' });

if (!base) {
  console.log('1..0 # skip CONVENE_URL names no running instance');
  process.exit(0);
}

// Debian's Node has no getSetCookie(); none of ours holds a comma.
export const cookiesOf = (headers) => headers.get('set-cookie')?.split(', ') ?? [];

export class Visitor {
  cookies = new Map();

  async ask(where, { method = 'GET', headers = {}, ...more } = {}) {
    const answer = await fetch(base + where, {
      method,
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        cookie: [...this.cookies].map(([k, v]) => `${k}=${v}`).join('; '),
        ...(method === 'GET' ? {} : { origin: base, 'sec-fetch-site': 'same-origin' }),
        ...headers,
      },
      ...more,
    });
    for (const line of cookiesOf(answer.headers)) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (value) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, goes: answer.headers.get('location') ?? '' };
  }

  // The page at an address, or where a form led to.
  get(where, headers) {
    return this.ask(where, { headers });
  }

  send(where, values = {}) {
    return this.ask(where, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(values).toString(),
    });
  }

  async json(where, values) {
    const answer = await this.ask(where, {
      method: values === undefined ? 'GET' : 'POST',
      headers: { accept: 'application/json', ...(values === undefined ? {} : { 'content-type': 'application/json' }) },
      body: values === undefined ? undefined : JSON.stringify(values),
    });
    return { ...answer, value: answer.text ? JSON.parse(answer.text) : null };
  }

  static async nobody() {
    return new Visitor();
  }

  // Signed in by a one-time link from the command line.
  static async named(email) {
    const visitor = new Visitor();
    const link = new URL(/https?:\/\/\S+/.exec(convene('login', email))[0]);
    const token = link.pathname.split('/').pop();
    await visitor.get(link.pathname);
    await visitor.send('/signin/link', { token });
    return visitor;
  }
}

// TAP.
let count = 0;
export const tell = (good, what, why = '') => {
  console.log(`${good ? 'ok' : 'not ok'} ${++count} - ${what}`);
  if (!good && why) console.log(`# ${String(why).slice(0, 2000).replaceAll('\n', '\n# ')}`);
  if (!good) process.exitCode = 1;
  return good;
};
export const same = (got, want, what) => tell(got === want, what, `got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
export const end = () => console.log(`1..${count}`);

// What a page shows of a form: which fields are at fault, and what stands in them.
export const faulty = (html) => [...html.matchAll(/id="f-([a-z_]+)-fault"/g)].map((m) => m[1]);
export const stands = (html, name) => {
  const unescape = (s) => s?.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  const input = new RegExp(`<input[^>]*id="f-${name}"[^>]*>`).exec(html)?.[0];
  if (input) return unescape(/ value="([^"]*)"/.exec(input)?.[1] ?? '');
  const area = new RegExp(`<textarea[^>]*id="f-${name}"[^>]*>([^<]*)<`).exec(html);
  if (area) return unescape(area[1]);
  const select = new RegExp(`<select[^>]*id="f-${name}"[^>]*>([^]*?)</select>`).exec(html)?.[1];
  return unescape(/<option value="([^"]*)" selected/.exec(select ?? '')?.[1] ?? '');
};
