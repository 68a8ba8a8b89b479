import { describe, expect, test } from 'vitest';
import { nameKey, splitName } from './names.ts';
import { fieldsOf, findHeading, headingAt, kindOf, layoutOf, missing, remembered, rowsBelow } from './sheet.ts';

describe('the heading of a sheet', () => {
  test('is found by its words, below titles, in any order and case', () => {
    const rows = [
      ['DAFTAR PEGAWAI', '', '', '', '', '', ''],
      [],
      ['No', 'N I P', 'NAMA LENGKAP', 'Unit Kerja (OPD)', 'Jabatan', 'E-mail', 'Status Kepegawaian'],
    ];
    expect(findHeading(rows, 'personnel')).toMatchObject({
      row: 2,
      fields: [null, 'nip', 'name', 'agency', 'position', 'email', 'status'],
    });
    expect(findHeading([['a', 'b'], ['c']], 'personnel')).toBeNull();
  });

  test('may stand in two rows, the upper one merged over several columns', () => {
    const rows = [
      ['DATA SERTIFIKAT'],
      ['No', 'Nama Pemilik', 'Nomor Seri', 'Masa Berlaku', ''],
      ['', '', '', 'Mulai', 'Sampai'],
      ['1', 'Budi', '255', '1/2/2025', '1/2/2027'],
    ];
    const found = { row: 2, fields: [null, 'name', 'serial', 'from', 'until'] };
    expect(findHeading(rows, 'certificate_sheet')).toMatchObject(found);
    expect(headingAt(rows, 2, (cells) => fieldsOf(cells, 'certificate_sheet'))).toMatchObject(found);
  });

  test('a column of remarks is the status when its cells say who retired; one of kinds of employment is not', () => {
    const rows = (heading: string, cells: string[]) => [
      ['Nama', 'Unit Kerja', 'TMT', heading],
      ...cells.map((cell, at) => [`Pegawai ${at}`, 'Dinas A', '1/2/2020', cell]),
    ];
    const remarks = ['AKTIF', 'AKTIF', 'PENSIUN (BUP)', 'CLTN', 'Mutasi ke Provinsi', 'sakit', ''];
    expect(findHeading(rows('KETERANGAN', remarks), 'personnel')!.fields.at(-1)).toBe('status');
    expect(findHeading(rows('Jenis Pegawai', ['PNS', 'PPPK', 'PNS']), 'personnel')!.fields.at(-1)).toBeNull();
    expect(findHeading(rows('KETERANGAN', ['', 'lihat SK', 'PENSIUN']), 'personnel')!.fields.at(-1)).toBeNull();
  });

  test.each([
    ['Pemegang', 'name'],
    ['Nama Pemegang Sertifikat', 'name'],
    ['Tanggal Terbit', 'from'],
    ['Masa Berlaku s.d.', 'until'],
    ['Tgl. Kadaluarsa', 'until'],
    ['Valid Until', 'until'],
    ['Serial Number', 'serial'],
    ['No. Seri Sertifikat', 'serial'],
    ['Jenis Sertifikat', 'use'],
    ['Instansi', 'agency'],
    ['Status', 'portal'],
    ['Status Sertifikat', 'portal'],
    ['User Status', 'portal'],
    ['Menurut portal BSrE', 'portal'],
    ['Status Pegawai', null],
    ['Keterangan', null],
  ])('%j of a list of certificates is read as %j', (text, field) =>
    expect(fieldsOf([text], 'certificate_sheet')).toEqual([field]),
  );

  test.each([
    ['TMT', 'since'],
    ['TMT Mutasi / Pensiun', 'since'],
    ['Tanggal Mutasi', 'since'],
    ['Sejak', 'since'],
    ['TMT CPNS', null],
    ['TMT Golongan', null],
    ['Nama OPD', 'agency'],
    ['Unit Kerja Induk', 'agency'],
    ['Nomor Induk Pegawai', 'nip'],
    ['NIP / NRP', 'nip'],
    ['EMAIL KEDINASAN', 'email'],
    ['Gelar Depan', 'titleBefore'],
    ['NIK', null],
  ])('%j of a personnel list is read as %j', (text, field) => expect(fieldsOf([text], 'personnel')).toEqual([field]));

  test('a bare "Tanggal" is the day of the status only directly beside it', () => {
    expect(fieldsOf(['Nama', 'OPD', 'Status', 'Tgl.'], 'personnel')).toEqual(['name', 'agency', 'status', 'since']);
    expect(fieldsOf(['Nama', 'Tanggal', 'Status'], 'personnel')).toEqual(['name', null, 'status']);
    expect(fieldsOf(['Nama', 'Status', 'Tanggal', 'TMT'], 'personnel')).toEqual(['name', 'status', null, 'since']);
  });

  test('of an unknown heading the cells may tell: eighteen-digit NIPs and addresses', () => {
    const row = (n: number) => [
      `Orang ${n}`,
      `Dinas ${n}`,
      `1990010120150410${String(n).padStart(2, '0')}`,
      `o${n}@batam.example`,
    ];
    const list = (...heads: string[]) => [
      heads,
      ...Array.from({ length: 9 }, (_, n) => row(n + 1)),
      ['Lain', 'X', '-', ''],
    ];
    const fields = (...heads: string[]) => findHeading(list(...heads), 'personnel')?.fields;
    expect(fields('Nama', 'OPD', 'No. Identitas', 'Kontak')).toEqual(['name', 'agency', 'nip', 'email']);
    // Whose number it is must not be guessed.
    expect(fields('Nama', 'OPD', 'NIP Atasan', 'Kontak Pimpinan')).toEqual(['name', 'agency', null, null]);
    expect(findHeading(list('Nama', 'OPD', '', 'NIK').slice(0, 3), 'personnel')?.fields.slice(0, 3)).toEqual([
      'name',
      'agency',
      'nip',
    ]);
  });

  test('tells which kind of list it is, and what is missing is said', () => {
    expect(kindOf(['Nama', 'NIP', 'Jabatan', 'OPD'])).toBe('personnel');
    expect(kindOf(['Nama', 'Email', 'Serial Number', 'Instansi'])).toBe('certificate_sheet');
    expect(kindOf(['Kode', 'Uraian'])).toBeNull();
    expect(missing(['name'], 'personnel')).toContain('Perangkat Daerah');
    expect(missing(['id'], 'certificate_sheet')).toBeNull();
  });

  test('lists with the same headings share a layout, whatever the case and the spaces', () => {
    expect(layoutOf(['Nama ', 'N I P', ''], 'personnel')).toBe(layoutOf(['NAMA', 'NIP'], 'personnel'));
    expect(layoutOf(['Nama'], 'personnel')).not.toBe(layoutOf(['Nama'], 'certificate_sheet'));
  });
});

test('below the heading, numbering, repeated headings, groups, sums and empty lines are no rows; damage is named', () => {
  const rows = [
    ['No', 'NIP', 'Nama', 'OPD'],
    ['(1)', '(2)', '(3)', '(4)'],
    ['DINAS PENDIDIKAN', '', '', ''],
    ['1', '', 'Budi', 'Disdik'],
    ['', '', '', ''],
    ['No', 'NIP', 'Nama', 'OPD'],
    ['2', '199001012015041001', 'Sri', 'Dinkes'],
    ['JUMLAH', '', '', '2'],
    ['', '400', 'Jumlah halaman ini', ''],
  ];
  const problems = [{ row: 4, col: 2, text: 'rusak' }];
  const { rows: read, skipped } = rowsBelow({ rows, problems }, findHeading(rows, 'personnel')!);
  expect(read).toEqual([
    { line: 4, values: { name: 'Budi', agency: 'Disdik' }, damage: { nip: 'rusak' } },
    { line: 7, values: { nip: '199001012015041001', name: 'Sri', agency: 'Dinkes' }, damage: {} },
  ]);
  expect(skipped).toBe(3);
});

describe('names of people', () => {
  test.each([
    ['Dr. Hj. Sri Handayani Pulungan, M.Pd.', 'SRI HANDAYANI PULUNGAN'],
    ['SRI  HANDAYANI   PULUNGAN', 'SRI HANDAYANI PULUNGAN'],
    ["Nu'man Al-Fatih, S.H., M.H.", 'NUMAN AL FATIH'],
    ['Ir. H. Budi Santoso', 'BUDI SANTOSO'],
    ['Drs Ahmad', 'AHMAD'],
    ['M. Iqbal', 'M IQBAL'],
    ['Hidayat', 'HIDAYAT'],
    ['Dr.', 'DR'],
  ])('%s compares as %s', (name, key) => expect(nameKey(name)).toBe(key));

  test('titles are kept apart for letters', () => {
    expect(splitName('Dr. Hj. Sri Handayani, S.Pd., M.Pd.')).toEqual({
      name: 'Sri Handayani',
      titleBefore: 'Dr. Hj.',
      titleAfter: 'S.Pd., M.Pd.',
    });
  });
});

test('a layout remembered before a column could be read still has it proposed; what a person refused stays refused', () => {
  const proposed = ['name', 'until', 'portal', 'agency'] as const;
  const fields = ['name', 'until', null, null] as const;
  expect(remembered({ fields, offered: null }, proposed)).toEqual(['name', 'until', 'portal', null]);
  expect(remembered({ fields, offered: ['name', 'until', 'portal', 'agency'] }, proposed)).toEqual([...fields]);
});

describe('the signature below a list', () => {
  const head = ['No', 'NIP', 'Nama', 'OPD'];
  const budi = ['1', '199001012015041001', 'Budi', 'Disdik'];
  const sri = ['2', '', 'Sri', 'Dinkes'];
  const read = (...rows: string[][]) => {
    const all = [head, budi, ...rows];
    const { rows: found, signature } = rowsBelow({ rows: all, problems: [] }, findHeading(all, 'personnel')!);
    return { names: found.map(({ values }) => values.name ?? values.nip), signature };
  };

  test.each<[string, string[][]]>([
    [
      'place and date, office, name and NIP in the column of names',
      [
        sri,
        [],
        ['', '', 'Batam, 5 Januari 2026', ''],
        ['', '', 'Mengetahui, Kepala Dinas Pendidikan', ''],
        [],
        ['', '', 'Drs. Wahyu Hidayat, M.Si.', ''],
        ['', '', 'Pembina Utama Muda, IV/c', ''],
        ['', '', 'NIP. 19680304 199303 1 008', ''],
      ],
    ],
    [
      'cut into cells by its commas, as a CSV does',
      [
        sri,
        ['', '', 'Batam', '5 Januari 2026'],
        ['', 'Mengetahui', 'Kepala Dinas', ''],
        ['', '', 'Drs. Wahyu Hidayat', 'M.Si.'],
        ['', 'NIP. 196803041993031008', '', ''],
      ],
    ],
    [
      'two who sign, side by side',
      [
        sri,
        ['', 'Mengetahui,', '', 'Batam, ... Januari 2026'],
        ['', 'Kepala Dinas,', '', 'Pengelola TTE,'],
        ['', '', 'Wahyu Hidayat', 'Rina Wati, S.Kom.'],
        ['', '', 'NIP. 196803041993031008', 'NIP. 198803042012032001'],
      ],
    ],
    [
      'the office alone, then name and NIP',
      [sri, ['', '', 'a.n. Kepala Dinas', ''], ['', '', 'Wahyu', ''], ['', '', 'NIP 196803041993031008', '']],
    ],
  ])('is no data: %s', (_, rows) => {
    const { names, signature } = read(...rows);
    expect(names).toEqual(['Budi', 'Sri']);
    expect(signature).toHaveLength(rows.filter((row) => row.length && row !== sri).length);
  });

  test('below one, and in a list with offices as headings, whoever can be entered is entered, and whoever lacks something is told', () => {
    expect(read(['', '', 'Mengetahui, Kepala Dinas', ''], ['', '', 'Wahyu', ''], sri).names).toEqual(['Budi', 'Sri']);
    expect(read(['', '', 'Mengetahui', ''], ['', '199001012015041002', 'Cici', '']).names).toEqual(['Budi', 'Cici']);
    expect(read(['', '', 'Mengetahui', ''], ['', '', 'Cici', 'Disdik']).names).toEqual(['Budi', 'Cici']);
    expect(read(['', '', 'Mengetahui', ''], ['3', '', 'Cici', '']).names).toEqual(['Budi', 'Cici']);
    expect(read(['', '', 'KEPALA BIDANG', ''], ['', '', 'Cici', ''], sri)).toEqual({
      names: ['Budi', 'KEPALA BIDANG', 'Cici', 'Sri'],
      signature: [],
    });
    expect(read(['', '', 'Cici', ''], ['', '', 'NIP. 196803041993031008', '']).names).toHaveLength(3);
    for (const name of ['Batam Wijaya', 'Mengetah Ui', 'Ditta', 'Kepala', 'Maret Setiawan'])
      expect(read(['2', '', name, 'Disdik']).names).toEqual(['Budi', name]);
  });
});
