// What tests of a running instance need at hand: an event that is open, people
// in it, and tickets of our own key or of another.
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { convene, Visitor } from './visitor.mjs';

export const run = Date.now().toString(36);
export const uuid = () => crypto.randomUUID();

// SQL as the database's owner, rows as arrays of text.
const rowsOf = (text) => text.split('\n').filter(Boolean).map((line) => line.split('|'));
const psql = (more, input = '') => rowsOf(execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', ...more], { input, encoding: 'utf8' }));
export const sql = (text) => psql(['-c', text]);

const made = (answer, name) => {
  const id = answer.value?.[name] ?? answer.value?.id;
  if (!Number.isInteger(id)) throw new Error(`no ${name}: ${answer.status} ${answer.text.slice(0, 400)}`);
  return id;
};

// An administrator, by the command line.
export const boss = async () => {
  const email = `boss-${run}@door.example`;
  convene('grant', email, 'Boss', 'admin');
  return Visitor.named(email);
};

export const program = async (visitor) => {
  const id = made(await visitor.json('/programs', { title: `Doors ${run}`, reach: 'global', language: 'en' }), 'program');
  await visitor.json(`/programs/${id}/publish`, {});
  return id;
};

export const event = async (visitor, programId, change = {}) => {
  const id = made(await visitor.json(`/programs/${programId}/events`, {
    title: `Open day ${run}`, language: 'en', zone: 'Africa/Cairo', starts: '2031-05-05T09:00', ends: '2031-05-06T18:00',
    mode: 'face_to_face', venue: 'Old port', city: 'Cairo', country: 'EG', access: 'public', whole: 'true', seats: 20, ...change,
  }), 'event');
  await visitor.json(`/events/${id}/publish`, {});
  return id;
};

export const session = async (visitor, eventId, change = {}) => made(await visitor.json(`/events/${eventId}/sessions`, {
  title: 'Mud and maps', starts: '2031-05-05T10:00', ends: '2031-05-05T11:00', ...change,
}), 'session');

// Registers people with accounts of their own, one after the other.
const quoted = (text) => `'${String(text).replaceAll("'", "''")}'`;
const taking = (eventId, { name, email = `${name.replaceAll(/\W/g, '').toLowerCase()}-${run}@door.example` }) => `
  select registration, state from registration.take(${eventId}, ${quoted(email)}, ${quoted(name)}, 'en', 'EG', 'Delta University', null,
    '${uuid()}', sha256('${uuid()}'));`;
export const registerAll = (eventId, people) => psql([], people.map((p) => taking(eventId, p)).join('\n'))
  .map(([id, state]) => ({ id: Number(id), state }));
export const register = (eventId, name, change = {}) => registerAll(eventId, [{ name, ...change }])[0];

// --- tickets ---
const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
export const base45 = (bytes) => {
  let out = '';
  for (let i = 0; i < bytes.length; i += 2) {
    const n = bytes[i] * 256 + bytes[i + 1];
    out += letters[n % 45] + letters[Math.floor(n / 45) % 45] + letters[Math.floor(n / 2025)];
  }
  return out;
};
const keyOf = (seed) => crypto.createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), format: 'der', type: 'pkcs8',
});
export const ours = () => keyOf(fs.readFileSync(path.join(process.env.CONVENE_DIR, 'ticket.key')).subarray(0, 32));
export const another = () => keyOf(crypto.randomBytes(32));
export const publicHex = (key) => crypto.createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
export const ticket = (eventId, registration, { serial = 0, key = ours(), id = 1 } = {}) => {
  const body = Buffer.alloc(16);
  body[0] = 1;
  body[1] = id;
  body.writeUInt32BE(eventId, 2);
  body.writeBigUInt64BE(BigInt(registration), 6);
  body.writeUInt16BE(serial, 14);
  const signed = Buffer.concat([Buffer.from('ticket-v1\0'), body]);
  return base45(Buffer.concat([body, crypto.sign(null, signed, key)]));
};

// The QR code that a page draws, as a picture (PBM), or null.
export const drawn = (html, scale = 6) => {
  const found = /<svg viewBox="0 0 (\d+) \d+"[^>]*role="img"[^]*?<path d="([^"]+)"/.exec(html);
  if (!found) return null;
  const side = Number(found[1]);
  const bits = Array.from({ length: side }, () => Array(side).fill(0));
  for (const [, x, y, n] of found[2].matchAll(/M\s*(\d+)[ ,](\d+)\s*h\s*(\d+)/g)) bits[y].fill(1, Number(x), Number(x) + Number(n));
  const rows = bits.flatMap((row) => Array(scale).fill(row.flatMap((b) => Array(scale).fill(b)).join(' ')));
  return `P1\n${side * scale} ${side * scale}\n${rows.join('\n')}\n`;
};
