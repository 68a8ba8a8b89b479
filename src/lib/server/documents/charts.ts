// Charts inside a definition: nodes made by reports/parts/chart.ts carry chart data and become images before the
// document is set. Print theme: fill patterns and dashes instead of colours, three pixels a point.
import { crc32, deflateSync } from 'node:zlib';
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import ChartJs from 'chart.js/auto';
import type { Chart, Fill } from '#lib/charts/chart.ts';
import { configuration } from '#lib/charts/configuration.ts';
import type { Paint, Theme } from '#lib/charts/theme.ts';
import { fonts } from './engine.ts';

GlobalFonts.registerFromPath(fonts.normal, 'Arimo');
GlobalFonts.registerFromPath(fonts.bold, 'Arimo');

const SCALE = 3;
const INK = '#17405E';

const patterns = new Map<Fill, Paint>();
function fill(kind: Fill): Paint {
  let paint = patterns.get(kind);
  if (!paint) patterns.set(kind, (paint = kind === 'main' ? INK : tile(kind)));
  return paint;
}

/** Hatching, white or dots, as a repeating tile. */
function tile(kind: Fill): Paint {
  const size = 6 * SCALE;
  const canvas = createCanvas(size, size);
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#ffffff';
  pen.fillRect(0, 0, size, size);
  pen.strokeStyle = pen.fillStyle = INK;
  pen.lineWidth = SCALE;
  if (kind === 'second') {
    for (const shift of [-size, 0, size]) {
      pen.beginPath();
      pen.moveTo(shift - 2, size + 2);
      pen.lineTo(shift + size + 2, -2);
      pen.stroke();
    }
  }
  if (kind === 'fourth') {
    pen.beginPath();
    pen.arc(size / 2, size / 2, 1.1 * SCALE, 0, 7);
    pen.fill();
  }
  return createCanvas(1, 1).getContext('2d').createPattern(canvas, 'repeat') as unknown as Paint;
}

const print: Theme = {
  scale: SCALE,
  family: 'Arimo',
  fontSize: 8,
  ink: '#111111',
  muted: '#333333',
  grid: '#D5D9DC',
  axis: '#555555',
  ground: '#ffffff',
  outline: INK,
  fill,
  line: () => INK,
  animate: false,
  tooltips: false,
};

/** A chart as PNG, `width` × `height` points. */
function png(chart: Chart, width: number, height: number): Buffer {
  const canvas = createCanvas(Math.round(width * SCALE), Math.round(height * SCALE));
  const config = configuration(chart, print);
  const drawn = new ChartJs(canvas.getContext('2d') as unknown as CanvasRenderingContext2D, {
    ...config,
    options: { ...config.options, devicePixelRatio: 1 },
  });
  const bytes = opaquePng(canvas.data(), canvas.width, canvas.height);
  drawn.destroy();
  return bytes;
}

/**
 * RGBA pixels as a PNG without an alpha channel. pdfkit takes such a file as it is; with alpha it would unpack and pack
 * every picture again, which takes longer than drawing it.
 */
function opaquePng(rgba: Buffer, width: number, height: number): Buffer {
  const row = 3 * width + 1;
  const rows = Buffer.alloc(row * height);
  for (let y = 0, from = 0; y < height; y += 1) {
    for (let to = y * row + 1; to < (y + 1) * row; from += 4) {
      rows[to++] = rgba[from]!;
      rows[to++] = rgba[from + 1]!;
      rows[to++] = rgba[from + 2]!;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 6 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  whole.set(body, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

type ChartNode = { chart: Chart; width: number; height: number; image?: string };
const isChart = (node: object): node is ChartNode => 'chart' in node && 'height' in node;

/** Turns every chart node of a content tree into an image; in a measuring pass, into an empty box of the same size. */
export function drawCharts(node: unknown, real: boolean): void {
  if (Array.isArray(node)) {
    for (const child of node) drawCharts(child, real);
    return;
  }
  if (!node || typeof node !== 'object') return;
  if (isChart(node)) {
    const { chart, width, height } = node;
    delete (node as Partial<ChartNode>).chart;
    if (real) node.image = `data:image/png;base64,${png(chart, width, height).toString('base64')}`;
    else Object.assign(node, { canvas: [{ type: 'rect', x: 0, y: 0, w: width, h: height, lineWidth: 0 }] });
    delete (node as Partial<ChartNode>).height;
    return;
  }
  const { stack, columns, table } = node as { stack?: unknown; columns?: unknown; table?: { body?: unknown } };
  drawCharts(stack, real);
  drawCharts(columns, real);
  drawCharts(table?.body, real);
}
