// Small help for every page: menus close by Escape and by a click elsewhere; a
// form is sent once; what was typed is not lost by an accidental leave; the
// summary of faults takes the focus.
const menus = document.querySelectorAll('details.menu');
const close = (except) => menus.forEach((m) => {
  if (m !== except) m.open = false;
});

document.addEventListener('click', (e) => close(e.target.closest('details.menu')));
document.addEventListener('keydown', (e) => {
  if (e.key !== 'Escape') return;
  const open = document.querySelector('details.menu[open]');
  if (!open) return;
  open.open = false;
  open.querySelector('summary').focus();
});

document.querySelector('.errors')?.focus();

let touched = null;
document.addEventListener('input', (e) => {
  if (e.target.closest('form.form')) touched = e.target.form;
});
document.addEventListener('submit', (e) => {
  const form = e.target;
  touched = null;
  if (e.defaultPrevented) return;
  if (form.method !== 'post') return;
  if (form.dataset.sent) {
    e.preventDefault();
    return;
  }
  form.dataset.sent = 'true';
});
window.addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]')
  .forEach((f) => delete f.dataset.sent));
window.addEventListener('beforeunload', (e) => {
  if (touched) e.preventDefault();
});
