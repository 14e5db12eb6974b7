// The schedule of an event, improved: filters answer at once, and days of up to
// ten rooms can be seen as time × room.  Without this script the filter is a
// form that the server answers, and each time of day is a row.
const MOST_ROOMS = 10;
const part = document.querySelector('[data-schedule]');
const form = part?.querySelector('form.filter');
const days = [...(part?.querySelectorAll('.day') ?? [])];
const none = document.createElement('p');

const make = (name, className, text) => {
  const e = document.createElement(name);
  e.className = className;
  e.textContent = text;
  return e;
};

// --- filter ---
const shown = (talk) => ['track', 'room'].every((name) => {
  const want = form?.elements[name]?.value;
  return !want || talk.dataset[name] === want;
});

const filter = () => {
  let any = false;
  for (const day of days) {
    for (const slot of day.querySelectorAll('.slot')) {
      const talks = [...slot.querySelectorAll('.talk')];
      talks.forEach((t) => { t.hidden = !shown(t); });
      slot.hidden = talks.every((t) => t.hidden);
    }
    day.hidden = [...day.querySelectorAll('.slot')].every((s) => s.hidden);
    any ||= !day.hidden;
    lay(day);
  }
  none.hidden = any;
};

const remember = () => {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value) query.set(name, value);
  const text = query.toString();
  history.replaceState(null, '', text ? `?${text}` : location.pathname);
};

// --- time × room ---
let byRoom = false;

const roomsOf = (day) => {
  const rooms = new Map();
  for (const t of day.querySelectorAll('.talk:not([hidden])')) {
    const name = t.querySelector('.room')?.textContent;
    if (name && !rooms.has(t.dataset.room)) rooms.set(t.dataset.room, name);
  }
  const order = [...(form?.elements.room?.options ?? [])].map((o) => o.value);
  return [...rooms].sort((a, b) => order.indexOf(a[0]) - order.indexOf(b[0]));
};

// A row for each moment at which something starts; a session spans the rows
// that begin before it ends.
const place = (day, plan, rooms) => {
  const slots = [...plan.querySelectorAll('.slot:not([hidden])')];
  const starts = slots.map((s) => Date.parse(s.querySelector('time').dateTime));
  plan.style.gridTemplateColumns = `4.5rem repeat(${rooms.length}, minmax(11rem, 1fr))`;
  plan.prepend(...rooms.map(([, name], i) => {
    const h = make('p', 'heading', name);
    h.style.gridArea = `1 / ${i + 2}`;
    return h;
  }));
  slots.forEach((slot, row) => {
    slot.querySelector('h4').style.gridRow = String(row + 2);
    for (const t of slot.querySelectorAll('.talk:not([hidden])')) {
      const till = Date.parse(t.dataset.till);
      let end = row + 1;
      while (end < starts.length && starts[end] < till) end++;
      const column = rooms.findIndex(([id]) => id === t.dataset.room);
      t.style.gridRow = `${row + 2} / ${end + 2}`;
      t.style.gridColumn = column < 0 ? '2 / -1' : String(column + 2);
    }
  });
};

const lay = (day) => {
  const plan = day.querySelector('.plan');
  const rooms = roomsOf(day);
  const wanted = byRoom && rooms.length > 1 && rooms.length <= MOST_ROOMS;
  plan.querySelectorAll('.heading').forEach((h) => h.remove());
  plan.querySelectorAll('[style]').forEach((e) => e.removeAttribute('style'));
  plan.removeAttribute('style');
  day.classList.toggle('rooms', wanted);
  if (wanted) {
    day.tabIndex = 0;
    day.setAttribute('role', 'region');
    day.setAttribute('aria-labelledby', day.querySelector('h3').id);
    place(day, plan, rooms);
  } else {
    ['tabindex', 'role', 'aria-labelledby'].forEach((a) => day.removeAttribute(a));
  }
};

const offerRooms = () => {
  if (!days.some((d) => { const n = roomsOf(d).length; return n > 1 && n <= MOST_ROOMS; })) return;
  const button = make('button', 'button quiet', part.dataset.wordsRooms);
  button.type = 'button';
  button.addEventListener('click', () => {
    byRoom = !byRoom;
    button.textContent = byRoom ? part.dataset.wordsList : part.dataset.wordsRooms;
    days.forEach(lay);
  });
  if (form) {
    form.querySelector('.actions').append(button);
    return;
  }
  const row = make('p', 'actions', '');
  row.append(button);
  part.querySelector('.day').before(row);
};

if (part && days.length) {
  none.className = 'empty';
  none.textContent = part.dataset.wordsNone;
  none.setAttribute('role', 'status');
  none.hidden = true;
  part.append(none);
  if (form) form.querySelector('button').hidden = true;
  offerRooms();
  if (form) {
    form.addEventListener('change', () => { filter(); remember(); });
    form.addEventListener('submit', (e) => { e.preventDefault(); filter(); remember(); });
    filter();
  }
}
