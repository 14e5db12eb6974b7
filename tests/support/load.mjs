// Many clients at once, each from an address of its own (127.1.x.y, so that
// limits by address let them), and a journal of what each was told.
import http from 'node:http';
import { randomBytes, randomUUID } from 'node:crypto';
import { base } from './visitor.mjs';
import { pause, psql } from './raw.mjs';

const { hostname, port } = new URL(base || 'http://localhost:0');

export class Client {
  constructor(number) {
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 1, localAddress: `127.1.${number >> 8}.${number & 255}` });
    this.headers = { host: `${hostname}:${port}`, accept: 'application/json', 'sec-fetch-site': 'same-origin' };
  }

  // Resolves to the status, or 0 when no answer came: then all is possible.
  ask(method, where, body, { timeout = 15000, headers = {} } = {}) {
    const began = performance.now();
    const json = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((done) => {
      const end = (status, text = '', more = {}) => done({ status, text, headers: more, ms: performance.now() - began });
      const request = http.request({ host: '127.0.0.1', port, method, path: where, agent: this.agent, timeout,
        headers: { ...this.headers, ...(json ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) } : {}), ...headers } }, (answer) => {
        const got = [];
        answer.on('data', (bytes) => got.push(bytes));
        answer.on('end', () => end(answer.statusCode, Buffer.concat(got).toString(), answer.headers));
        answer.on('error', () => end(0));
      });
      request.on('timeout', () => request.destroy());
      request.on('error', () => end(0));
      request.end(json);
    });
  }

  register(event, email, key = randomUUID()) {
    return this.ask('POST', `/events/${event}/register`, { email, name: email.split('@')[0], key });
  }
}

// No limits by address within: the tests come from few.
export const unlimited = () => psql("insert into data.setting (name, value) select 'throttle.' || b, '1e9 1e9' from unnest('{registration,signin,signin.email,enrol}'::text[]) b on conflict (name) do update set value = excluded.value");
export const limited = () => psql("delete from data.setting where name like 'throttle.%'");

// A published event, found and with its calendar as if it had been made by hand.
export const event = (title, seats, more = {}) => {
  const id = Number(psql(`
    with p as (insert into data.program (slug, reach, title, state) values ('${title}-${randomUUID()}', 'global', '${title}', 'published') returning id),
    e as (insert into data.event (program_id, slug, title, zone, starts, ends, state)
      select id, '${title}-' || gen_random_uuid(), '${title}', 'Africa/Cairo', now() + interval '${more.starts ?? '9 days'}', now() + interval '${more.ends ?? '10 days'}', 'published' from p returning id),
    s as (insert into data.pool (event_id, seats) select id, ${seats ?? 'null'} from e)
    select id from e`));
  psql(`select schedule.calendars(id), schedule.index_event(id), program.index(program_id) from data.event where id = ${id}`);
  return id;
};

// Waits until f() holds; says how long that took, or -1.
export const until = async (f, ms = 10000, step = 50) => {
  const began = Date.now();
  for (;;) {
    try {
      if (await f()) return Date.now() - began;
    } catch { /* not yet */ }
    if (Date.now() - began > ms) return -1;
    await pause(step);
  }
};

// So many people with accounts, each a client that has signed in.
let clients = 0;
export const people = (n, name) => {
  const all = Array.from({ length: n }, (_, i) => ({ email: `${name}-${i}-${randomUUID().slice(0, 8)}@convene.example`, token: randomBytes(32).toString('base64url') }));
  psql(`with given (email, token) as (values ${all.map((p) => `('${p.email}', '${p.token}')`).join()}),
    made as (insert into data.person (email, name) select email, split_part(email, '@', 1) from given returning id, email)
    insert into data.login (token_hash, person_id, idle, idle_expiry, absolute_expiry)
    select sha256(convert_to(token, 'UTF8')), id, '1 day', now() + interval '1 day', now() + interval '1 day' from given join made using (email)`);
  return all.map((p) => {
    const client = new Client(++clients);
    client.headers.cookie = `convene=${p.token}`;
    return Object.assign(client, { email: p.email });
  });
};
export const strangers = (n) => Array.from({ length: n }, () => new Client(++clients));
