// Files through a running instance: in slices with a break, by a form, fetched
// back by those who may; published, resolved, withdrawn.
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { boss, event as newEvent, program as newProgram, register, run, session as newSession, sql } from '../support/event.mjs';
import { base, convene, end, faulty, same, tell, Visitor } from '../support/visitor.mjs';

const SLICE = 512 * 1024;
const dir = process.env.CONVENE_DIR;
const organizer = await boss();
const nobody = await Visitor.nobody();
const program = await newProgram(organizer);
const event = await newEvent(organizer, program);
const session = await newSession(organizer, event);
const second = await newSession(organizer, event, { title: 'Second', starts: '2031-05-05T12:00', ends: '2031-05-05T13:00' });
register(event, 'Pia', { email: `pia-${run}@door.example` });
const pia = await Visitor.named(`pia-${run}@door.example`);
convene('grant', `other-${run}@door.example`, 'Other', 'organizer', 'event', String(await newEvent(organizer, program, { title: 'Other' })));
const stranger = await Visitor.named(`other-${run}@door.example`);
sql(`insert into data.person (email, name) values ('member-${run}@door.example', 'Member') on conflict do nothing`);
const member = await Visitor.named(`member-${run}@door.example`);

const pdf = (size) => Buffer.concat([Buffer.from('%PDF-1.7\n'), crypto.randomBytes(size - 9)]);
const sha256 = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex');
const begin = (visitor, where, values) => visitor.json(`/sessions/${where}/materials`, values);
const put = async (visitor, material, bytes, from, till, size = bytes.length, range) => {
  const answer = await visitor.ask(`/materials/${material}/content`, {
    method: 'PUT', body: bytes.subarray(from, till),
    headers: { accept: 'application/json', 'content-type': 'application/octet-stream', 'content-range': range ?? `bytes ${from}-${till - 1}/${size}` },
  });
  return { ...answer, value: answer.text ? JSON.parse(answer.text) : null };
};
const store = (hex) => path.join(dir, 'store', hex.slice(0, 2), hex.slice(2, 4), hex);

// --- in slices ---
const file = pdf(3 * SLICE + 1234);
const hex = sha256(file);
let answer = await begin(organizer, session, { name: 'C:\\slides\\Färben & 水.pdf', size: file.length, kind: 'slides' });
same(`${answer.status} ${answer.value?.received}`, '201 0', 'an upload begins');
const { material } = answer.value;
answer = await put(organizer, material, file, 0, SLICE);
same(`${answer.status} ${answer.value.received}`, `200 ${SLICE}`, 'a slice is kept');
same((await put(organizer, material, file, 0, SLICE)).value.received, SLICE, 'the same slice again changes nothing');
answer = await put(organizer, material, file, 2 * SLICE, 3 * SLICE);
same(`${answer.status} ${answer.value.received}`, `409 ${SLICE}`, 'a slice with a gap before it: 409, and how far it is');
same((await put(organizer, material, file, SLICE, SLICE + 5, file.length, 'bytes 5-1/9')).status, 416, 'a range that is none: 416');
same((await put(organizer, material, file, SLICE, SLICE + 5, file.length, '')).status, 416, 'no range: 416');
same((await put(organizer, material, file, SLICE, 2 * SLICE, file.length + 1)).status, 416, 'a range of another size: 416');
same((await put(organizer, material, file, SLICE, 2 * SLICE, 0, `bytes ${SLICE}-${SLICE}/${file.length}`)).status, 400, 'a range that is not as long as its bytes: 400');

// A client that leaves in the middle, and a worker that dies, lose nothing.
await new Promise((done) => {
  const gone = new AbortController();
  fetch(`${base}/materials/${material}/content`, {
    method: 'PUT', duplex: 'half', signal: gone.signal,
    headers: { cookie: [...organizer.cookies].map(([k, v]) => `${k}=${v}`).join('; '), 'sec-fetch-site': 'same-origin', 'content-range': `bytes ${SLICE}-${2 * SLICE - 1}/${file.length}` },
    body: new ReadableStream({ pull: (c) => { c.enqueue(file.subarray(0, 1000)); return new Promise(() => {}); } }),
  }).catch(() => {});
  setTimeout(() => { gone.abort(); setTimeout(done, 100); }, 200);
});
answer = await organizer.json(`/materials/${material}`);
same(`${answer.value.received} ${answer.value.size} ${answer.value.complete}`, `${SLICE} ${file.length} false`, 'a client that left in the middle: it is as far as before');
try {
  const parent = fs.readFileSync(path.join(dir, 'run/kore.pid'), 'utf8').trim();
  for (const pid of execFileSync('pgrep', ['-P', parent], { encoding: 'utf8' }).trim().split('\n')) process.kill(Number(pid), 'SIGKILL');
  await new Promise((done) => setTimeout(done, 700));
} catch (e) {
  tell(true, `workers are killed # skip ${e.message.split('\n')[0]}`);
}
answer = await put(organizer, material, file, SLICE, 2 * SLICE);
for (let i = 0; i < 10 && answer.status >= 500; i++) {
  await new Promise((done) => setTimeout(done, 300));
  answer = await put(organizer, material, file, SLICE, 2 * SLICE);
}
same(answer.value.received, 2 * SLICE, 'after the death of the workers it goes on from there');
same((await begin(organizer, session, { name: 'Färben & 水.pdf', size: file.length, kind: 'slides' })).value.material, material, 'begun again, it is the same upload');
same((await begin(organizer, session, { name: 'Färben & 水.pdf', size: file.length, kind: 'slides', fresh: true })).value.received, 0, 'unless it is to be a fresh one');

// Two at once: one writes, nothing is mixed up.
const both = await Promise.all([put(organizer, material, file, 2 * SLICE, 3 * SLICE), put(organizer, material, file, 2 * SLICE, 3 * SLICE)]);
tell(both.every((a) => a.status === 200 || a.status === 409) && both.some((a) => a.status === 200), 'two clients send the same slice at once', both.map((a) => a.status).join());
answer = await put(organizer, material, file, 3 * SLICE, file.length);
same(`${answer.status} ${answer.value.complete}`, '200 true', 'the last slice completes it');
same(sha256(fs.readFileSync(store(hex))), hex, 'the file lies under its own hash');
same((await put(organizer, material, file, 3 * SLICE, file.length)).status, 409, 'nothing is added to what is complete');
same(fs.existsSync(path.join(dir, 'upload', `part-${material}`)) || fs.existsSync(path.join(dir, 'upload', `part-${material}.state`)), false, 'no part is left');
const row = sql(`select name, type, encode(sha256, 'hex') from data.material where id = ${material}`)[0];
same(row.join(' '), `Färben & 水.pdf application/pdf ${hex}`, 'name, type and hash are known');

// The state was lost, or does not fit its part: it begins anew, never wrong.
const spoilt = pdf(2 * SLICE);
const spoil = async (how, what) => {
  const { material: id } = (await begin(organizer, session, { name: 'spoilt.pdf', size: spoilt.length, fresh: true })).value;
  await put(organizer, id, spoilt, 0, SLICE);
  how(path.join(dir, 'upload', `part-${id}`));
  answer = await put(organizer, id, spoilt, SLICE, spoilt.length);
  same(`${answer.status} ${answer.value.received}`, '409 0', what);
  await put(organizer, id, spoilt, 0, SLICE);
  answer = await put(organizer, id, spoilt, SLICE, spoilt.length);
  same(answer.value.complete && sha256(fs.readFileSync(store(sha256(spoilt)))), sha256(spoilt), `${what}: and then is whole`);
};
await spoil((part) => fs.unlinkSync(`${part}.state`), 'a lost state');
await spoil((part) => fs.writeFileSync(`${part}.state`, Buffer.alloc(200, 7)), 'a state that is none');
await spoil((part) => fs.truncateSync(part, 10), 'a part that was cut');

// --- limits ---
same((await begin(organizer, session, { name: 'a.bin', size: 2 ** 40 })).status, 413, 'a file over the limit is refused before a byte is sent');
same((await begin(organizer, session, { name: 'a.bin', size: 0 })).status, 422, 'as is an empty one');
same((await begin(organizer, session, { name: ' ', size: 5 })).status, 422, 'and one without a name');
same((await begin(organizer, session, { name: 'dir/', size: 5 })).status, 422, 'and one that is a folder');
same((await put(organizer, material, Buffer.alloc(5 << 20), 0, 5 << 20)).status, 413, 'a slice over 4 MB');
same((await put(organizer, material, Buffer.alloc(17 << 20), 0, 17 << 20).catch(() => ({ status: 413 }))).status, 413, 'a slice over what the edge takes');

// --- a full disk ---
const upload = path.join(dir, 'upload');
let mounted = false;
try {
  const { uid, gid } = fs.statSync(upload);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=1m,mode=700,uid=${uid},gid=${gid}`, 'tmpfs', upload], { stdio: 'ignore' });
  mounted = true;
} catch {
  tell(true, 'a full disk # skip only root may mount a small one');
}
if (mounted) {
  const { material: id } = (await begin(organizer, second, { name: 'big.bin', size: 4 * SLICE })).value ?? {};
  if (id) tell(false, 'a full disk refuses what cannot fit', id);
  answer = await begin(organizer, second, { name: 'big.bin', size: 4 * SLICE });
  same(`${answer.status} ${answer.value.code}`, '503 archive.disk_full', 'a full disk: no upload begins');
  tell(answer.value.detail.length > 20 && answer.headers.get('retry-after'), 'and it is said', answer.text);
  execFileSync('umount', [upload]);
  const { material: half } = (await begin(organizer, second, { name: 'big.bin', size: 4 * SLICE })).value;
  const { uid, gid } = fs.statSync(upload);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=1m,mode=700,uid=${uid},gid=${gid}`, 'tmpfs', upload]);
  const big = pdf(4 * SLICE);
  const kept = await put(organizer, half, big, 0, SLICE);
  same(kept.value.received, SLICE, 'a disk that fills up: the first slice fits');
  const refused = await put(organizer, half, big, SLICE, 2 * SLICE);
  same(`${refused.status} ${refused.value.code}`, '503 archive.disk_full', 'the next does not, and it is said');
  same((await organizer.json(`/materials/${half}`)).value.received, SLICE, 'what was there is still there');
  same((await nobody.get('/archive')).status, 200, 'and all else goes on');
  execFileSync('umount', [upload]);
  same((await put(organizer, half, big, SLICE, 2 * SLICE)).status, 409, 'with room again it says how far it is');
  for (let at = 0; at < big.length; at += SLICE) answer = await put(organizer, half, big, at, at + SLICE);
  same(answer.value?.complete, true, 'and takes the file');
  await organizer.json(`/materials/${half}/withdraw`, {});
}

// --- who may not upload ---
for (const [who, visitor, status] of [['nobody', nobody, 401], ['a participant', pia, 403], ['another organizer', stranger, 403]]) {
  same((await begin(visitor, session, { name: 'a.pdf', size: 5 })).status, status, `${who} begins no upload`);
  same((await put(visitor, material, file, 0, SLICE)).status, status, `${who} sends no slice`);
  same((await visitor.json(`/materials/${material}`)).status, status, `${who} does not see how far it is`);
  same((await visitor.json(`/materials/${material}/withdraw`, {})).status, status, `${who} takes nothing away`);
  same((await visitor.json(`/sessions/${session}/materials`)).status, status, `${who} does not see the list`);
}
const cross = await organizer.ask(`/materials/${material}/content`, { method: 'PUT', body: 'x', headers: { 'sec-fetch-site': 'cross-site', 'content-range': 'bytes 0-0/1' } });
same(cross.status, 403, 'nor does another site, with my cookie');

// --- by a form ---
const form = (visitor, where, files, kind = 'handout') => {
  const body = new FormData();
  body.append('kind', kind);
  for (const [name, bytes] of files) body.append('file', new Blob([bytes]), name);
  return visitor.ask(`/sessions/${where}/materials/file`, { method: 'POST', body });
};
const named = (name) => sql(`select id, type, size, encode(sha256, 'hex') from data.material where session_id in (${session}, ${second}) and name = '${name}' and complete is not null order by id desc limit 1`)[0] ?? [];
answer = await form(organizer, session, [['notes.txt', 'Zwölf Boote\n'], ['big.pdf', pdf(3 << 20)]]);
same(`${answer.status} ${answer.goes}`, `303 /sessions/${session}/materials?said=flash.uploaded`, 'a form brings two files');
same(named('notes.txt').slice(1).join(' '), `text/plain 13 ${sha256(Buffer.from('Zwölf Boote\n'))}`, 'a small one');
same(named('big.pdf')[2], String(3 << 20), 'and one that goes by the disk');
await form(organizer, session, [['page.html', '<script>alert(1)</script>'], ['false.pdf', 'MZ\x90'], ['picture.svg', '<svg/>']]);
same(['page.html', 'false.pdf', 'picture.svg'].map((n) => named(n)[1]).join(), Array(3).fill('application/octet-stream').join(), 'what could run, or is not what it says, is bytes');
answer = await form(organizer, session, [['', '']]);
tell(answer.status === 422 && answer.text.includes('class="errors"'), 'a form without a file is told so', `${answer.status} ${faulty(answer.text)}`);
same((await form(organizer, session, [['empty.txt', '']])).status, 422, 'as is one with an empty file');
same((await form(organizer, session, [['a.txt', 'a']], 'nonsense')).status, 422, 'and one with a kind that is none');
answer = await organizer.ask(`/sessions/${session}/materials/file`, { method: 'POST', body: '--x\r\ncut', headers: { 'content-type': 'multipart/form-data; boundary=x' } });
same(answer.status, 400, 'a form that was cut');
same((await organizer.send(`/sessions/${session}/materials/file`, { kind: 'slides' })).status, 415, 'a form of another kind');
same((await form(organizer, session, [['large.bin', Buffer.alloc(17 << 20)]]).catch(() => ({ status: 413 }))).status, 413, 'a form over its limit');
same((await form(pia, session, [['a.txt', 'a']])).status, 403, 'a participant’s form is refused');
same(sql(`select count(*) from data.material where session_id = ${session} and name in ('a.txt', 'large.bin', 'empty.txt')`)[0][0], '0', 'of refused forms nothing is kept');

// --- fetched back ---
const get = async (visitor, id, headers = {}) => {
  const answer2 = await fetch(`${base}/materials/${id}/file`, { redirect: 'manual', headers: { cookie: [...visitor.cookies].map(([k, v]) => `${k}=${v}`).join('; '), ...headers } });
  return { status: answer2.status, headers: answer2.headers, bytes: Buffer.from(await answer2.arrayBuffer()) };
};
let got = await get(organizer, material);
same(`${got.status} ${sha256(got.bytes)}`, `200 ${hex}`, 'the organizer has the file back');
same(got.headers.get('etag'), `"${hex}"`, 'its tag is its hash');
same(got.headers.get('repr-digest'), `sha-256=:${Buffer.from(hex, 'hex').toString('base64')}:`, 'and its digest');
tell(got.headers.get('content-security-policy')?.includes('sandbox') && got.headers.get('x-content-type-options') === 'nosniff', 'nothing in it runs');
same(got.headers.get('content-disposition'), `attachment; filename="F__rben & ___.pdf"; filename*=UTF-8''F%C3%A4rben%20%26%20%E6%B0%B4.pdf`, 'it is saved under its name');
same(got.headers.get('cache-control'), 'private, no-cache', 'no cache shares it');
got = await get(organizer, material, { range: 'bytes=1000-1999' });
same(`${got.status} ${got.headers.get('content-range')} ${got.bytes.equals(file.subarray(1000, 2000))}`, `206 bytes 1000-1999/${file.length} true`, 'a part of it');
got = await get(organizer, material, { range: 'bytes=1000-1999', 'if-range': `"${hex}"` });
same(got.status, 206, 'a part of what is still the same');
same((await get(organizer, material, { range: 'bytes=0-9', 'if-range': '"other"' })).status, 200, 'all of it when it is not');
same((await get(organizer, material, { range: 'bytes=999999999-' })).status, 416, 'no part beyond its end');
same((await get(organizer, material, { 'if-none-match': `"${hex}"` })).status, 304, 'nothing of what one has already');
same((await get(nobody, material)).status, 303, 'nobody is asked to sign in');
same((await get(pia, material)).status, 404, 'a participant has it not before it is published');
same((await get(organizer, 999999999)).status, 404, 'nor anybody what is not there');
same((await nobody.get(`/store/${hex.slice(0, 2)}/${hex.slice(2, 4)}/${hex}`)).status, 404, 'the store has no door of its own');

// --- published ---
const details = { title: 'Mud & <maps>', abstract: 'Deltas that move.', persons: 'Amina Ibárruri\n王 Li', held: '2031-05-05', language: 'fr', licence: 'CC-BY-4.0', access: 'participants' };
const publish = (change, where = session) => organizer.send(`/sessions/${where}/publish`, { ...details, ...change });
answer = await organizer.get(`/sessions/${session}/publish`);
tell(answer.status === 200 && answer.text.includes('value="Mud and maps"'), 'the form knows the session');
answer = await publish({ licence: '', title: ' ' });
tell(answer.status === 422 && faulty(answer.text).join() === 'title,licence', 'no title, no licence: said at once', faulty(answer.text));
answer = await publish({ licence: 'WTFPL' });
same(`${answer.status} ${faulty(answer.text)}`, '422 licence', 'a licence that is not of the list');
same((await publish({}, second)).status, 422, 'nothing to publish');
answer = await publish({});
same(answer.status, 303, 'published');
const record = Number(/records\/(\d+)/.exec(answer.goes)[1]);
const ark = sql(`select ark from data.record where id = ${record}`)[0][0];
const [naan, name] = ark.split('/');
answer = await nobody.get(`/records/${record}`);
tell(answer.status === 200 && answer.text.includes('Mud &amp; &lt;maps&gt;') && answer.text.includes(`ark:${ark}`), 'everybody sees the record');
const ld = JSON.parse(/<script type="application\/ld\+json">([^<]*)<\/script>/.exec(answer.text)[1]);
same([ld['@type'], ld.name, ld.inLanguage, ld.license, ld.isAccessibleForFree, ld.creator.length].join(), 'LearningResource,Mud & <maps>,fr,https://creativecommons.org/licenses/by/4.0/,false,2', 'programs, too');
tell(answer.text.includes('Amina Ibárruri; 王 Li (2031)'), 'it says how to cite it');
same((await get(nobody, material)).status, 303, 'its files are for participants: nobody signs in');
same((await get(member, material)).status, 404, 'who does not take part has nothing');
same((await get(pia, material)).status, 200, 'who takes part has the file');
answer = await nobody.json(`/records/${record}`);
tell(answer.value.files.length > 0 && answer.value.files.every((f) => f.may_open === false && !f.sha256), 'JSON tells names, not hashes, of what is not open');
await publish({ access: 'internal' });
same((await nobody.get(`/records/${record}`)).status, 404, 'internal: others see no record');
same((await get(pia, material)).status, 404, 'and no file');
sql(`update data.person set staff = true where email = 'member-${run}@door.example'`);
same((await get(member, material)).status, 200, 'who belongs to the house has it');
await publish({ access: 'public' });
got = await get(nobody, material);
same(`${got.status} ${sha256(got.bytes)}`, `200 ${hex}`, 'public: everybody has it');
same(sql(`select ark from data.record where id = ${record}`)[0][0], ark, 'under the same identifier all the while');

// --- the identifier ---
const resolves = async (where) => {
  const a = await nobody.get(where);
  return `${a.status} ${a.goes}`;
};
for (const where of [`/ark:${ark}`, `/ark:/${ark}`, `/ARK:${naan}/${name.toUpperCase()}`, `/ark:/${naan}/${name.slice(0, 3)}-${name.slice(3, 6)}-${name.slice(6)}`]) {
  same(await resolves(where), `302 /records/${record}`, `${where.replace(name, '…')} leads to the record`);
}
const mistyped = name.slice(0, -2) + (name.at(-2) === '2' ? '3' : '2') + name.at(-1);
answer = await nobody.json(`/ark:${naan}/${mistyped}`);
same(`${answer.status} ${answer.value.code}`, '404 archive.mistyped', 'one character wrong: mistyped?');
same((await nobody.json(`/ark:${naan}/!!`)).value.code, 'archive.not_ark', 'no identifier at all');
same((await nobody.json('/ark:13030/xf93gt2q')).status, 404, 'one of another house');
same((await nobody.json(`/ark:${ark}`)).value.record?.ark, ark, 'JSON is given the record');

// --- found ---
answer = await nobody.get('/archive');
tell(answer.status === 200 && answer.text.includes(`/records/${record}`), 'it is in the list');
tell((await nobody.get('/archive?language=fr&year=2031&access=public')).text.includes(`/records/${record}`), 'and in its parts');
tell(!(await nobody.get('/archive?language=en')).text.includes(`/records/${record}"`), 'and in no others');
tell((await nobody.get('/archive?q=deltas')).text.includes(`/records/${record}`), 'found by its words');
tell((await nobody.get('/archive?q=Ib%C3%A1rruri')).text.includes(`/records/${record}`), 'and by its people');
same((await nobody.get('/archive?year=abc')).status, 422, 'a year that is none');

// --- taken away ---
const notes = named('notes.txt')[0];
same((await organizer.send(`/materials/${notes}/withdraw`)).goes, `/sessions/${session}/materials?said=flash.material_withdrawn`, 'a file is taken away');
same((await get(organizer, notes)).status, 404, 'and is gone');
same((await organizer.send(`/records/${record}/withdraw`, { reason: '' })).status, 422, 'a record is not withdrawn without a reason');
same((await stranger.send(`/records/${record}/withdraw`, { reason: 'x' })).status, 403, 'nor by others');
same((await organizer.send(`/records/${record}/withdraw`, { reason: 'Published too soon.' })).status, 303, 'withdrawn');
for (const where of [`/records/${record}`, `/ark:${ark}`]) {
  answer = await nobody.get(where);
  tell(answer.status === 410 && answer.text.includes('Published too soon.') && answer.text.includes('Mud &amp; &lt;maps&gt;'), `${where.replace(/\d+/g, '…')}: 410, with its title and the reason`, answer.status);
  tell(!answer.text.includes('Deltas that move'), 'and nothing more');
}
same((await get(nobody, material)).status, 303, 'its files are closed');
same((await publish({})).status, 410, 'it is not published again');
same((await organizer.get(`/sessions/${session}/publish`)).status, 410, 'nor offered to be');
tell(!(await nobody.get('/archive?q=deltas')).text.includes(`/records/${record}"`), 'nor found');
end();
