// A question that depends on another is there while its condition holds.  What
// was typed in one that goes away stays in it; the server ignores it.
const asked = [...document.querySelectorAll('.question[data-depends]')];

const given = (name) => [...document.querySelectorAll(`[name="${CSS.escape(name)}"]`)]
  .filter((e) => e.type !== 'checkbox' || e.checked).map((e) => e.value);

const show = () => {
  // A condition may hang on a question that a condition hides.
  for (let pass = 0; pass < 5; pass++) {
    for (const q of asked) {
      const on = document.querySelector(`[name="${CSS.escape(q.dataset.depends)}"]`);
      const values = JSON.parse(q.dataset.values);
      q.hidden = !on || on.closest('.question')?.hidden === true ||
        !given(q.dataset.depends).some((v) => values.includes(v));
    }
  }
  asked.forEach((q) => q.querySelector('.only')?.setAttribute('hidden', ''));
};

if (asked.length) {
  document.addEventListener('change', show);
  show();
}
