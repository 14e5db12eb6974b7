// No door answers to whom it must not: every route, knocked at by each role,
// against doors.txt.  A route that is not in that table fails, and so does a
// line of a route that is no more.  DOORS_PRINT=1 prints the table as it is
// answered, for lines to come: read it before it is believed.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { base, end, same, tell, top } from '../support/visitor.mjs';
import { psql } from '../support/raw.mjs';

const ROLES = ['nobody', 'participant', 'stranger', 'device', 'staff', 'organizer', 'otherdevice', 'otherstaff', 'otherorganizer', 'admin', 'coordinator', 'othercoordinator'];
const token = () => randomBytes(32).toString('base64url');
const logins = Object.fromEntries(ROLES.filter((r) => !/nobody|device/.test(r)).map((r) => [r, token()]));

// One of each thing; the tokens of what only a token opens differ each time.
const things = async () => {
  const key = token().slice(0, 42);
  const made = await promisify(execFile)('psql', ['-qXAt', '-v', 'ON_ERROR_STOP=1', '-v', `n=${randomBytes(8).toString('hex')}`, '-v', `token=${key}`,
    '-f', path.join(top, 'tests/support/doors.sql')]);
  const found = JSON.parse(made.stdout.trim().split('\n').at(-1));
  return { ...found, manage: `m${key}`, feed: `f${key}`, enrolment: `e${key}`, devices: { device: `d${key}`, otherdevice: `o${key}` }, token: token() };
};
const enter = () => psql(`insert into data.login (token_hash, person_id, idle, idle_expiry, absolute_expiry)
  select decode(t, 'hex'), id, '1 day', now() + interval '1 day', now() + interval '1 day'
  from (values ${Object.entries(logins).map(([r, t]) => `('${r}', '${createHash('sha256').update(t).digest('hex')}')`).join()}) v (r, t)
  join data.person on email = 'doors-' || r || '@convene.example' on conflict do nothing`);

const BODY = { starts: '2031-03-04T10:00', ends: '2031-03-04T11:00', zone: 'UTC', token: 'A'.repeat(43), code: '23456789', version: 1, seats: 9, held: '2026-01-02', day: '2031-03-04', sure: 'true' };
const valueOf = (name, schema) => BODY[name] ?? schema.enum?.[0]
  ?? { email: 'doors-someone@convene.example', uuid: randomUUID(), date: '2031-03-04', uri: 'https://example.org/' }[schema.format]
  ?? { integer: schema.minimum || 1, boolean: true, array: [1] }[schema.type] ?? randomBytes(6).toString('hex');

// "event={draft} name=Hall" as an object; "@octets" is a body of four bytes,
// "@form" a form with a file, "@table" one with a table of people; "@stored" and "@published=ACCESS" come first.
const fill = (text, thing) => text.replace(/\{([a-z_]+)\}/g, (all, name) => thing[name] ?? all);
const given = (text, thing) => Object.fromEntries((text ?? '').split(/\s+/).filter(Boolean).map((w) => fill(w, thing).split('=')));

// The organizer brings the file, and publishes it.
const store = async (door, thing) => {
  const [, access] = /@published=(\w+)/.exec(door.more) ?? [];
  if (!/@stored|@published/.test(door.more) || (thing.stored && !access)) return;
  const put = (method, where, more) => knock({ method, path: where, more, operation: routes.find(is({ method, path: where })).operation }, 'organizer', thing);
  if (!thing.stored) await put('PUT', '/materials/{material}/content', '@octets');
  thing.stored = true;
  if (access) await put('POST', '/sessions/{session}/publish', `access=${access}`);
};

const knock = async (door, role, thing) => {
  const own = given(door.more, thing);
  const where = fill(door.path, { ...thing, ...own });
  const login = logins[role] ?? thing.devices[role];
  const headers = { accept: 'application/json', 'sec-fetch-site': 'same-origin', ...(login ? { cookie: `convene=${login}` } : {}) };
  let body;
  if (door.method !== 'GET' && '@octets' in own) {
    Object.assign(headers, { 'content-type': 'application/octet-stream', 'content-range': 'bytes 0-3/4' });
    body = 'data';
  } else if ('@table' in own) {
    body = new FormData();
    body.append('unit', String(thing.unit));
    body.append('file', new Blob(['email,name\ndoors-someone@convene.example,Someone\n']), 'people.csv');
  } else if ('@form' in own) {
    body = new FormData();
    body.append('kind', 'slides');
    body.append('file', new Blob(['data']), 'data.txt');
  } else if (door.method !== 'GET') {
    const schema = door.operation?.requestBody?.content?.['application/json']?.schema ?? {};
    const asked = Object.fromEntries((schema.required ?? []).map((name) => [name, valueOf(name, schema.properties[name])]));
    headers['content-type'] = 'application/json';
    body = JSON.stringify({ ...asked, ...own });
  }
  const answer = await fetch(base + where, { method: door.method, redirect: 'manual', headers, body });
  return { status: answer.status, text: await answer.text() };
};
const knockAgain = async (...door) => {
  const got = await knock(...door);
  if (got.status !== 429) return got;
  psql('truncate data.throttle');
  return knock(...door);
};

// --- the table, and the routes ------------------------------------------------

const contract = await (await fetch(`${base}/api/openapi.json`)).json();
const routes = Object.entries(contract.paths).flatMap(([p, methods]) => Object.entries(methods).map(([m, operation]) => ({ method: m.toUpperCase(), path: p, operation })));
const table = fs.readFileSync(path.join(top, 'tests/web/doors.txt'), 'utf8').split('\n')
  .filter((line) => line.trim() && !line.startsWith('#')).map((line) => {
    const [method, where, ...rest] = line.trim().split(/\s+/);
    const statuses = rest.filter((w) => /^\d{3}$/.test(w)).slice(0, ROLES.length);
    // Coordinators are strangers to most doors, whose lines end before them.
    const wanted = statuses.length === ROLES.length - 2 ? [...statuses, statuses[2], statuses[2]] : statuses;
    return { method, path: where, wanted, more: rest.slice(statuses.length).join(' ') };
  });
const is = (a) => (b) => a.method === b.method && a.path === b.path;
for (const door of table) door.operation = routes.find(is(door))?.operation;
const missing = routes.filter((r) => !table.some(is(r)));
const gone = table.filter((d) => !routes.some(is(d)));
same(missing.map((d) => `${d.method} ${d.path}`).join('\n'), '', 'each route has a line in doors.txt');
same(gone.map((d) => `${d.method} ${d.path}`).join('\n'), '', 'each line of doors.txt has a route');

// --- knocking --------------------------------------------------------------------

let thing = await things();
enter();
// What takes something away leaves nothing for the next who knocks: then all is
// made new.
const TAKES = /(delete|remove|group|transfer|release|retire|revoke|cancel|withdraw|publish|undo|content|enrol|again|register|pick|admit|roles|file|signout|move|add|\{session\}|\{mailing\}|questions\/\{question\}|send)$/;
const answersOf = async (door) => {
  const answers = [];
  if (door.method === 'GET') {
    await store(door, thing);
    return Promise.all(ROLES.map((role) => knockAgain(door, role, thing)));
  }
  // What an earlier door brought cannot be brought again.
  if (/@octets/.test(door.more) && thing.stored) thing = await things();
  for (const role of ROLES) {
    await store(door, thing);
    const got = await knockAgain(door, role, thing);
    answers.push(got);
    if (got.status >= 400) continue;
    if (TAKES.test(door.path)) thing = await things();
    if (/^\/sign/.test(door.path)) enter();
  }
  return answers;
};
for (const door of [...table, ...(process.env.DOORS_PRINT ? missing : [])]) {
  const answers = await answersOf(door);
  const got = answers.map((a) => a.status).join(' ');
  if (process.env.DOORS_PRINT) {
    console.error(`${door.method.padEnd(5)} ${door.path.padEnd(44)} ${got}${door.more ? `   ${door.more}` : ''}`);
    continue;
  }
  if (!door.operation) continue;
  const why = answers.flatMap((a, i) => (String(a.status) === door.wanted[i] ? [] : [`${ROLES[i]}: got ${a.status}, want ${door.wanted[i]}: ${a.text.slice(0, 150)}`]));
  tell(why.length === 0 && door.wanted.length === ROLES.length, `${door.method} ${door.path} ${door.more}`, why.join('\n'));
}
end();
