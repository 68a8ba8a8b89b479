// Code → Indonesian word of every enum: the glossary, executable. Pages and documents take words from here only.

export type Tone = 'ok' | 'warn' | 'bad' | 'off' | 'mute';

/** Certificate label (certificate-status §1, label precedence): word, tone and Lucide icon. Exactly these words. */
export const certificateLabels = {
  bad_signature: { word: 'Tanda tangan penerbit tidak cocok', tone: 'bad', icon: 'shield-x' },
  revoked: { word: 'Dicabut', tone: 'bad', icon: 'ban' },
  ca_revoked: { word: 'Penerbit dicabut', tone: 'bad', icon: 'ban' },
  on_hold: { word: 'Ditangguhkan', tone: 'bad', icon: 'circle-pause' },
  expired: { word: 'Kedaluwarsa', tone: 'off', icon: 'calendar-x' },
  not_yet_valid: { word: 'Belum berlaku', tone: 'off', icon: 'calendar-clock' },
  conflict: { word: 'Sumber bertentangan', tone: 'bad', icon: 'git-compare' },
  invalid_path: { word: 'Jalur sertifikat tidak sah', tone: 'bad', icon: 'unlink' },
  ca_expired: { word: 'Penerbit kedaluwarsa', tone: 'warn', icon: 'calendar-x' },
  untrusted: { word: 'Penerbit belum dipercaya', tone: 'warn', icon: 'shield-question-mark' },
  incomplete: { word: 'Rantai belum lengkap', tone: 'warn', icon: 'unlink' },
  undetermined: { word: 'Status pencabutan tidak diketahui', tone: 'warn', icon: 'circle-question-mark' },
  unknown: { word: 'Status pencabutan tidak diketahui', tone: 'warn', icon: 'circle-question-mark' },
  not_checkable: { word: 'Tidak dapat diperiksa', tone: 'warn', icon: 'circle-slash' },
  never_checked: { word: 'Belum diperiksa', tone: 'mute', icon: 'circle-dashed' },
  stale: { word: 'Berlaku, perlu diperiksa ulang', tone: 'warn', icon: 'refresh-cw' },
  ageing: { word: 'Berlaku, perlu diperiksa ulang', tone: 'warn', icon: 'refresh-cw' },
  superseded: { word: 'Berlaku, sudah ada pengganti', tone: 'ok', icon: 'circle-check' },
  expiring: { word: 'Akan kedaluwarsa', tone: 'warn', icon: 'calendar-clock' },
  valid: { word: 'Berlaku', tone: 'ok', icon: 'circle-check' },
  data_only: { word: 'Data saja (berkas belum ada)', tone: 'mute', icon: 'circle-dashed' },
} as const satisfies Record<string, { word: string; tone: Tone; icon: string }>;
export type CertificateLabel = keyof typeof certificateLabels;

/** Pasal 9 huruf a–e. */
export const uses = {
  signature: 'Tanda tangan elektronik',
  email: 'Perlindungan surel',
  document: 'Perlindungan dokumen',
  tls_server: 'SSL server',
  tls_client: 'SSL client',
  other: 'Lainnya',
} as const;

export const agencyKinds = {
  SEKRETARIAT_DAERAH: 'Sekretariat Daerah',
  SEKRETARIAT_DPRD: 'Sekretariat DPRD',
  INSPEKTORAT: 'Inspektorat',
  RSUD: 'RSUD',
  DINAS_DAERAH: 'Dinas Daerah',
  LEMBAGA_TEKNIS_DAERAH: 'Lembaga Teknis Daerah',
  SATPOL_PP: 'Satpol PP',
  KECAMATAN: 'Kecamatan',
  KELURAHAN: 'Kelurahan',
} as const;

export const roles = {
  supervisor: 'Pengawas',
  handler: 'Penangan Insiden',
  verifier: 'Verifikator',
  leader: 'Pimpinan',
  head: 'Kepala Dinas',
  auditor: 'Auditor',
  officer: 'Petugas Perangkat Daerah',
  administrator: 'Administrator',
} as const;

export const parties = {
  bssn: 'Kepala BSSN',
  bsre: 'Kepala BSrE',
  mayor: 'Wali Kota',
  governor: 'Gubernur',
  pdp: 'Lembaga Pelindungan Data Pribadi',
  police: 'Kepolisian',
  inspectorate: 'Inspektorat',
  other: 'Lainnya',
} as const;

/** RFC 5280 §5.3.1 reason codes: RFC name and Indonesian word. 7 is not used. */
export const revocationReasons: Record<number, { rfc: string; word: string }> = {
  0: { rfc: 'unspecified', word: 'tanpa alasan tertentu' },
  1: { rfc: 'keyCompromise', word: 'kunci privat bocor atau hilang' },
  2: { rfc: 'cACompromise', word: 'kunci penerbit bocor' },
  3: { rfc: 'affiliationChanged', word: 'data atau jabatan berubah' },
  4: { rfc: 'superseded', word: 'digantikan sertifikat baru' },
  5: { rfc: 'cessationOfOperation', word: 'tidak dipakai lagi' },
  6: { rfc: 'certificateHold', word: 'ditangguhkan' },
  8: { rfc: 'removeFromCRL', word: 'dilepas dari penangguhan' },
  9: { rfc: 'privilegeWithdrawn', word: 'hak pemakaian ditarik' },
  10: { rfc: 'aACompromise', word: 'kunci otoritas atribut bocor' },
};

export const importOutcomes = {
  added: 'Ditambahkan',
  completed: 'Dilengkapi',
  duplicate: 'Sudah ada',
  no_certificate: 'Tidak berisi sertifikat',
  unreadable: 'Tidak terbaca, disimpan dengan sidiknya',
  rejected: 'Ditolak',
} as const;

export const severities = { info: 'Keterangan', warning: 'Perhatian', serious: 'Penting', critical: 'Kritis' } as const;

export const holderStatuses = { active: 'Aktif', moved: 'Mutasi', retired: 'Pensiun', deceased: 'Meninggal' } as const;

export const sources = { crl: 'CRL', ocsp: 'OCSP', none: 'belum ada sumber' } as const;
