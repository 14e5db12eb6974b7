// The door: camera → code → server's verdict, shown in colour, word, icon and
// sound.  The camera goes on; each code is asked once while it stays in sight.
// What is typed, or comes from a scanner that types, is judged the same way.
import { read } from './decode_part.js';
import { play, wake } from './sound_part.js';

const GONE = 3000;       // ms out of sight before the same code counts as new
const SHOWN = { admitted: 1800, already: 4000, refused: 4500 };
const PATIENCE = 6000;   // ms for an answer
const POLL = 5000;
const REST = 3000;       // ms until a code without an answer is asked again

const $ = (selector, from = document) => from.querySelector(selector);
const lens = $('#lens');
const video = $('video', lens);
const idle = $('.idle', lens);
const torch = $('.torch', lens);
const board = $('.verdict', lens);
const start = $('#start');
const silence = $('#silence');
const offline = $('#offline');
const word = Object.fromEntries([...document.querySelectorAll('#words [data-word]')]
  .map((e) => [e.dataset.word, e.textContent]));

const say = (text) => { idle.textContent = text; };
const clockOf = (text) => /T(\d\d:\d\d)/.exec(text ?? '')?.[1] ?? '';
const looks = (result) => (result === 'admitted' || result === 'already' ? result : 'refused');

// --- verdict ---
let hiding = 0;
const hide = () => { clearTimeout(hiding); board.hidden = true; };

const detail = (v) => {
  if (v.result === 'already') return [`${word.since} ${clockOf(v.since)}`, v.first_where].filter(Boolean).join(', ');
  if (v.result === 'wrong_event' && v.event_title) return `${word.for} ${v.event_title}`;
  return v.organisation || word[v.why] || v.detail || '';
};

const show = (v) => {
  const look = looks(v.result);
  board.dataset.result = v.result;
  for (const icon of board.querySelectorAll('[data-icon]')) icon.toggleAttribute('hidden', icon.dataset.icon !== look);
  $('strong', board).textContent = word[v.result] ?? word.unknown;
  $('.name', board).textContent = v.name ?? '';
  $('.more', board).textContent = detail(v);
  board.hidden = false;
  say(`${$('strong', board).textContent} ${v.name ?? ''}`);
  play(look, $('input', silence).checked);
  clearTimeout(hiding);
  hiding = setTimeout(() => { hide(); say(word.ready); }, SHOWN[look]);
};

// A person let in by mistake is let out again.
const undoing = (v, item, badge) => {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button quiet small';
  button.textContent = word.undo;
  button.setAttribute('aria-label', `${word.undo} ${v.name ?? ''}`);
  button.addEventListener('click', async () => {
    button.disabled = true;
    const now = await ask(`/scans/${v.scan}/undo`, { method: 'POST' }).catch(() => ({}));
    button.disabled = false;
    if (!Number.isInteger(now.admitted)) return;
    button.remove();
    badge.dataset.is = 'undone';
    badge.textContent = word.undone;
    counted(now);
  });
  return button;
};

const note = (v) => {
  const item = document.createElement('li');
  const badge = document.createElement('span');
  const name = document.createElement('bdi');
  badge.className = 'badge';
  badge.dataset.is = v.result;
  badge.textContent = word[v.result] ?? v.result;
  name.textContent = v.name ?? '';
  item.append(badge, ' ', name);
  if (v.result === 'admitted') item.append(undoing(v, item, badge));
  const list = $('#recent');
  list.prepend(item);
  while (list.children.length > 8) list.lastElementChild.remove();
};

// --- the server ---
const ask = async (url, options = {}) => {
  const answer = await fetch(url, {
    credentials: 'same-origin', cache: 'no-store', signal: AbortSignal.timeout(PATIENCE), ...options,
    headers: { accept: 'application/json', ...options.headers },
  });
  if (answer.status === 401 || answer.status === 403) return { result: 'denied' };
  const body = await answer.json().catch(() => ({}));
  if (answer.status >= 500) throw new Error(answer.status);
  return answer.ok ? body : { result: body.result ?? 'unknown', detail: body.detail };
};

// The key is made once a scan: asked again after a lost answer, now or when the
// network is back, it repeats that answer.
let unanswered = { ticket: null, key: null };
const judge = async (ticket) => {
  if (unanswered.ticket !== ticket) unanswered = { ticket, key: crypto.randomUUID() };
  const body = JSON.stringify(unanswered);
  const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  try {
    return await ask(lens.dataset.scans, options);
  } catch {
    return ask(lens.dataset.scans, options).catch(() => ({ result: 'failed' }));
  }
};

const counted = (now) => {
  if (!Number.isInteger(now.admitted)) return;
  $('#admitted').textContent = now.admitted;
  $('#confirmed').textContent = now.confirmed;
  $('#inside').max = Math.max(1, now.confirmed);
  $('#inside').value = now.admitted;
};

const count = async () => {
  try {
    const now = await ask(lens.dataset.counts);
    offline.hidden = true;
    counted(now);
  } catch {
    offline.hidden = false;
  }
};

// --- the camera ---
let last = { text: null, seen: 0 };
let asking = false;

const found = (text) => {
  const now = Date.now();
  const same = text === last.text && now - last.seen < GONE;
  if (asking && !same) return;
  last = { text, seen: now };
  if (!same) answer(text);
};

const answer = async (text) => {
  if (asking) return;
  asking = true;
  const verdict = await judge(text);
  show(verdict);
  if (verdict.result === 'failed') {
    offline.hidden = false;
    await new Promise((done) => setTimeout(done, REST));
    last.text = null;
  } else {
    unanswered.ticket = null;
    note(verdict);
    counted(verdict);
  }
  asking = false;
};

const look = async () => {
  if (video.readyState >= 2 && !document.hidden) {
    const text = await read(video);
    if (text) found(text);
  }
  if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(look);
  else requestAnimationFrame(look);
};

const offerTorch = (track) => {
  if (!track.getCapabilities?.().torch) return;
  torch.hidden = false;
  torch.addEventListener('click', () => {
    const on = torch.getAttribute('aria-pressed') !== 'true';
    track.applyConstraints({ advanced: [{ torch: on }] })
      .then(() => torch.setAttribute('aria-pressed', String(on))).catch(() => {});
  });
};

const stayAwake = async () => {
  try { await navigator.wakeLock?.request('screen'); } catch { /* low battery */ }
};

let running = false;
const open = async () => {
  say(word.starting);
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: false, video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 960 } },
    });
    const [track] = stream.getVideoTracks();
    track.addEventListener('ended', () => { start.hidden = false; say(word.no_camera); });
    video.srcObject = stream;
    await video.play();
    start.hidden = true;
    silence.hidden = false;
    say(word.ready);
    offerTorch(track);
    stayAwake();
    if (!running) look();
    running = true;
  } catch {
    start.hidden = false;
    say(word.no_camera);
  }
};

const typed = $('#by-code form');
typed?.addEventListener('submit', (e) => {
  const field = typed.elements.ticket;
  const text = field.value;
  if (!text.trim()) return;
  e.preventDefault();
  field.value = '';
  wake();
  answer(text);
});

document.addEventListener('pointerdown', wake);
document.addEventListener('keydown', wake);
document.addEventListener('visibilitychange', () => { if (!document.hidden && running) stayAwake(); });
window.addEventListener('online', count);
window.addEventListener('offline', () => { offline.hidden = false; });
board.addEventListener('click', hide);
start.addEventListener('click', () => { wake(); open(); });
setInterval(() => { if (!document.hidden) count(); }, POLL);
open();
