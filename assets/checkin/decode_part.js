// QR codes out of a video: the platform's detector where there is one, else
// ours, by turns on the whole frame and on its middle at twice the size.
import decodeQR from 'qr/decode.js';

const WIDEST = 960;
const MIDDLE = .6;
const canvas = document.createElement('canvas');
const pen = canvas.getContext('2d', { willReadFrequently: true });
let turn = 0;

const native = await (async () => {
  try {
    const can = await window.BarcodeDetector?.getSupportedFormats();
    return can?.includes('qr_code') ? new window.BarcodeDetector({ formats: ['qr_code'] }) : null;
  } catch {
    return null;
  }
})();

const draw = (video, middle) => {
  const { videoWidth: w, videoHeight: h } = video;
  const part = middle ? MIDDLE : 1;
  const scale = Math.min(middle ? 2 : 1, WIDEST / (w * part));
  canvas.width = Math.round(w * part * scale);
  canvas.height = Math.round(h * part * scale);
  pen.drawImage(video, w * (1 - part) / 2, h * (1 - part) / 2, w * part, h * part,
    0, 0, canvas.width, canvas.height);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
};

const ours = (video) => {
  try {
    return decodeQR(draw(video, turn % 2 === 1)) || null;
  } catch {
    return null;
  }
};

// The text of a code in this frame, or null.
export const read = async (video) => {
  turn++;
  if (native && turn % 3) {
    try {
      const [found] = await native.detect(video);
      if (found?.rawValue) return found.rawValue;
    } catch { /* this frame is lost */ }
    return null;
  }
  return ours(video);
};
