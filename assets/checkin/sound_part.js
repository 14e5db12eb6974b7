// A result is heard as well as seen: rising for yes, level for already, low
// for no.  Made here, so that no file is loaded.
let audio = null;
const TUNES = {
  admitted: { wave: 'sine', notes: [[660, 0, .12], [990, .12, .2]], shake: [80] },
  already: { wave: 'triangle', notes: [[520, 0, .14], [520, .22, .14]], shake: [80, 80, 80] },
  refused: { wave: 'square', notes: [[200, 0, .22], [150, .24, .34]], shake: [300, 100, 300] },
};

// Browsers want a gesture before sound: called on the first.
export const wake = () => {
  audio ??= 'AudioContext' in window ? new AudioContext() : null;
  audio?.resume().catch(() => {});
};

export const play = (look, silent) => {
  const tune = TUNES[look];
  try { navigator.vibrate?.(tune.shake); } catch { /* not allowed here */ }
  if (silent || !audio || audio.state !== 'running') return;
  for (const [pitch, from, length] of tune.notes) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const at = audio.currentTime + from;
    tone.type = tune.wave;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(.0001, at);
    volume.gain.exponentialRampToValueAtTime(.25, at + .015);
    volume.gain.exponentialRampToValueAtTime(.0001, at + length);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + length);
  }
};
