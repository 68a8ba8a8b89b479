// The invented staff of the sample city. Names are drawn from lists and belong to nobody; NIP carry the year 9999 in
// their middle part so that none can be a real one.
import type { Random } from './random.ts';

export type Agency = { code: string; kind: string; level: string; parent: string; name: string; shortName: string };
export type Person = {
  name: string;
  titleBefore: string;
  titleAfter: string;
  nip: string;
  position: string;
  agency: Agency;
  email: string;
  status: 'aktif' | 'mutasi' | 'pensiun';
  statusSince: string;
};

const FIRST = [
  'Arya',
  'Bayu',
  'Citra',
  'Dewi',
  'Eka',
  'Fajar',
  'Gita',
  'Hendra',
  'Indah',
  'Joko',
  'Kartika',
  'Lestari',
  'Mulyadi',
  'Nadia',
  'Oki',
  'Putri',
  'Rahmat',
  'Sari',
  'Teguh',
  'Umar',
  'Vina',
  'Wahyu',
  'Yuni',
  'Zulkifli',
  'Agus',
  'Bambang',
  'Dian',
  'Endang',
  'Fitri',
  'Guntur',
  'Hesti',
  'Irfan',
  'Juwita',
  'Kurnia',
  'Laila',
  'Maharani',
  'Novita',
  'Prasetyo',
  'Ratna',
  'Slamet',
  'Tri',
  'Utami',
  'Wulan',
  'Yusuf',
  'Rizky',
  'Siti',
  'Aditya',
  'Bagus',
  'Cahya',
  'Dimas',
  'Elok',
  'Farida',
  'Galih',
  'Hana',
  'Ilham',
  'Jaka',
  'Kirana',
  'Lukman',
  'Melati',
  'Nugroho',
  'Okta',
  'Panji',
  'Rina',
  'Surya',
  'Tasya',
  'Untung',
  'Viktor',
  'Winda',
  'Yoga',
  'Zahra',
  'Anggun',
  'Budiman',
  'Chandra',
  'Desi',
  'Erlangga',
  'Ferdinand',
] as const;
const MIDDLE = [
  'Aditya',
  'Ayu',
  'Budi',
  'Cahyani',
  'Dwi',
  'Eko',
  'Fitria',
  'Gilang',
  'Handayani',
  'Indra',
  'Jati',
  'Kencana',
  'Laras',
  'Mega',
  'Nur',
  'Okta',
  'Permata',
  'Rini',
  'Septian',
  'Tirta',
  'Utari',
  'Wira',
  'Yanti',
  'Zaki',
  'Anjani',
  'Bintang',
  'Dharma',
  'Intan',
  'Kusuma',
  'Maulana',
  'Puspita',
  'Ramadhan',
  'Satria',
  'Tri',
  'Wibisana',
  'Yudha',
] as const;
const LAST = [
  'Anggraini',
  'Batubara',
  'Cahyono',
  'Damanik',
  'Effendi',
  'Firmansyah',
  'Ginting',
  'Harahap',
  'Iskandar',
  'Jayanti',
  'Kusumadewi',
  'Lubis',
  'Manurung',
  'Nasution',
  'Oktaviani',
  'Pulungan',
  'Rangkuti',
  'Siregar',
  'Tarigan',
  'Utomo',
  'Wijaya',
  'Yulianto',
  'Zulfikar',
  'Daulay',
  'Hutapea',
  'Maharani',
  'Nainggolan',
  'Pratama',
  'Rahardjo',
  'Saragih',
  'Tambunan',
  'Wardani',
  'Hasibuan',
  'Marpaung',
  'Purba',
  'Simbolon',
  'Sitorus',
  'Subagio',
  'Suryani',
  'Widodo',
  'Halim',
  'Kartono',
  'Mahendra',
  'Prabowo',
  'Rosdiana',
  'Santika',
  'Tanjung',
  'Wicaksono',
  'Permadi',
  'Sulaiman',
] as const;
const DEGREES = [
  'S.E.',
  'S.Sos.',
  'S.T.',
  'S.Kom.',
  'S.H.',
  'S.IP.',
  'M.Si.',
  'M.M.',
  'S.Pd.',
  'S.KM.',
  'A.Md.',
  '',
] as const;

/** How many people of an agency hold or should hold a certificate. */
function size(agency: Agency): number {
  const special: Record<string, number> = { DISDIK: 70, DINKES: 60, DISKOMINFO: 36 };
  if (special[agency.code]) return special[agency.code]!;
  if (agency.level === 'unit') return 8;
  const byKind: Record<string, number> = {
    SEKRETARIAT_DAERAH: 30,
    SEKRETARIAT_DPRD: 25,
    INSPEKTORAT: 26,
    RSUD: 70,
    DINAS_DAERAH: 21,
    LEMBAGA_TEKNIS_DAERAH: 22,
    SATPOL_PP: 20,
    KECAMATAN: 16,
    KELURAHAN: 6,
  };
  return byKind[agency.kind] ?? 10;
}

/** Positions from the top; the last one repeats. */
function positions(agency: Agency): string[] {
  if (agency.level === 'unit') return [`Kepala ${agency.name}`, 'Kepala Subbagian', 'Analis Kebijakan', 'Pelaksana'];
  switch (agency.kind) {
    case 'KELURAHAN':
      return ['Lurah', 'Sekretaris Lurah', 'Kepala Seksi Pemerintahan', 'Kepala Seksi Pelayanan Umum', 'Pelaksana'];
    case 'KECAMATAN':
      return [
        'Camat',
        'Sekretaris Camat',
        'Kepala Seksi Pemerintahan',
        'Kepala Seksi Ketenteraman',
        'Kepala Subbagian Umum',
        'Pelaksana',
      ];
    case 'SEKRETARIAT_DAERAH':
      return [
        'Sekretaris Daerah',
        'Asisten Pemerintahan',
        'Asisten Perekonomian',
        'Asisten Administrasi Umum',
        'Staf Ahli',
        'Pelaksana',
      ];
    case 'RSUD':
      return [
        'Direktur',
        'Wakil Direktur Pelayanan',
        'Wakil Direktur Umum',
        'Kepala Bidang',
        'Dokter Spesialis',
        'Dokter',
        'Perawat',
      ];
    case 'INSPEKTORAT':
      return ['Inspektur', 'Sekretaris', 'Inspektur Pembantu', 'Auditor Madya', 'Auditor Muda'];
    case 'LEMBAGA_TEKNIS_DAERAH':
      return ['Kepala Badan', 'Sekretaris', 'Kepala Bidang', 'Kepala Subbidang', 'Analis Kebijakan', 'Pelaksana'];
    default:
      return [
        'Kepala Dinas',
        'Sekretaris',
        'Kepala Bidang',
        'Kepala Seksi',
        'Kepala Subbagian Umum',
        'Analis Kebijakan',
        'Pelaksana',
      ];
  }
}

/** The whole staff: about 1,500 people with different names, a few namesakes among them on purpose. */
export function makePeople(agencies: readonly Agency[], dice: Random, today: string): Person[] {
  const taken = new Set<string>();
  const people: Person[] = [];
  const year = Number(today.slice(0, 4));
  for (const agency of agencies) {
    const titles = positions(agency);
    for (let i = 0; i < size(agency); i++) {
      let name = '';
      do name = `${dice.pick(FIRST)} ${dice.chance(0.6) ? `${dice.pick(MIDDLE)} ` : ''}${dice.pick(LAST)}`;
      while (taken.has(name) && people.length % 97 !== 0);
      taken.add(name);
      // No NIP ends in 000: its last three digits count from 001.
      const serial = String(people.length + 1)
        .replace(/000$/, '999')
        .padStart(4, '0');
      const born = year - 26 - dice.below(30);
      const left = dice.chance(0.022) && i > 1;
      people.push({
        name,
        titleBefore: i === 0 && dice.chance(0.3) ? 'Dr.' : '',
        titleAfter: dice.pick(DEGREES),
        // 8 digits of birth, then "9999" where a real NIP has year and month of appointment.
        nip: `${born}${String(1 + dice.below(12)).padStart(2, '0')}${String(1 + dice.below(28)).padStart(2, '0')}9999${String(1 + dice.below(12)).padStart(2, '0')}${serial}`,
        position: titles[Math.min(i, titles.length - 1)]!,
        agency,
        email: `${name.toLowerCase().replace(/[^a-z]+/g, '.')}.${serial}@batam.example`,
        status: left ? (dice.chance(0.5) ? 'mutasi' : 'pensiun') : 'aktif',
        statusSince: left ? shift(today, -20 - dice.below(200)) : '',
      });
    }
  }
  return people;
}

const shift = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
