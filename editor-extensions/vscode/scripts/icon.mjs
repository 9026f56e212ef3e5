// Draws icon.png (128 × 128): a white medical cross on a dark tile, underlined by the wave that editors draw under a wrong code.
// The drawing is a function from a point to a colour, sampled 16 times per pixel; the PNG is written by hand, so no image library is needed.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

const SIZE = 128;
const SAMPLES = 4;

const TRANSPARENT = [0, 0, 0, 0];
const TILE = [15, 76, 92, 255];
const CROSS = [255, 255, 255, 255];
const WAVE = [255, 107, 87, 255];

/** Whether a point lies in the rectangle round (cx, cy) whose corners have the given radius. */
function inRoundedRectangle(x, y, cx, cy, halfWidth, halfHeight, radius) {
  const dx = Math.max(Math.abs(x - cx) - (halfWidth - radius), 0);
  const dy = Math.max(Math.abs(y - cy) - (halfHeight - radius), 0);
  return Math.abs(x - cx) <= halfWidth && Math.abs(y - cy) <= halfHeight && Math.hypot(dx, dy) <= radius;
}

function colourAt(x, y) {
  if (!inRoundedRectangle(x, y, 64, 64, 62, 62, 24)) return TRANSPARENT;
  if (inRoundedRectangle(x, y, 64, 52, 11, 32, 4) || inRoundedRectangle(x, y, 64, 52, 32, 11, 4)) return CROSS;
  const crest = 102 + 5 * Math.sin(((x - 28) / 18) * 2 * Math.PI);
  // The vertical distance is scaled by the slope, which keeps the line equally thick all along.
  const slope = 5 * ((2 * Math.PI) / 18) * Math.cos(((x - 28) / 18) * 2 * Math.PI);
  if (x >= 28 && x <= 100 && Math.abs(y - crest) <= 3.2 * Math.hypot(1, slope)) return WAVE;
  return TILE;
}

function pixel(px, py) {
  const sum = [0, 0, 0, 0];
  for (let i = 0; i < SAMPLES * SAMPLES; i++) {
    const x = px + ((i % SAMPLES) + 0.5) / SAMPLES;
    const y = py + (Math.floor(i / SAMPLES) + 0.5) / SAMPLES;
    const [r, g, b, a] = colourAt(x, y);
    sum[0] += r * a;
    sum[1] += g * a;
    sum[2] += b * a;
    sum[3] += a;
  }
  const alpha = sum[3];
  if (alpha === 0) return TRANSPARENT;
  return [...sum.slice(0, 3).map((channel) => Math.round(channel / alpha)), Math.round(alpha / (SAMPLES * SAMPLES))];
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

const rows = [];
for (let y = 0; y < SIZE; y++) {
  // Each row begins with its filter, 0 = none.
  rows.push(0);
  for (let x = 0; x < SIZE; x++) rows.push(...pixel(x, y));
}
const header = Buffer.alloc(13);
header.writeUInt32BE(SIZE, 0);
header.writeUInt32BE(SIZE, 4);
// 8 bits per channel, red green blue alpha.
header.set([8, 6, 0, 0, 0], 8);

const file = path.resolve(import.meta.dirname, '../icon.png');
writeFileSync(
  file,
  Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(rows), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]),
);
