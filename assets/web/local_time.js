// Beside the times of an event, the same moments on the viewer's own clock:
// "14:00 · 10:15 your time".  Nothing is added where the two agree.
const root = document.documentElement;
const words = root.dataset.yourTime || '~';

const offsetOf = (text) => {
  const m = /([+-])(\d\d):?(\d\d)$/.exec(text);
  if (!m) return /Z$/.test(text) ? 0 : null;
  return (m[1] === '-' ? -1 : 1) * (Number(m[2]) * 60 + Number(m[3]));
};

// As the server words it: British English, and the hours as a language has them.
const locale = root.lang === 'en' ? 'en-GB' : root.lang;
const nine = new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(new Date(2026, 0, 1, 9));
const hour = nine.startsWith('0') ? '2-digit' : 'numeric';
const format = (options) => new Intl.DateTimeFormat(locale, { hour, minute: '2-digit', ...options });
const clock = format({});
const withDay = format({ weekday: 'short', day: 'numeric', month: 'short' });

const add = (time) => {
  const text = time.getAttribute('datetime');
  const at = new Date(text);
  const theirs = offsetOf(text);
  if (Number.isNaN(at.getTime()) || theirs === null) return;
  if (-at.getTimezoneOffset() === theirs) return;
  const two = (n) => String(n).padStart(2, '0');
  const here = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const said = (text.startsWith(here) ? clock : withDay).format(at);
  const span = document.createElement('span');
  span.className = 'mine';
  span.textContent = ` · ${words.replace('~', said)}`;
  const till = time.nextElementSibling;
  (till?.localName === 'time' ? till : time).after(span);
};

// A long schedule has a thousand times: those in sight come first.
const times = document.querySelectorAll('time[data-local]');
if ('IntersectionObserver' in window) {
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      add(entry.target);
    }
  }, { rootMargin: '50%' });
  times.forEach((t) => seen.observe(t));
} else {
  times.forEach(add);
}
