// Uploads that go on where they stopped: slices of 4 MiB by PUT, each
// acknowledged with how many bytes are safely on the server's disk.  After a
// lost network it asks how far it came; after a reload, choosing the same file
// again goes on with the same upload.
const SLICE = 4 * 1024 * 1024;
const TRIES = 6;
const form = document.querySelector('#upload-form');
const list = document.querySelector('#uploads');
const field = form?.querySelector('input[type=file]');
const words = form?.dataset;

const wait = (ms) => new Promise((done) => {
  const timer = setTimeout(end, ms);
  function end() {
    clearTimeout(timer);
    window.removeEventListener('online', end);
    done();
  }
  window.addEventListener('online', end);
});

class Refused extends Error {}

const ask = async (method, url, options = {}) => {
  const answer = await fetch(url, {
    method, credentials: 'same-origin', ...options,
    headers: { accept: 'application/json', ...options.headers },
  });
  const body = await answer.json().catch(() => ({}));
  // 409: the server has another count than ours; 5xx and 429 may pass.
  if (answer.ok || answer.status === 409) return body;
  if (answer.status >= 500 || answer.status === 429 || answer.status === 408) {
    throw new Error(body.detail ?? answer.status);
  }
  throw new Refused(body.detail ?? words.wordsFailed);
};

// Never goes on with an upload that this browser does not remember: another
// file may have the same name and size.
const begin = (file, kind) => ask('POST', words.begin, {
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ name: file.name, size: file.size, kind, fresh: true }),
});

// What this browser remembers of unfinished uploads, by file.
const memory = (file) => `upload:${words.begin}:${file.name}:${file.size}:${file.lastModified}`;
const remember = (file, id) => { try { localStorage.setItem(memory(file), id); } catch { /* private mode */ } };
const forget = (file) => { try { localStorage.removeItem(memory(file)); } catch { /* the same */ } };
const remembered = async (file) => {
  let id = null;
  try { id = localStorage.getItem(memory(file)); } catch { /* the same */ }
  if (!id) return null;
  const known = await ask('GET', `/materials/${id}`).catch((e) => {
    if (e instanceof Refused) return null;
    throw e;
  });
  return known && known.size === file.size && known.received < file.size
    ? { material: Number(id), received: known.received } : null;
};

const put = (id, file, from) => {
  const till = Math.min(from + SLICE, file.size);
  return ask('PUT', `/materials/${id}/content`, {
    headers: {
      'content-type': 'application/octet-stream',
      'content-range': `bytes ${from}-${till - 1}/${file.size}`,
    },
    body: file.slice(from, till),
  });
};

const row = (file) => {
  const item = document.createElement('li');
  const name = document.createElement('bdi');
  const bar = document.createElement('progress');
  const note = document.createElement('p');
  name.textContent = file.name;
  name.id = `up-${list.children.length}`;
  bar.max = file.size || 1;
  bar.value = 0;
  bar.setAttribute('aria-labelledby', name.id);
  note.className = 'soft';
  item.append(name, bar, note);
  list.append(item);
  return { bar, say: (text, bad) => { note.textContent = text; note.className = bad ? 'wrong' : 'soft'; }, item };
};

// Sends what is missing; a failure that may pass is tried again, each time
// from what the server says that it has.
const send = async (file, view) => {
  let up = null;
  let tries = 0;
  const percent = new Intl.NumberFormat(document.documentElement.lang, { style: 'percent' });
  for (;;) {
    try {
      up ??= await remembered(file) ?? await begin(file, form.elements.kind.value);
      remember(file, up.material);
      while (up.received < file.size) {
        view.bar.value = up.received;
        view.say(`${words.wordsGoing} ${percent.format(up.received / file.size)}`);
        const now = await put(up.material, file, up.received);
        if (!Number.isInteger(now.received)) throw new Error('no count');
        if (now.received > up.received) tries = 0;
        up.received = now.received;
      }
      forget(file);
      view.bar.value = view.bar.max;
      view.say(words.wordsDone);
      return true;
    } catch (e) {
      if (e instanceof Refused || ++tries >= TRIES) throw e;
      view.say(words.wordsAgain);
      await wait(1000 * 2 ** tries);
      if (up) up.received = (await ask('GET', `/materials/${up.material}`).catch(() => up)).received;
    }
  }
};

const upload = async (file) => {
  const view = row(file);
  if (Number(words.max) && file.size > Number(words.max)) {
    view.say(words.wordsLarge, true);
    return false;
  }
  try {
    return await send(file, view);
  } catch (e) {
    view.say(e instanceof Refused ? e.message : words.wordsFailed, true);
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button quiet small';
    button.textContent = words.wordsResume;
    button.addEventListener('click', () => { view.item.remove(); uploadAll([file]); });
    view.item.append(button);
    return false;
  }
};

let going = 0;
const uploadAll = async (files) => {
  going++;
  const all = [];
  for (const file of files) all.push(await upload(file));
  going--;
  if (!going && all.length && all.every(Boolean)) {
    const link = document.createElement('a');
    link.className = 'button';
    link.href = location.pathname;
    link.textContent = words.wordsReload;
    list.after(link);
    link.focus();
  }
};

if (form) {
  const drop = form.querySelector('.drop');
  form.addEventListener('submit', (e) => {
    e.preventDefault();
    const files = [...field.files];
    field.value = '';
    if (files.length) uploadAll(files);
  });
  for (const name of ['dragenter', 'dragover']) {
    drop.addEventListener(name, (e) => { e.preventDefault(); drop.classList.add('over'); });
  }
  for (const name of ['dragleave', 'drop']) {
    drop.addEventListener(name, () => drop.classList.remove('over'));
  }
  drop.addEventListener('drop', (e) => {
    e.preventDefault();
    uploadAll([...e.dataTransfer.files]);
  });
  window.addEventListener('beforeunload', (e) => { if (going) e.preventDefault(); });
}
