// Bytes to the edge as no client library would send them, and what is there
// afterwards: answers, processes, rows.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { base } from './visitor.mjs';

const { hostname, port } = new URL(base || 'http://localhost:0');
export const dir = process.env.CONVENE_DIR ?? '';
export const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

// The answers in a stream of bytes: each with its status, headers and body.
const parse = (bytes, heads = []) => {
  const answers = [];
  let rest = bytes;
  for (;;) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return answers;
    const [line, ...fields] = rest.subarray(0, end).toString('latin1').split('\r\n');
    const headers = new Map();
    for (const field of fields) {
      const [, name, value] = /^([^:]+):\s*(.*)$/.exec(field) ?? [];
      if (name) headers.set(name.toLowerCase(), headers.has(name.toLowerCase()) ? `${headers.get(name.toLowerCase())}\n${value}` : value);
    }
    const status = Number(line.split(' ')[1]);
    rest = rest.subarray(end + 4);
    let body = Buffer.alloc(0), whole = true;
    if (headers.get('transfer-encoding') === 'chunked') {
      for (;;) {
        const eol = rest.indexOf('\r\n');
        const size = parseInt(rest.subarray(0, eol).toString(), 16);
        whole = !(eol < 0 || Number.isNaN(size) || rest.length < eol + 4 + size);
        if (!whole) break;
        body = Buffer.concat([body, rest.subarray(eol + 2, eol + 2 + size)]);
        rest = rest.subarray(eol + 2 + size + 2);
        if (size === 0) break;
      }
    } else if (status >= 200 && status !== 304 && !heads[answers.length]) {
      const size = Number(headers.get('content-length') ?? rest.length);
      whole = headers.has('content-length') && rest.length >= size;
      body = rest.subarray(0, size);
      rest = rest.subarray(size);
    }
    answers.push({ status, headers, whole, text: body.toString() });
  }
};

// Sends the parts one after the other (a number waits so many ms) and reads
// until the other side closes or is silent for `quiet` ms; once `expect`
// answers are there, only shortly.
export const raw = (parts, { quiet = 700, heads = [], expect = 1, to = Number(port) } = {}) => new Promise((done) => {
  const socket = net.connect({ host: hostname, port: to, noDelay: true });
  const got = [];
  const began = Date.now();
  let timer, closed = false;
  const end = () => {
    clearTimeout(timer);
    socket.destroy();
    const answers = parse(Buffer.concat(got), heads);
    done({ answers, statuses: answers.map((a) => a.status).join(' '), closed, ms: Date.now() - began });
  };
  socket.on('data', (bytes) => {
    got.push(bytes);
    clearTimeout(timer);
    timer = setTimeout(end, parse(Buffer.concat(got), heads).filter((a) => a.whole).length >= expect ? 40 : quiet);
  });
  socket.on('error', () => { closed = true; end(); });
  socket.on('close', () => { closed = true; end(); });
  socket.on('connect', async () => {
    for (const part of [parts].flat()) {
      if (typeof part === 'number') await pause(part);
      else if (!socket.destroyed) socket.write(part);
    }
    timer = setTimeout(end, Math.max(quiet, 3000));
  });
});

// A request as bytes; its body's length is added unless a header says it.
export const bytes = (line, headers = [], body = '') => {
  const size = Buffer.byteLength(body);
  const counted = body === '' || headers.some((h) => /^(content-length|transfer-encoding)/i.test(h));
  return Buffer.concat([Buffer.from([`${line} HTTP/1.1`, `Host: ${hostname}:${port}`, ...headers,
    ...(counted ? [] : [`Content-Length: ${size}`]), '', ''].join('\r\n'), 'latin1'), Buffer.from(body)]);
};

export const psql = (sql) => execFileSync('psql', ['-qXAt', '-v', 'ON_ERROR_STOP=1', '-c', sql], { encoding: 'utf8' }).trim();

// Somebody with an account, and nothing else.
export const known = (email) => psql(`insert into data.person (email, name) values ('${email}', 'Somebody') on conflict do nothing`);

// The same web beside, without an edge: a Kore of its own with other settings.
export const beside = async (number, settings = {}) => {
  const to = Number(port) + 15000 + number;
  const conf = `${dir}/run/kore-beside-${number}.conf`;
  fs.writeFileSync(conf, fs.readFileSync(`${dir}/run/kore.conf`, 'utf8').replace(/bind .*/, `bind 127.0.0.1 ${to}`)
    .replace('run/kore.pid', `run/kore-beside-${number}.pid`).replace(/^workers\t.*/m, 'workers 1')
    .replace(/^(http_body_disk_path\s+).*/m, `$1${settings.CONVENE_UPLOAD ?? `${dir}/upload`}`));
  fs.chmodSync(conf, 0o644);
  const kore = spawn('kore', ['-fnr', '-c', conf], { cwd: dir, stdio: 'ignore', detached: true,
    ...(process.getuid() === 0 ? { uid: fs.statSync(`${dir}/data`).uid } : {}), env: { ...process.env, CONVENE_CONF: `${dir}/convene.conf`, ...settings } });
  const end = () => { try { process.kill(-kore.pid, 'SIGKILL'); } catch { /* it has ended */ } };
  process.on('exit', end);
  for (let i = 0; i < 60; i++) {
    if ((await raw([bytes('GET /readyz')], { to })).answers[0]?.status === 200) break;
    await pause(100);
  }
  return { to, end };
};

// How many rows each table has, but for those that count visits and tries.
export const rows = () => psql(`
  select string_agg(relname || ' ' || (xpath('//c/text()', query_to_xml(format('select count(*) as c from data.%I', relname),
    false, true, '')))[1], E'\\n' order by relname)
  from pg_class where relnamespace = 'data'::regnamespace and relkind = 'r' and relname not in ('throttle')`);

// Kore's workers: the children of the process that the supervisor started.
export const workers = () => {
  const parent = fs.readFileSync(path.join(dir, 'run/web.pid'), 'utf8').trim();
  return fs.readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ').sort().join(' ');
};
