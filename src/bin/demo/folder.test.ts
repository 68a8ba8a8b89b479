import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { begin, demandDemo, finish } from './folder.ts';

const folder = () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'siaga-demo-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return path.join(dir, 'kota');
};

test("an office's own data is never taken for a sample city", () => {
  const dir = folder();
  mkdirSync(dir);
  writeFileSync(path.join(dir, 'siaga.db'), 'data kantor');
  expect(() => begin(dir)).toThrow('bukan kota contoh, jadi tidak disentuh');
  expect(existsSync(path.join(dir, 'siaga.db'))).toBe(true);
});

test('a city is made in an empty folder, anew over a whole one, and anew over one that was cut short', () => {
  const dir = folder();
  begin(dir);
  writeFileSync(path.join(dir, 'siaga.db'), 'setengah');
  begin(dir);
  expect(readdirSync(dir)).toEqual(['seeding.json']);
  finish(dir, { basePort: 4780, seededAt: '2026-11-23T00:00:00.000Z' });
  expect(readdirSync(dir)).toEqual(['seeded.json']);
  demandDemo(dir);
  begin(dir);
  expect(readdirSync(dir)).toEqual(['seeding.json']);
});
