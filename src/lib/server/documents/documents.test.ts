import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { incidentLetter, type IncidentLetter } from '#reports/incident-letter.ts';
import { render } from './index.ts';

const letter: IncidentLetter = {
  office: {
    government: 'Pemerintah Kota Batam',
    name: 'Dinas Komunikasi dan Informatika',
    shortName: 'Diskominfo',
    address: 'Jalan Contoh Nomor 1, Batam',
    phone: '(0778) 000000',
    web: 'diskominfo.example.id',
    email: 'diskominfo@example.id',
    city: 'Batam',
    province: 'Kepulauan Riau',
    agencyCode: '',
    unitCode: '',
  },
  signatory: { name: 'Dr. Contoh Nama', position: 'Kepala Dinas', rank: 'Pembina', nip: '197001011995031001' },
  paper: 'F4',
  number: '',
  date: Date.parse('2026-11-17T02:00:00Z'),
  city: 'Batam',
  classification: 'Terbatas / Segera',
  attachments: '-',
  subject: 'Pemberitahuan Awal Insiden',
  addressee: 'Kepala Badan Siber dan Sandi Negara',
  address: 'di Jakarta',
  party: 'bssn',
  incident: 'INS-2026-0007',
  opening: '',
  reporter: { name: 'Raka', position: 'Petugas', phone: '0812', email: 'a@example.id' },
  description: 'Token hilang.',
  essentials: [
    ['Perangkat Daerah', 'Kecamatan Sekupang'],
    ['Dugaan penyalahgunaan', 'Belum diketahui'],
  ],
  chronology: [{ at: Date.parse('2026-11-16T07:05:00Z'), text: 'Diketahui.' }],
  impact: '',
  actions: '',
  certificates: [{ name: 'RINA', serial: '4b1f902c77e305a8', fingerprint: 'ab'.repeat(32) }],
  clock: {
    knownAt: Date.parse('2026-11-16T07:05:00Z'),
    dueAt: Date.parse('2026-11-17T07:05:00Z'),
    basis: 'kebijakan Dinas',
  },
  legal: [{ article: 'Pasal 19 ayat (1)', text: 'segera disampaikan' }],
  closing: '',
  copies: ['Walikota Batam', 'Inspektur Daerah Kota Batam'],
  trail: { size: 42, root: 'ab'.repeat(32) },
  contentHash: 'cd'.repeat(32),
  draft: true,
};

function poppler(bytes: Buffer) {
  const dir = mkdtempSync(path.join(tmpdir(), 'siaga-pdf-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const file = path.join(dir, 'a.pdf');
  writeFileSync(file, bytes);
  const run = (tool: string, ...args: string[]) => execFileSync(tool, args, { encoding: 'utf8' });
  return {
    text: run('pdftotext', '-layout', file, '-').replace(/[\s\u00A0\u2011]+/g, ' '),
    pages: Number(/Pages:\s+(\d+)/.exec(run('pdfinfo', file))![1]),
    size: /Page size:\s+([\d.]+) x ([\d.]+)/.exec(run('pdfinfo', file))!.slice(1).map(Number),
    /** Right edge of the rightmost word of any page. */
    rightmost: Math.max(
      ...[...run('pdftotext', '-bbox', file, '-').matchAll(/xMax="([\d.]+)"/g)].map((m) => Number(m[1])),
    ),
  };
}

describe('a letter', () => {
  test('carries what the regulation asks for, on F4 paper, marked as a draft', async () => {
    const { text, pages, size } = poppler(await render(incidentLetter(letter)));
    for (const part of [
      'DRAF',
      'Kepala Badan Siber dan Sandi Negara',
      '4B:1F:90:2C:77:E3:05:A8',
      '16 November 2026 pukul 14.05',
      'kebijakan Dinas',
      'Belum diketahui sampai dengan surat ini disusun.',
      'entri 42',
      '#',
      'Inspektur Daerah Kota Batam.',
    ]) {
      expect(text).toContain(part);
    }
    expect(pages).toBeLessThanOrEqual(2);
    expect(size[0]).toBeCloseTo(609.45, 0);
    expect(size[1]).toBeCloseTo(935.43, 0);
  });

  test('prints hostile text as letters and lets nothing run over the margin', async () => {
    const bad = `**tebal** _miring_ ^F-01^ {F-02} <script>\u202Ebalik\u0000 ${'W'.repeat(400)} 😀`;
    const bytes = await render(
      incidentLetter({
        ...letter,
        draft: false,
        number: 'X'.repeat(90),
        subject: bad,
        addressee: bad,
        office: { ...letter.office, name: bad },
        description: `${bad}\n\n${'kata '.repeat(900)}`,
        chronology: Array.from({ length: 60 }, (_, i) => ({ at: i * 1e9, text: i % 9 ? `peristiwa ${i}` : bad })),
        certificates: Array.from({ length: 25 }, () => ({
          name: bad,
          serial: 'f'.repeat(40),
          fingerprint: 'ab'.repeat(32),
        })),
      }),
    );
    const { text, rightmost, size } = poppler(bytes);
    expect(text).toContain('**tebal** _miring_');
    expect(text).toContain('peristiwa 59');
    expect(text).not.toContain('DRAF');
    expect(text).not.toContain('\u202E');
    expect(rightmost).toBeLessThanOrEqual(size[0]! - 68);
  });

  test('fits A4 too', async () => {
    expect(poppler(await render(incidentLetter({ ...letter, paper: 'A4' }))).size[1]).toBeCloseTo(841.89, 0);
  });
});

describe('the engine', () => {
  test('fetches nothing and opens no file outside the font folder', async () => {
    await expect(render({ content: [{ image: '/etc/hostname', width: 10 }] })).rejects.toThrow();
    await expect(
      render({ content: [{ image: 'x', width: 10 }], images: { x: 'https://127.0.0.1/x.png' } }),
    ).rejects.toThrow();
  });

  test('goes on after a definition that failed', async () => {
    await render({ content: [{ image: '/etc/hostname', width: 10 }] }).catch(() => undefined);
    expect((await render({ content: ['baik'] })).subarray(0, 5).toString()).toBe('%PDF-');
  });
});
