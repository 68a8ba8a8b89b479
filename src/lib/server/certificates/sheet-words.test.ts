import { expect, test } from 'vitest';
import { makeWorld } from '#tests/support/world.ts';
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import * as auth from '../auth/index.ts';
import * as certificates from './index.ts';
import { vocabularies, wordKey } from './sheet-words.ts';

function office() {
  const world = makeWorld();
  agencies.seed(world.ctx());
  const person = world.person('verifier', { name: 'Rina' });
  const read = () => certificates.runImports(world.ctx());
  const send = async (text: string, kind?: 'personnel') => {
    const [run] = await certificates.requestImport(person, {
      files: [{ name: 'a.csv', bytes: Buffer.from(text) }],
      kind,
    });
    await read();
    return run!.id;
  };
  const preview = (id: string, word?: string) =>
    certificates.sheetPreview(person, id, { word, names: auth.names(person) })!;
  return { world, person, read, send, preview };
}

const STAFF = [
  'Nama;NIP;Perangkat Daerah;Status;TMT',
  'Ani Satu;199001012015041001;Disdik;Bebas Tugas;1/3/2025',
  'Budi Dua;199001012015041002;Disdik;BEBAS TUGAS.;1/4/2025',
  'Cici Tiga;199001012015041003;Disdik;Dirumahkan;1/5/2025',
  'Dedi Empat;199001012015041004;Disdik;Aktif;',
].join('\n');

test('words of a status that nobody understands are asked once each, with their rows, and what they mean is remembered', async () => {
  const at = office();
  const id = await at.send(STAFF, 'personnel');
  expect(at.preview(id).unknownWords.map(({ address, texts, rows, column }) => [address, texts, rows, column])).toEqual(
    [
      ['status:bebas tugas', ['BEBAS TUGAS.', 'Bebas Tugas'], 2, 'Status'],
      ['status:dirumahkan', ['Dirumahkan'], 1, 'Status'],
    ],
  );
  const narrowed = at.preview(id, 'status:bebas tugas');
  expect(narrowed.rows.map(({ line }) => line)).toEqual([2, 3]);
  expect(narrowed.word).toEqual({ text: 'BEBAS TUGAS.', rows: 2 });
  expect(certificates.sheetRows(at.person, id, { word: 'status:dirumahkan' }).map(({ line }) => line)).toEqual([4]);
  expect(narrowed.rows[0]!.notes).toEqual([
    'Kolom Status: "Bebas Tugas" belum dikenal; status dan tanggalnya dibiarkan.',
  ]);

  const explain = (said: Record<string, string>, ctx = at.person) => certificates.explainWords(ctx, id, said);
  expect(() => explain({ 'status:bebas tugas': 'left' }, at.world.person('auditor'))).toThrow('hak');
  expect(() => explain({ 'status:bebas tugas': '' })).toThrow('paling sedikit satu kata');
  expect(() => explain({ 'status:tidak ada': 'left' })).toThrow('paling sedikit satu kata');
  expect(() => explain({ 'status:bebas tugas': 'constructor' })).toThrow('dari daftar');
  explain({ 'status:bebas tugas': 'left', 'status:dirumahkan': certificates.SAYS_NOTHING });
  await at.read();
  const after = at.preview(id);
  expect(after.unknownWords).toEqual([]);
  expect(after.noted).toBe(0);
  expect(after.remarks.join(' ')).toContain(
    'Kolom Status dibaca seperti yang pernah dijelaskan: "Bebas Tugas" sebagai Berhenti (2 baris); "Dirumahkan" diabaikan (1 baris).',
  );
  certificates.acceptSheet(at.person, id);
  await at.read();
  expect(certificates.holders(at.person, { q: 'ani satu' }).rows[0]).toMatchObject({ status: 'left' });
  expect(certificates.holders(at.person, { q: 'cici' }).rows[0]).toMatchObject({ status: 'active' });
  const sentences = audit.list(at.person, { target: ['import', id] }, auth.names(at.person)).map((one) => one.sentence);
  const explained = sentences.find((said) => /^Rina menjelaskan arti 2 kata dari daftar impor IMP-/.test(said));
  expect(explained).toContain('kolom Status, "bebas tugas" sebagai Berhenti; kolom Status, "dirumahkan" diabaikan');

  // The next list is read alike, until it is forgotten where it is seen.
  const next = await at.send(STAFF.replace('1/4/2025', '1/6/2025'), 'personnel');
  expect(at.preview(next).unknownWords).toEqual([]);
  expect(at.preview(next).explained).toMatchObject([
    { address: 'status:bebas tugas', meaning: 'sebagai Berhenti', by: 'Rina' },
    { address: 'status:dirumahkan', meaning: 'diabaikan' },
  ]);
  expect(() => certificates.forgetWord(at.world.person('auditor'), next, 'status:bebas tugas')).toThrow('hak');
  expect(() => certificates.forgetWord(at.person, next, 'nip:x')).toThrow('tidak diingat');
  certificates.forgetWord(at.person, next, 'status:bebas tugas');
  await at.read();
  expect(at.preview(next).unknownWords.map(({ words }) => words)).toEqual(['bebas tugas']);
  const [told] = audit.list(at.person, { target: ['import', next] }, auth.names(at.person));
  expect(told!.sentence).toMatch(
    /^Rina melupakan arti yang diingat \(kolom Status, "bebas tugas" sebagai Berhenti\), pada pratinjau impor IMP-/,
  );
});

test("the portal's status and the use are words too; each column keeps its own meanings", async () => {
  const at = office();
  const list = [
    'Nama;Nomor Seri;Berlaku Sampai;Status Sertifikat;Jenis',
    'Ani;77AB12;31/12/2027;Nonaktif;TTE Kepala',
    'Budi;77AB13;31/12/2027;Dicabut;Nonaktif',
  ].join('\n');
  const id = await at.send(list);
  expect(
    at
      .preview(id)
      .unknownWords.map(({ address }) => address)
      .toSorted(),
  ).toEqual(['portal:nonaktif', 'use:nonaktif', 'use:tte kepala']);
  certificates.explainWords(at.person, id, { 'portal:nonaktif': 'suspended', 'use:tte kepala': 'signature' });
  await at.read();
  expect(at.preview(id).unknownWords.map(({ address }) => address)).toEqual(['use:nonaktif']);
  expect(at.preview(id).rows[0]!.enters.join(' ')).toContain('Ditangguhkan');
});

test('a long word and one with a NIK in it are asked once and for all', async () => {
  const at = office();
  for (const text of [`Bebas!!! ${'tugas, '.repeat(30)}`, 'Bebas tugas 7306010101900001 sementara']) {
    const send = () =>
      at.send(`Nama;NIP;Perangkat Daerah;Status\nAni Satu;199001012015041001;Disdik;"${text}"`, 'personnel');
    const id = await send();
    const [word] = at.preview(id).unknownWords;
    certificates.explainWords(at.person, id, { [word!.address]: 'left' });
    await at.read();
    expect(at.preview(id).unknownWords).toEqual([]);
    expect(at.preview(await send()).explained.map(({ address }) => address)).toContain(word!.address);
  }
});

test('a word is forgotten only where a list has its column', async () => {
  const at = office();
  const staff = await at.send(STAFF, 'personnel');
  certificates.explainWords(at.person, staff, { 'status:bebas tugas': 'left' });
  const other = await at.send('Nama;Nomor Seri;Berlaku Sampai;Jenis\nAni;77AB12;31/12/2027;TTE Kepala');
  expect(() => certificates.forgetWord(at.person, other, 'status:bebas tugas')).toThrow('tidak diingat');
});

test('every meaning that may be chosen is one that the column can hold', () => {
  for (const { read, meanings } of Object.values(vocabularies))
    for (const [key, word] of Object.entries(meanings)) expect([key, read(word)]).toEqual([key, key]);
  expect(wordKey('  BÉBAS -- Tugas. ')).toBe('bebas tugas');
});
