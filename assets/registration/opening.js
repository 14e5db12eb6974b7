// A form whose registration opens later is set free at that moment, without
// asking the server again: thousands wait for it.  What is left until then is as
// the server said; the clock that counts it is the one that did not stop, for a
// device may have slept.
const note = document.querySelector('[data-opens]');
const fields = document.querySelector('form.form > fieldset[disabled]');
const said = performance.getEntriesByType('navigation')[0]?.responseStart ?? performance.now();
const wall = Date.now() - (performance.now() - said);

const passed = () => Math.max(performance.now() - said, Date.now() - wall);

const open = () => {
  fields.disabled = false;
  note.classList.remove('wait');
  const [when, words, now] = note.children;
  when.hidden = words.hidden = true;
  now.hidden = false;
};

const wait = () => {
  const left = Number(note.dataset.opens) - passed();
  if (left <= 0) open();
  else setTimeout(wait, Math.min(left, 30000));
};

if (note && fields) {
  wait();
  document.addEventListener('visibilitychange', () => fields.disabled && wait());
}
