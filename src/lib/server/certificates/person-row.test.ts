import { expect, test } from 'vitest';
import { readPerson } from './person-row.ts';

const read = (values: Record<string, string>) => {
  const row = readPerson(
    { line: 2, values: { name: 'Sri Contoh', nip: '198001012005012001', ...values }, damage: {} },
    () => '',
    '2026-11-23',
  );
  if ('refused' in row) throw new Error(row.refused);
  return row;
};

test.each([
  ['PENSIUN (BUP)', 'retired'],
  ['Pensiun Dini', 'retired'],
  ['Mutasi ke Provinsi', 'moved'],
  ['Meninggal dunia', 'deceased'],
  ['Diberhentikan dengan hormat', 'left'],
  ['PNS Aktif', 'active'],
])('"%s" is read as %s', (status, expected) => {
  expect(read({ status, since: '1/3/2025' }).said).toMatchObject({ status: expected, since: '2025-03-01' });
});

test.each(['CLTN', 'Masa Persiapan Pensiun', 'Tugas Belajar', 'Cuti Besar'])(
  '"%s" is read as active, says so, and its day is no day of the post',
  (status) => {
    const { said, notes } = read({ status, since: '1/3/2025' });
    expect(said).toMatchObject({ status: 'active', since: null });
    expect(notes[0]).toContain(`"${status}" dibaca sebagai Aktif; 1 Maret 2025 tidak dipakai`);
    expect(read({ status }).notes).toHaveLength(1);
  },
);

test.each(['Mutasi masuk', 'Bebas tugas', 'TB'])('of "%s" neither a status nor its day is guessed', (status) => {
  const { said, notes } = read({ status, since: '1/3/2025' });
  expect(said).toMatchObject({ status: '', since: null });
  expect(notes[0]).toContain('belum dikenal; status dan tanggalnya dibiarkan');
});
