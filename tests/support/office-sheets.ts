// Sheets as real offices send them: merged titles, an instruction sheet in front, a row of column numbers, groups,
// blank lines, dates in four spellings, agencies by abbreviation, NIP and serials that Excel has damaged. The people
// are invented. Deterministic: the same call gives the same bytes, and `damage` says what was put in.
import { writeXlsx } from 'hucre/xlsx';
import { makePeople, type Agency, type Person } from '../../src/bin/demo/people.ts';
import { random, type Random } from '../../src/bin/demo/random.ts';
import { officialRegister } from '#lib/server/agencies/index.ts';
import { readRegister } from '#lib/server/agencies/register.ts';

type Cell = string | number | Date | null;
export type OfficeSheet = {
  name: string;
  bytes: Uint8Array;
  people: Person[];
  /** How many rows of people or certificates it holds, and what is wrong with some of them. */
  damage: { rows: number; nips: number; emails: number; agencies: number; serials: number; dates: number };
};

const TODAY = '2026-11-22';
const MONTHS = 'Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember'.split(' ');
/** Work places below an agency, which the register does not know: asked once each. */
const ELSEWHERE = ['SMP Negeri 3 Batam', 'Puskesmas Baloi Permai', 'UPT Samsat Batam Centre', 'SDN 012 Nongsa'];

const staff = (count: number, dice: Random): Person[] => {
  const register: Agency[] = readRegister(officialRegister());
  const people = makePeople(register, dice, TODAY);
  while (people.length < count) {
    const more = makePeople(register, dice, TODAY).map((person, i) => ({
      ...person,
      nip: `${person.nip.slice(0, 8)}888801${String(1001 + ((people.length + i) % 8990)).padStart(4, '0')}`,
      email: person.email.replace('@', `.${people.length + i}@`),
    }));
    people.push(...more);
  }
  return people.slice(0, count).map((person) => ({ ...person, nip: person.nip.replace(/000$/, '999') }));
};

/** The agency as four different clerks write it. */
function clerk({ name, shortName, kind }: Agency, n: number): string {
  const spelled = [name, shortName, `${name} Kota Batam`, name.toUpperCase()][n % 4]!;
  if (n % 9 === 0) return spelled.replace(' dan ', ' & ');
  if (n % 13 === 0 && kind === 'DINAS_DAERAH') return name.replace(/^Dinas /, '');
  return spelled.replace(/\bKelurahan\b/, 'Kel.').replace(/\bKecamatan\b/, 'Kec');
}

/** A date as text in one of four spellings, or as Excel's own. */
function written(iso: string, n: number): Cell {
  const [year, month, day] = iso.split('-') as [string, string, string];
  const spellings: Cell[] = [
    `${day}/${month}/${year}`,
    `${Number(day)} ${MONTHS[Number(month) - 1]} ${year}`,
    iso,
    new Date(`${iso}T00:00:00Z`),
    `${day}-${month}-${year}`,
  ];
  return spellings[n % spellings.length]!;
}

const fullName = ({ titleBefore, name, titleAfter }: Person, n: number): string => {
  const bare = n % 5 === 0 ? name.toUpperCase() : name;
  return `${titleBefore ? `${titleBefore} ` : ''}${bare}${titleAfter ? `, ${titleAfter}` : ''}`;
};

const book = (title: string, rows: Cell[][], width: number): Promise<Uint8Array> =>
  writeXlsx({
    sheets: [
      { name: 'Petunjuk', rows: [['Petunjuk pengisian'], ['Isi lembar berikut, jangan mengubah judul kolom.']] },
      {
        name: title,
        rows,
        merges: [0, 1].map((row) => ({ startRow: row, endRow: row, startCol: 0, endCol: width - 1 })),
        freezePane: { rows: 5 },
      },
      { name: 'Rekap', rows: [['Jumlah', rows.length]] },
    ],
  });

/** A nominative list of the staff agency, `rows` people (default 2.000). */
export async function officePersonnelSheet(options: { rows?: number; seed?: number } = {}): Promise<OfficeSheet> {
  const dice = random(options.seed ?? 3);
  const people = staff(options.rows ?? 2000, dice);
  const damage = { rows: people.length, nips: 0, emails: 0, agencies: 0, serials: 0, dates: 0 };
  const heads = ['No.', 'N I P', 'Nama Lengkap', 'Gol./Ruang', 'Jabatan', 'Unit Kerja (OPD)', 'Alamat E-mail'];
  const rows: Cell[][] = [
    ['DAFTAR NOMINATIF PEGAWAI DI LINGKUNGAN PEMERINTAH KOTA BATAM'],
    ['KEADAAN PER 1 NOVEMBER 2026'],
    [],
    [...heads, 'Status Kepegawaian', 'TMT Mutasi / Pensiun', 'Ket.'],
    ['(1)', '(2)', '(3)', '(4)', '(5)', '(6)', '(7)', '(8)', '(9)', '(10)'],
  ];
  let group = '';
  people.forEach((person, i) => {
    if (person.agency.code !== group) {
      if (group) rows.push([]);
      rows.push([person.agency.name.toUpperCase()]);
      group = person.agency.code;
    }
    const nip = nipCell(person.nip, i);
    if (typeof nip === 'number' || nip === '') damage.nips += 1;
    const elsewhere = i % 61 === 17;
    if (elsewhere) damage.agencies += 1;
    const badMail = i % 53 === 9;
    if (badMail) damage.emails += 1;
    rows.push([
      i + 1,
      nip,
      fullName(person, i),
      dice.pick(['III/a', 'III/d', 'IV/a', 'II/c']),
      person.position,
      elsewhere ? ELSEWHERE[((i / 61) % ELSEWHERE.length) | 0]! : clerk(person.agency, i),
      badMail ? person.email.replace('@', ' at ') : i % 4 === 1 ? null : person.email,
      person.status === 'aktif' ? ['PNS', 'Aktif', 'PPPK', 'CPNS'][i % 4]! : person.status.toUpperCase(),
      person.statusSince ? written(person.statusSince, i) : null,
      null,
    ]);
  });
  rows.push([], [null, null, null, null, null, null, 'Batam, 2 November 2026'], [null, null, 'JUMLAH', null, null]);
  const bytes = await book('DATA PEGAWAI NOV 2026', rows, 10);
  return { name: 'Daftar Pegawai Nov 2026 (FINAL).xlsx', bytes, people, damage };
}

/** Text, text with spaces, or a number that Excel has rounded. */
function nipCell(nip: string, n: number): Cell {
  if (n % 37 === 5) return Number(nip);
  return n % 6 === 0 ? `${nip.slice(0, 8)} ${nip.slice(8, 14)} ${nip.slice(14, 15)} ${nip.slice(15)}` : nip;
}

/** A list as it comes out of the portal and was then edited in Excel: one certificate for each of the people. */
export async function officeCertificateSheet(
  options: { rows?: number; seed?: number; people?: readonly Person[] } = {},
): Promise<OfficeSheet> {
  const dice = random(options.seed ?? 5);
  const people = [...(options.people ?? staff(options.rows ?? 1800, random(3)))].slice(0, options.rows ?? 1800);
  const damage = { rows: people.length, nips: 0, emails: 0, agencies: 0, serials: 0, dates: 0 };
  const rows: Cell[][] = [
    ['REKAPITULASI SERTIFIKAT ELEKTRONIK BSrE'],
    ['PEMERINTAH KOTA BATAM'],
    [],
    [
      'No',
      'Nama',
      'Email',
      'Instansi',
      'Serial Number',
      'Status',
      'Tanggal Terbit',
      'Masa Berlaku s.d.',
      'Jenis Sertifikat',
    ],
  ];
  people.forEach((person, i) => {
    const issued = new Date(Date.parse(`${TODAY}T00:00:00Z`) - dice.below(900) * 86_400_000);
    const ends = new Date(issued.getTime() + 729 * 86_400_000);
    const serial = BigInt(`0x3${Array.from({ length: 39 }, () => dice.below(16).toString(16)).join('')}`).toString();
    const rounded = i % 41 === 3;
    const badDate = i % 97 === 8;
    if (rounded) damage.serials += 1;
    if (badDate) damage.dates += 1;
    rows.push([
      i + 1,
      person.name.toUpperCase(),
      person.email,
      'Pemerintah Kota Batam',
      rounded
        ? Number(serial)
        : i % 41 === 4
          ? (damage.serials++, Number(serial).toExponential(2).replace('e', 'E'))
          : serial,
      ends.getTime() < Date.parse(TODAY) ? 'EXPIRED' : 'ISSUE',
      written(issued.toISOString().slice(0, 10), i),
      badDate ? '31 Febuari' : written(ends.toISOString().slice(0, 10), i + 1),
      'Tanda Tangan Elektronik',
    ]);
    if (i % 250 === 249) rows.push([]);
  });
  const bytes = await book('Rekap Sertifikat', rows, 9);
  return { name: 'rekap sertifikat bsre.xlsx', bytes, people, damage };
}
