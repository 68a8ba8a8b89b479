// The name of a kind of entry, where one is chosen: what it is about, and its sentence without what differs each time.
import { actions, type Action } from './actions.ts';

type Subject = Action extends infer A
  ? A extends `${infer S}.${string}`
    ? S
    : A extends `${infer S}_${string}`
      ? S
      : never
  : never;

/** What the first word of an action is about. */
const subjects: Record<Subject, string> = {
  setting: 'Pengaturan',
  holidays: 'Hari libur',
  agencies: 'Perangkat Daerah',
  agency: 'Perangkat Daerah',
  contact: 'Alamat',
  history: 'Riwayat sebelum Siaga',
  job: 'Tugas berkala',
  backup: 'Cadangan',
  accounts: 'Akun',
  authn: 'Akun',
  session: 'Akun',
  user: 'Akun',
  privilege: 'Akun',
  file: 'Berkas',
  source: 'Sumber pencabutan',
  sources: 'Sumber pencabutan',
  evidence: 'Bukti pencabutan',
  statuses: 'Status pencabutan',
  sweep: 'Sumber pencabutan',
  certificate: 'Sertifikat',
  quarantine: 'Bukti pencabutan',
  refused: 'Bukti pencabutan',
  reach: 'Sumber pencabutan',
  check: 'Status pencabutan',
  states: 'Status pencabutan',
  signals: 'Sumber pencabutan',
  signal: 'Sumber pencabutan',
  alerts: 'Peringatan',
  alert: 'Peringatan',
  mail: 'Surel',
  message: 'Surel',
  duty: 'Piket',
  intake: 'Laporan masuk',
  incident: 'Insiden',
  revocation: 'Permintaan pencabutan',
  obligation: 'Kewajiban melapor',
  letter: 'Surat',
  evaluation: 'Evaluasi',
  finding: 'Temuan',
  trail: 'Jejak audit',
  list: 'Ekspor daftar',
  import: 'Impor',
  sheet: 'Impor',
  authority: 'Penerbit',
  issuer: 'Penerbit',
  issuer_host: 'Penerbit',
  problems: 'Catatan teknis',
  chains: 'Sertifikat',
  certificates: 'Sertifikat',
  matches: 'Pencocokan',
  match: 'Pencocokan',
  holder: 'Pemilik',
  holders: 'Pemilik',
  renewal: 'Pembaruan',
  renewals: 'Pembaruan',
  calendar: 'Kalender',
  view: 'Tampilan daftar',
  snapshot: 'Laporan',
  report: 'Laporan',
  brief: 'Ringkasan pimpinan',
};

/** Where the sentence without its values says too little. */
const own: Partial<Record<Action, string>> = {
  'certificates.bulk_requested': 'Tindakan massal: diminta',
  'certificates.bulk_done': 'Tindakan massal: selesai',
  'holder.left': 'Pemilik: pindah, pensiun, atau berhenti',
};

/** "Impor: mengimpor …": for people, in Indonesian. */
export function title(action: Action): string {
  const subject = subjects[action.split(action.includes('.') ? '.' : '_')[0] as Subject];
  const said = actions[action]
    .replace(/^\{actor\} /, '')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/ \([^()]*\{[^()]*\)/g, '')
    // What follows a colon only fills in.
    .replace(/[:;] [^:;]*\{.*$/, '')
    .replace(/"?\{\*?\w+\}"?/g, '…')
    .replace(/^\p{Lu}(?=\p{Ll})/u, (letter) => letter.toLowerCase());
  return own[action] ?? `${subject}: ${said}`;
}
