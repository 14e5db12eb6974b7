// The mails that came to somebody, as a mail program would open them.
import fs from 'node:fs';
import path from 'node:path';

const folder = path.join(process.env.CONVENE_MAIL ?? path.join(process.env.CONVENE_DIR ?? '', 'mail'), 'new');

const bytesOf = (text, encoding) => {
  if (/base64/i.test(encoding)) return Buffer.from(text, 'base64');
  if (!/quoted-printable/i.test(encoding)) return Buffer.from(text, 'latin1');
  return Buffer.from(text.replaceAll(/=\r?\n/g, '').replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))), 'latin1');
};

const word = (_, encoding, text) => (/b/i.test(encoding) ? Buffer.from(text, 'base64')
  : Buffer.from(text.replaceAll('_', ' ').replaceAll(/=([0-9A-F]{2})/gi, (__, hex) => String.fromCharCode(parseInt(hex, 16))), 'latin1')).toString();
const header = (head, name) => (new RegExp(`^${name}: *([^\\n]*(?:\\n[ \\t][^\\n]*)*)`, 'im').exec(head)?.[1] ?? '')
  .replaceAll(/\n[ \t]/g, ' ').replaceAll(/\?= +=\?/g, '?==?').replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, word);

// Each leaf of the MIME tree: its type, parameters and bytes.
const leaves = (raw) => {
  const [, head, body] = /^([^]*?)\n\n([^]*)$/.exec(raw.replaceAll('\r\n', '\n')) ?? [null, raw, ''];
  const type = header(head, 'content-type');
  const boundary = /boundary="?([^";]+)/.exec(type)?.[1];
  if (!boundary) return [{ type: type.split(';')[0].trim(), full: type, bytes: bytesOf(body, header(head, 'content-transfer-encoding')) }];
  return body.split(`--${boundary}`).slice(1, -1).flatMap((part) => leaves(part.replace(/^\n/, '').replace(/\n$/, '')));
};

const open = (file) => {
  const raw = fs.readFileSync(path.join(folder, file), 'latin1');
  const all = leaves(raw);
  const text = (type) => all.find((p) => p.type === type)?.bytes.toString() ?? '';
  const calendar = all.find((p) => p.type === 'text/calendar');
  const entry = (calendar?.bytes.toString() ?? '').replaceAll(/\r?\n[ \t]/g, '');
  const value = (name) => new RegExp(`^${name}(?:;[^:\\n]*)?:([^\\r\\n]*)`, 'm').exec(entry)?.[1] ?? '';
  return {
    file,
    subject: header(raw.replaceAll('\r\n', '\n').split('\n\n')[0], 'subject'),
    text: text('text/plain'),
    html: text('text/html'),
    picture: all.find((p) => p.type === 'image/png')?.bytes ?? null,
    method: value('METHOD'),
    uid: value('UID'),
    sequence: Number(value('SEQUENCE')),
    starts: value('DTSTART'),
    // The address of a link of ours in the plain text.
    link: (pattern) => new RegExp(`https?://[^\\s/]+(${pattern})`).exec(text('text/plain'))?.[1] ?? null,
  };
};

// The first mail to an address that `fits`, in the order in which they came.
const known = new Map();
export const mails = (address) => fs.readdirSync(folder).filter((f) => f.endsWith('.eml')).sort().filter((f) => {
  if (!known.has(f)) known.set(f, /^X-Rcpt-To: *(.*)$/im.exec(fs.readFileSync(path.join(folder, f), 'latin1'))?.[1].trim());
  return known.get(f) === address;
}).map(open);

export const mail = async (address, fits = () => true, ms = 15000) => {
  for (const until = Date.now() + ms; Date.now() < until;) {
    const found = mails(address).find(fits);
    if (found) return found;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`no such mail to ${address}; there are: ${mails(address).map((m) => `${m.subject} ${m.method}`).join(', ') || 'none'}`);
};
