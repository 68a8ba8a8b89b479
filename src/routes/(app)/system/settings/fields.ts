// How each setting is asked for and shown: its fields, their words, and reading them from a form. Pure.
import type { SettingKey } from '#lib/server/settings/definitions.ts';

type Kind = 'text' | 'number' | 'time' | 'flag' | 'choice' | 'days' | 'month-day' | 'hosts' | 'responders' | 'signers';
export type FieldSpec = { name: string; label: string; kind: Kind; hint?: string; options?: readonly string[] };
export type SettingForm = { key: SettingKey; about: string; fields: readonly FieldSpec[] };
type Value = Record<string, unknown> | unknown[];

const text = (name: string, label: string, hint?: string): FieldSpec => ({
  name,
  label,
  kind: 'text',
  ...(hint ? { hint } : {}),
});
const number = (name: string, label: string): FieldSpec => ({ name, label, kind: 'number' });
const clock = (name: string, label: string): FieldSpec => ({
  name,
  label,
  kind: 'time',
  hint: 'Mis. 4 jam, 1 hari 12 jam, 30 menit.',
});
const days = (name: string, label: string): FieldSpec => ({
  name,
  label,
  kind: 'days',
  hint: 'Hari sebelum berakhir, dipisah koma; negatif berarti sesudahnya.',
});
const policy = 'Perwali tidak menyebut angkanya: ini kebijakan Dinas, dan tertulis begitu di mana pun ia tampil.';

/** All settings that have a form here; outgoing mail has its own page with a test and a switch. */
export const forms: readonly SettingForm[] = [
  {
    key: 'office',
    about: 'Tercetak di kop surat dan laporan.',
    fields: [
      text('government', 'Pemerintah'),
      text('name', 'Nama Dinas'),
      text('shortName', 'Nama singkat'),
      text('address', 'Alamat'),
      text('phone', 'Telepon'),
      text('web', 'Situs'),
      text('email', 'Surel'),
      text('city', 'Kota'),
      text('province', 'Provinsi'),
      text('agencyCode', 'Kode Dinas', 'Kode Dinas sendiri dalam daftar Perangkat Daerah.'),
      text('unitCode', 'Kode unit pengelola'),
    ],
  },
  {
    key: 'signatory',
    about: 'Siapa yang menandatangani surat dan laporan. Siaga tidak pernah menandatangani untuk orang.',
    fields: [text('name', 'Nama dan gelar'), text('position', 'Jabatan'), text('rank', 'Pangkat'), text('nip', 'NIP')],
  },
  {
    key: 'document',
    about: 'Bentuk surat dan laporan.',
    fields: [
      { name: 'paper', label: 'Kertas', kind: 'choice', options: ['F4', 'A4'] },
      { name: 'mayorWord', label: 'Ejaan', kind: 'choice', options: ['Walikota', 'Wali Kota'] },
      text('bsreName', 'Nama lengkap BSrE'),
      text('letterNumberPattern', 'Pola nomor surat', 'Nomornya tetap dari agenda; {bulan} dan {tahun} diisi Siaga.'),
    ],
  },
  {
    key: 'evidenceAlgorithms',
    about:
      'Bukti yang ditandatangani dengan algoritma di luar ini ditolak dan tidak mengubah status apa pun. Longgarkan hanya bila penerbit belum dapat berganti, dan catat alasannya.',
    fields: [
      { name: 'sha1', label: 'Terima tanda tangan SHA-1 (dapat dipalsukan)', kind: 'flag' },
      number('rsaBits', 'Kunci RSA paling pendek (bit)'),
    ],
  },
  {
    key: 'ocspResponders',
    about:
      'Hanya bila penerbit memakai responder yang tidak disertifikasinya sendiri. Jawaban responder di sini dipercaya untuk penerbit itu seperti jawaban penerbit; impor dulu sertifikat responder itu dan bandingkan sidiknya dengan penerbit.',
    fields: [
      {
        name: 'responders',
        label: 'Responder',
        kind: 'responders',
        hint: 'Satu per baris: SHA-256 sertifikat penerbit; SHA-256 sertifikat responder; alasan; sampai (TTTT-BB-HH, boleh kosong).',
      },
    ],
  },
  {
    key: 'crlSigners',
    about:
      'Hanya bila penerbit berganti kunci dan menyatakan bahwa kunci barunya menandatangani CRL juga untuk sertifikat kunci lama. Tanpa itu CRL kunci lain dengan nama penerbit yang sama dapat mencabut, tetapi tidak dapat menyatakan baik atau melepas. Bandingkan sidiknya dengan penerbit.',
    fields: [
      {
        name: 'signers',
        label: 'Penanda tangan CRL',
        kind: 'signers',
        hint: 'Satu per baris: SHA-256 sertifikat penerbit (kunci lama); SHA-256 sertifikat CA yang menandatangani CRL; alasan; sampai (TTTT-BB-HH, boleh kosong).',
      },
    ],
  },
  {
    key: 'freshness',
    about: `Berapa lama bukti pencabutan dianggap segar. ${policy}`,
    fields: [
      number('leafCrlHours', 'CRL, paling lama (jam)'),
      number('ocspHours', 'OCSP, paling lama (jam)'),
      {
        name: 'issuers',
        label: '“Berlaku” juga menuntut bukti segar bahwa penerbitnya tidak dicabut',
        kind: 'flag',
      },
    ],
  },
  {
    key: 'massChange',
    about: `CRL yang sekaligus kehilangan lebih banyak entri daripada ini tidak melepas siapa pun sebelum diputuskan orang. ${policy}`,
    fields: [
      number('percent', 'Penyusutan, lebih dari (persen)'),
      number('atLeast', 'Hanya CRL dengan paling sedikit sekian entri'),
    ],
  },
  {
    key: 'ladders',
    about: `Kapan pemilik dan pengawas diberi tahu tentang masa berlaku. ${policy}`,
    fields: [
      days('signer', 'Sertifikat orang dan badan'),
      days('tls', 'Sertifikat SSL'),
      days('authority', 'Sertifikat penerbit'),
      number('expiringDays', '“Akan kedaluwarsa” sejak (hari sebelum berakhir)'),
    ],
  },
  {
    key: 'incidentClocks',
    about: `Batas waktu insiden sejak diketahui. Perwali hanya menyebut “segera” (Pasal 19). ${policy}`,
    fields: [
      clock('acknowledge', 'Laporan ditanggapi'),
      clock('revocationRequest', 'Pencabutan diminta'),
      clock('revocationSeen', 'Pencabutan terlihat di sumber'),
      clock('earlyNotice', 'Pemberitahuan awal ke BSSN dan BSrE'),
      clock('technicalHelp', 'Permintaan bantuan teknis'),
      clock('finalReport', 'Laporan akhir'),
    ],
  },
  {
    key: 'deadlines',
    about: `Tenggat evaluasi dan laporan. Pasal 18 memberi kekerapannya, bukan tanggalnya. ${policy}`,
    fields: [
      {
        name: 'annualReport',
        label: 'Laporan tahunan',
        kind: 'month-day',
        hint: 'Bulan-tanggal tahun berikutnya, mis. 01-31.',
      },
      {
        name: 'utilisationReport',
        label: 'Laporan pemanfaatan',
        kind: 'month-day',
        hint: 'Bulan-tanggal, mis. 01-31.',
      },
      number('findingDays', 'Tindak lanjut temuan (hari)'),
      number('effectDays', 'Periksa efektivitas setelah ditutup (hari)'),
      number('replyWorkingDays', 'Tanggapan hasil evaluasi (hari kerja)'),
      number('answerWorkingDays', 'Isian evaluasi (hari kerja)'),
    ],
  },
  {
    key: 'certificateRules',
    about:
      'Dengan apa isi sertifikat dibandingkan pada Catatan Teknis. Setelah diubah, semua sertifikat diperiksa ulang.',
    fields: [
      text('emailDomains', 'Domain surel dinas', 'Dipisah koma, mis. batam.go.id; subdomainnya ikut.'),
      text('organizations', 'Nama instansi lain pada O', 'Dipisah koma; nama kota dan Perangkat Daerah sudah dikenal.'),
      number('maxDays', 'Masa berlaku paling lama (hari)'),
    ],
  },
  {
    key: 'outboundAllow',
    about:
      'Alamat di jaringan dalam yang boleh dihubungi Siaga, misalnya server pengujian. Alamat dalam lainnya ditolak.',
    fields: [
      {
        name: 'hosts',
        label: 'Alamat',
        kind: 'hosts',
        hint: 'Satu per baris: nama host; port; alasan; sampai (TTTT-BB-HH, boleh kosong).',
      },
    ],
  },
  {
    key: 'delegation',
    about: 'Pelimpahan kepada petugas piket untuk mengirim pemberitahuan awal tanpa menunggu penanda tangan.',
    fields: [
      text('decree', 'Nomor keputusan'),
      { name: 'earlyNotice', label: 'Petugas piket boleh mengirim pemberitahuan awal', kind: 'flag' },
    ],
  },
];

export const formOf = (key: string): SettingForm | undefined => forms.find((form) => form.key === key);

/** What a form sent, as the setting's own shape; whether it is right is the setting's schema's to say. */
export function readForm(form: SettingForm, entry: (name: string) => string): Value {
  const list = form.fields.find(isList);
  if (list) return lines(entry(list.name)).map(ROWS[list.kind].read);
  return Object.fromEntries(form.fields.map((field) => [field.name, readField(field, entry(field.name))]));
}

function readField(field: FieldSpec, raw: string): unknown {
  if (field.kind === 'flag') return raw !== '';
  if (field.kind === 'number') return raw === '' ? Number.NaN : Number(raw.replace(/\.(?=\d{3}\b)/g, ''));
  if (field.kind === 'time') return minutesOf(raw);
  if (field.kind === 'days')
    return raw
      .split(/[,;\s]+/)
      .filter(Boolean)
      .map(Number);
  return raw;
}

const UNITS = { hari: 1440, jam: 60, menit: 1 } as const;

/** "1 hari 12 jam", "90 menit", "1.440" (minutes) as minutes; NaN for anything else. */
function minutesOf(raw: string): number {
  const words = raw
    .toLowerCase()
    .replace(/\.(?=\d{3}\b)/g, '')
    .trim();
  if (/^\d+$/.test(words)) return Number(words);
  const parts = [...words.matchAll(/(\d+)\s*(hari|jam|menit)/g)];
  const rest = words.replace(/(\d+)\s*(hari|jam|menit)/g, '').replace(/[\s,]|dan/g, '');
  if (!parts.length || rest) return Number.NaN;
  return parts.reduce((sum, [, n, unit]) => sum + Number(n) * UNITS[unit as keyof typeof UNITS], 0);
}

/** Minutes in words, exactly: "14 hari", "1 jam 30 menit". */
function minutesInWords(minutes: number): string {
  const parts = [
    [Math.floor(minutes / 1440), 'hari'],
    [Math.floor((minutes % 1440) / 60), 'jam'],
    [minutes % 60, 'menit'],
  ] as const;
  return parts.flatMap(([n, unit]) => (n ? [`${n} ${unit}`] : [])).join(' ') || '0 menit';
}

const lines = (raw: string): string[] =>
  raw
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);

type Row = Record<string, string | number>;
type ListKind = 'hosts' | 'responders' | 'signers';
type ListField = FieldSpec & { kind: ListKind };
export const isList = (field: FieldSpec): field is ListField => field.kind in ROWS;

/** Settings that are a list: one row a line, its parts between semicolons. */
const ROWS: Record<ListKind, { read: (line: string) => Row; parts: readonly string[] }> = {
  hosts: {
    parts: ['host', 'port', 'why', 'until'],
    read: (line) => {
      const [host = '', port = '', why = '', until = ''] = partsOf(line);
      return { host, port: Number(port), why, until };
    },
  },
  responders: {
    parts: ['issuer', 'responder', 'why', 'until'],
    read: (line) => {
      const [issuer = '', responder = '', why = '', until = ''] = partsOf(line);
      return { issuer, responder, why, until };
    },
  },
  signers: {
    parts: ['issuer', 'signer', 'why', 'until'],
    read: (line) => {
      const [issuer = '', signer = '', why = '', until = ''] = partsOf(line);
      return { issuer, signer, why, until };
    },
  },
};
const partsOf = (line: string): string[] => line.split(';').map((part) => part.trim());

/** A setting's value as its fields are typed. */
export function typedValue(field: FieldSpec, value: Value): string | boolean {
  if (Array.isArray(value)) {
    if (!isList(field)) return '';
    const { parts } = ROWS[field.kind];
    return (value as Row[])
      .map((row) =>
        parts
          .map((part) => row[part])
          .join('; ')
          .replace(/(; )+$/, ''),
      )
      .join('\n');
  }
  const one = value[field.name];
  if (field.kind === 'flag') return one === true;
  if (field.kind === 'time') return minutesInWords(Number(one));
  return Array.isArray(one) ? one.join(', ') : String(one ?? '');
}

/** A setting's value as it is read. */
export function shownValue(field: FieldSpec, value: Value): string {
  const typed = typedValue(field, value);
  if (typeof typed === 'boolean') return typed ? 'ya' : 'tidak';
  if (field.kind === 'number') return Number(typed).toLocaleString('id-ID');
  return typed || '—';
}
