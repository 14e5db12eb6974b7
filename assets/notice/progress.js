// While a message goes out its page counts on, once a second; when that is over
// the page is loaded anew, for what can be done then.  Without this it has a
// link that does the same.
const box = document.querySelector('#progress');
const bar = box?.querySelector('progress');
const number = new Intl.NumberFormat(`${document.documentElement.lang}-u-nu-latn`);
const SECOND = 1000;
let pause = SECOND;
let leaving = false;

const look = async () => {
  try {
    const answer = await fetch(box.dataset.of, { headers: { accept: 'application/json' } });
    if (!answer.ok) throw new Error(answer.status);
    const now = await answer.json();
    if (leaving) return;
    if (now.state !== 'sending') {
      window.location.replace(box.dataset.of);
      return;
    }
    bar.max = now.people;
    bar.value = now.done;
    for (const cell of box.querySelectorAll('[data-count]')) {
      cell.textContent = number.format(now[cell.dataset.count]);
    }
    pause = SECOND;
  } catch {
    pause = Math.min(pause * 2, 30 * SECOND); // the server is away: it comes back
  }
  setTimeout(look, pause);
};

// What a button of this page leads to is not to be overtaken.
document.addEventListener('submit', () => {
  leaving = true;
});
if (box?.dataset.live) setTimeout(look, pause);
