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

/** On hold because the responder says that the CA never issued it (certificate-status §5 no. 8; status-words.ts). */
export const neverIssued = { word: 'Tidak pernah diterbitkan CA', tone: 'bad', icon: 'shield-x' } as const;

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

/** What each role is there for, in one line. */
export const roleDuties = {
  supervisor: 'Mengawasi sertifikat, membuka evaluasi, menyusun laporan; orang kedua untuk insiden',
  handler: 'Menangani laporan dan insiden, menulis dan mengirim surat',
  verifier: 'Memeriksa data, mencocokkan sertifikat dengan pemiliknya',
  leader: 'Membaca ringkasan dan laporan',
  head: 'Menyetujui surat dan laporan',
  auditor: 'Membaca semuanya, mengunduh bukti dan jejak',
  officer: 'Mengurus sertifikat Perangkat Daerahnya sendiri',
  administrator: 'Pengguna, pengaturan, penerbit tepercaya, cadangan',
} as const;

// auth
export const accountStates = {
  active: { word: 'Aktif', tone: 'ok', icon: 'circle-check' },
  invited: { word: 'Diundang', tone: 'warn', icon: 'mail' },
  disabled: { word: 'Nonaktif', tone: 'off', icon: 'user-x' },
} as const;

export const parties = {
  bssn: 'Kepala BSSN',
  bsre: 'Kepala BSrE',
  mayor: 'Walikota',
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

/**
 * Said wherever somebody sends a private key, with the way to the report form. Ledgers of imports keep the sentence about
 * a file and are counted by it: it never changes.
 */
export const keyRefused = {
  file: 'Berkas ini berisi kunci privat dan ditolak; tidak ada yang disimpan. Anggap kunci itu sudah bocor dan laporkan.',
  field:
    'Isian ini berisi kunci privat dan ditolak; tidak ada yang disimpan. Anggap kunci itu sudah bocor dan laporkan.',
  /** Nobody opens it here, so nobody knows whether a key lies in it. */
  store:
    'Berkas ini wadah kunci (PKCS#12 atau keystore) dan ditolak tanpa dibuka; tidak ada yang disimpan. Bila ada kunci privat di dalamnya, anggap kunci itu sudah bocor dan laporkan. Bila hanya sertifikat, ekspor sebagai .cer lalu impor lagi.',
} as const;
export const keyReport = { href: '/lapor?kind=passphrase_known', label: 'Laporkan kejadiannya' } as const;

export const severities = { info: 'Keterangan', warning: 'Perhatian', serious: 'Penting', critical: 'Kritis' } as const;

export const severityLooks = {
  info: { tone: 'mute', icon: 'info' },
  warning: { tone: 'warn', icon: 'triangle-alert' },
  serious: { tone: 'bad', icon: 'circle-alert' },
  critical: { tone: 'bad', icon: 'circle-x' },
} as const satisfies Record<keyof typeof severities, { tone: Tone; icon: string }>;

export const holderStatuses = {
  active: 'Aktif',
  moved: 'Mutasi',
  retired: 'Pensiun',
  left: 'Berhenti',
  deceased: 'Meninggal',
} as const;

export const sources = { crl: 'CRL', ocsp: 'OCSP', none: 'belum ada sumber' } as const;

// evaluations
/** Result of one criterion (evaluation model §10). */
export const results = {
  conform: { word: 'Sesuai', tone: 'ok', icon: 'circle-check' },
  partial: { word: 'Sebagian', tone: 'warn', icon: 'circle-dot' },
  nonconform: { word: 'Tidak sesuai', tone: 'bad', icon: 'circle-x' },
  not_applicable: { word: 'Tidak berlaku', tone: 'off', icon: 'circle-slash' },
  unknown: { word: 'Belum diketahui', tone: 'mute', icon: 'circle-dashed' },
} as const satisfies Record<string, { word: string; tone: Tone; icon: string }>;

export const sheetStates = {
  waiting: { word: 'Menunggu jawaban', tone: 'mute', icon: 'circle-dashed' },
  answered: { word: 'Menunggu tinjauan', tone: 'warn', icon: 'clock' },
  reply: { word: 'Hak jawab berjalan', tone: 'off', icon: 'message-square' },
  objected: { word: 'Keberatan atas hasil', tone: 'bad', icon: 'triangle-alert' },
  settled: { word: 'Hasil tetap', tone: 'ok', icon: 'circle-check' },
} as const satisfies Record<string, { word: string; tone: Tone; icon: string }>;

export const roundStates = {
  open: { word: 'Berjalan', tone: 'off', icon: 'circle-dot' },
  closing: { word: 'Menunggu pengesahan', tone: 'warn', icon: 'clock' },
  closed: { word: 'Ditutup', tone: 'ok', icon: 'circle-check' },
} as const satisfies Record<string, { word: string; tone: Tone; icon: string }>;

export const findingStates = {
  open: { word: 'Menunggu rencana', tone: 'warn', icon: 'circle-dashed' },
  planned: { word: 'Direncanakan', tone: 'off', icon: 'calendar-clock' },
  in_progress: { word: 'Berjalan', tone: 'off', icon: 'circle-dot' },
  submitted: { word: 'Menunggu verifikasi', tone: 'warn', icon: 'clock' },
  closed: { word: 'Selesai', tone: 'ok', icon: 'circle-check' },
} as const satisfies Record<string, { word: string; tone: Tone; icon: string }>;

export const risks = { low: 'Rendah', medium: 'Sedang', high: 'Tinggi' } as const;

/** Tingkat tindak lanjut. */
export const followUpCodes: Record<number, string> = {
  1: 'Sesuai rekomendasi',
  2: 'Belum sesuai rekomendasi',
  3: 'Belum ditindaklanjuti',
  4: 'Tidak dapat ditindaklanjuti dengan alasan yang sah',
};
export const closingGrounds = {
  force_majeure: 'Keadaan kahar',
  court: 'Putusan pengadilan',
  not_effective: 'Tidak lagi efektif, efisien, dan ekonomis',
} as const;

export const findingSteps = {
  planned: 'Rencana tindak lanjut',
  progressed: 'Kemajuan',
  submitted: 'Tindak lanjut diserahkan',
  returned: 'Dikembalikan',
  extension_asked: 'Perpanjangan diminta',
  extension_granted: 'Perpanjangan disetujui',
  extension_refused: 'Perpanjangan ditolak',
  closed: 'Ditutup',
  effective: 'Dinilai efektif',
  ineffective: 'Dinilai tidak efektif',
} as const;

/** What the check before closing a round looks at. */
export const xrayRules = {
  never_collected: 'Ukuran belum pernah dikumpulkan',
  not_reviewed: 'Lembar belum ditinjau',
  objection_open: 'Keberatan atas ukuran belum dinilai',
  judgement_lapsed: 'Data berubah setelah dinilai',
  reply_running: 'Hak jawab masih berjalan',
  reply_objected: 'Keberatan atas hasil belum ditanggapi',
  proposal_open: 'Usulan temuan belum diputuskan',
  finding_without_cause: 'Temuan belum punya sebab',
  measure_old: 'Ukuran lebih lama dari 7 hari',
  score_jump: 'Nilai berubah lebih dari 20 poin tanpa catatan',
  shared_certificate: 'Sertifikat tercatat pada dua Perangkat Daerah',
  contact_unchecked: 'Alamat penerima laporan belum diperiksa dalam 6 bulan',
} as const;

// compliance
export const articleStates = {
  met: { word: 'Terpenuhi', tone: 'ok', icon: 'circle-check' },
  running: { word: 'Berjalan', tone: 'off', icon: 'circle-dot' },
  action: { word: 'Perlu tindakan', tone: 'warn', icon: 'triangle-alert' },
  absent: { word: 'Belum ada di Siaga', tone: 'mute', icon: 'circle-dashed' },
  background: { word: 'Latar', tone: 'mute', icon: 'minus' },
} as const satisfies Record<string, { word: string; tone: Tone; icon: string }>;

// incidents
/** What a reporter ticks at "Apa yang terjadi?", with the hint below it. */
export const intakeKinds = {
  device_lost: { word: 'HP/token saya hilang', hint: 'Termasuk dicuri atau tertinggal' },
  passphrase_known: { word: 'Passphrase diketahui orang lain', hint: 'Pernah diberikan, terlihat, atau bocor' },
  cannot_sign: { word: 'Tidak bisa masuk/lupa passphrase', hint: 'Kunci tidak dapat dipakai' },
  foreign_signature: { word: 'Ada tanda tangan yang bukan saya buat', hint: 'Pada dokumen atas nama sendiri' },
  declared_invalid: { word: 'Tanda tangan/dokumen saya dinyatakan tidak sah', hint: 'Ditolak saat diperiksa' },
  other: { word: 'Masalah lain', hint: 'Ceritakan singkat di bawah' },
} as const;

export const incidentTypes = {
  key_lost: 'Kunci hilang',
  passphrase_leaked: 'Passphrase bocor',
  key_damaged: 'Kunci rusak',
  key_inaccessible: 'Kunci tidak dapat diakses',
  misuse: 'Penyalahgunaan',
  authentication_dispute: 'Sengketa otentikasi',
  authenticity_dispute: 'Sengketa keaslian data',
  repudiation: 'Penyangkalan',
  other: 'Lainnya',
} as const;

export const incidentStates = {
  reported: { word: 'Dilaporkan', tone: 'warn', icon: 'siren' },
  triaged: { word: 'Diperiksa', tone: 'warn', icon: 'search' },
  handled: { word: 'Ditangani', tone: 'warn', icon: 'shield' },
  contained: { word: 'Terkendali', tone: 'warn', icon: 'shield-check' },
  recovered: { word: 'Pulih', tone: 'ok', icon: 'circle-check' },
  reviewed: { word: 'Ditinjau', tone: 'ok', icon: 'search' },
  closed: { word: 'Ditutup', tone: 'off', icon: 'check' },
  not_incident: { word: 'Bukan insiden', tone: 'mute', icon: 'circle-slash' },
  duplicate: { word: 'Duplikat', tone: 'mute', icon: 'copy' },
} as const satisfies Record<string, { word: string; tone: Tone; icon: string }>;

export const incidentSeverities = {
  low: { word: 'Rendah', tone: 'mute', icon: 'info' },
  medium: { word: 'Sedang', tone: 'warn', icon: 'triangle-alert' },
  high: { word: 'Tinggi', tone: 'bad', icon: 'triangle-alert' },
  critical: { word: 'Kritis', tone: 'bad', icon: 'siren' },
} as const satisfies Record<string, { word: string; tone: Tone; icon: string }>;

export const obligationStages = {
  early_notice: 'Pemberitahuan awal',
  technical_help: 'Permintaan bantuan teknis',
} as const;

/** How far a message to an authority came; ordered, never steps down (incident-escalation §7). */
export const receiptGrades = [
  'Disiapkan',
  'Antre',
  'Terkirim',
  'Diterima server',
  'Diterima instansi',
  'Ditanggapi',
] as const;

export const channels = {
  email: 'surel',
  courier: 'surat fisik atau SRIKANDI',
  portal: 'portal instansi',
  phone: 'telepon',
} as const;

/** Reasons for asking for a revocation (bsre §1.4). */
export const revocationRequestReasons = {
  KEY_LOST: 'Kunci privat hilang',
  KEY_LEAKED: 'Kunci privat atau passphrase bocor',
  KEY_DAMAGED: 'Rusak atau tidak dapat diakses',
  MISUSE_SUSPECTED: 'Dicurigai dipakai orang lain',
  DATA_ERROR: 'Kesalahan informasi',
  TRANSFER: 'Mutasi atau pindah instansi',
  RETIREMENT: 'Pensiun atau berhenti',
  DECEASED: 'Meninggal dunia',
  REPLACED: 'Digantikan sertifikat baru',
  AGREEMENT_BREACH: 'Pelanggaran perjanjian',
  OTHER: 'Lainnya',
} as const;

export const rootCauses = {
  human: 'Kelalaian manusia',
  malicious: 'Kesengajaan pihak lain',
  system: 'Gangguan sistem',
  third_party: 'Pihak ketiga',
  nature: 'Peristiwa alam',
  unknown: 'Tidak dapat ditetapkan',
} as const;

export const incidentOutcomes = {
  revoked_replaced: 'Dicabut, sertifikat pengganti terbit',
  revoked: 'Dicabut, pengganti tidak diperlukan',
  access_restored: 'Akses dipulihkan tanpa pencabutan',
  proven: 'Keberatan terbukti',
  not_proven: 'Keberatan tidak terbukti',
  settled: 'Selesai dengan cara lain',
} as const;

export const intakeOutcomes = {
  promoted: 'Menjadi insiden',
  merged: 'Digabung',
  not_incident: 'Bukan insiden',
} as const;

export const intakeChannels = {
  public: 'formulir tanpa masuk',
  account: 'akun Siaga',
  phone: 'telepon, dicatat petugas',
} as const;

/** Instants of an incident that people record (incident-escalation §2). */
export const incidentStamps = {
  detected: 'waktu pemilik mengetahui',
  known: 'waktu Dinas mengetahui',
  reported: 'waktu laporan diterima',
  owner_called: 'pemilik dihubungi',
  account_held: 'akun ditahan',
  preserved: 'dokumen diamankan dan pemakaian dihentikan',
  recovered: 'pemakaian pulih',
  reporter_informed: 'pelapor diberi tahu',
} as const;

/** How sure it is when an incident happened. */
export const occurrencePrecisions = {
  unknown: 'Belum diketahui',
  minute: 'Tepat pada waktu itu',
  hour: 'Kira-kira pada jam itu',
  day: 'Pada hari itu, jamnya belum diketahui',
} as const;

/** What the early notice answers (Peraturan BSSN 1/2024). */
export const yesNo = { yes: 'Ya', no: 'Tidak', unknown: 'Belum diketahui' } as const;

export const custodyKinds = {
  collected: 'diunggah',
  downloaded: 'diunduh',
  sent: 'dikirim',
  rehashed: 'diperiksa ulang',
} as const;

// notifications
export const messageStates = {
  held: { word: 'Tertahan', tone: 'warn', icon: 'circle-pause' },
  queued: { word: 'Antre', tone: 'mute', icon: 'clock' },
  sent: { word: 'Terkirim', tone: 'ok', icon: 'circle-check' },
  failed: { word: 'Gagal', tone: 'bad', icon: 'circle-x' },
  cancelled: { word: 'Dibatalkan', tone: 'off', icon: 'ban' },
} as const satisfies Record<string, { word: string; tone: Tone; icon: string }>;

export const messageLanes = {
  test: 'Surel uji',
  letter: 'Surat resmi',
  alert: 'Peringatan',
  link: 'Tautan akun',
  notice: 'Pemberitahuan',
} as const;

export const attemptResults = {
  sent: 'diterima server',
  transient: 'ditunda server, dicoba lagi',
  permanent: 'ditolak server',
  uncertain: 'tidak pasti, mungkin sudah diterima',
} as const;

// certificates
/** Tabs of the list of certificates; which labels each holds stands in certificates/label.ts. */
export const certificateTabs = {
  in_force: 'Berlaku',
  expiring: 'Akan kedaluwarsa',
  recheck: 'Perlu diperiksa',
  unproven: 'Penerbit belum dipercaya',
  expired: 'Kedaluwarsa',
  revoked: 'Dicabut',
  data_only: 'Data saja',
  other: 'Status lain',
} as const;

export const certificateMarks = {
  open_incident: { word: 'Insiden terbuka', tone: 'bad', icon: 'siren' },
  pending_revocation: { word: 'Menunggu pencabutan', tone: 'warn', icon: 'timer' },
  mismatch: { word: 'Ketidaksesuaian data', tone: 'warn', icon: 'git-compare' },
  no_dossier: { word: 'Tanpa berkas permohonan', tone: 'mute', icon: 'file-question-mark' },
} as const satisfies Record<string, { word: string; tone: Tone; icon: string }>;

/** What BSrE's portal says of an account's certificate, with its API's own word (juknis eSign Client Service 2.2.1). */
export const portalWords = {
  issued: { word: 'Aktif', code: 'ISSUE' },
  revoked: { word: 'Dicabut', code: 'REVOKE' },
  expired: { word: 'Kedaluwarsa', code: 'EXPIRED' },
  renewing: { word: 'Dalam pembaruan', code: 'RENEW' },
  suspended: { word: 'Ditangguhkan', code: 'SUSPEND' },
  unactivated: { word: 'Belum aktivasi', code: 'NEW' },
  verifying: { word: 'Menunggu verifikasi', code: 'WAITING_FOR_VERIFICATION' },
  none: { word: 'Belum ada sertifikat', code: 'NO_CERTIFICATE' },
  unregistered: { word: 'Belum terdaftar', code: 'NOT_REGISTERED' },
} as const;

/** What the portal believes differs from what was proved. */
export const portalMismatch = {
  word: 'Berbeda dengan portal BSrE',
  next: 'Kata portal dan hasil pemeriksaan dicatat berdampingan; yang satu tidak mengubah yang lain.',
  severity: 'warning',
} as const;

export const certificateSources = {
  file: 'Berkas sertifikat',
  sheet: 'Daftar sertifikat',
  form: 'Isian petugas',
  pdf: 'PDF bertanda tangan',
} as const;

/** What the office decided about an issuer. */
export const trustDecisions = {
  anchor: { word: 'Dipercaya', tone: 'ok', icon: 'shield-check' },
  proposed: { word: 'Menunggu keputusan', tone: 'warn', icon: 'shield-question-mark' },
  candidate: { word: 'Perantara, mengikuti induknya', tone: 'mute', icon: 'link' },
  rejected: { word: 'Ditolak', tone: 'bad', icon: 'shield-x' },
} as const satisfies Record<string, { word: string; tone: Tone; icon: string }>;

export const hostDecisions = {
  none: { word: 'Belum diputuskan', tone: 'mute', icon: 'circle-dashed' },
  allowed: { word: 'Diizinkan', tone: 'ok', icon: 'circle-check' },
  refused: { word: 'Ditolak', tone: 'bad', icon: 'ban' },
  withdrawn: { word: 'Izin dicabut', tone: 'off', icon: 'circle-slash' },
  never: { word: 'Tidak dapat diizinkan', tone: 'off', icon: 'ban' },
  barred: { word: 'Diizinkan, tetapi tidak dapat dihubungi', tone: 'bad', icon: 'ban' },
} as const satisfies Record<string, { word: string; tone: Tone; icon: string }>;

/**
 * What becomes of an entry of an import or of a row of a list: the same words before it is written, in the ledger, in
 * exports and on the command line.
 */
export const importResults = {
  added: { word: 'Baru', tone: 'ok', icon: 'plus' },
  completed: { word: 'Dilengkapi', tone: 'ok', icon: 'file-check' },
  changed: { word: 'Berubah', tone: 'warn', icon: 'pencil' },
  /** A row of a downloaded sheet with a cell that somebody else changed in Siaga meanwhile; that cell is left as it is. */
  contested: { word: 'Diubah juga di Siaga', tone: 'warn', icon: 'git-compare' },
  /** A row that says what is on record. */
  same: { word: 'Sama', tone: 'mute', icon: 'minus' },
  /** A file whose certificates are on record. */
  duplicate: { word: 'Sudah ada', tone: 'mute', icon: 'copy' },
  absent: { word: 'Tidak ada lagi di berkas', tone: 'mute', icon: 'circle-dashed' },
  no_certificate: { word: 'Tidak berisi sertifikat', tone: 'mute', icon: 'file-question-mark' },
  unreadable: { word: 'Tidak terbaca, disimpan dengan sidiknya', tone: 'warn', icon: 'file-x' },
  rejected: { word: 'Ditolak', tone: 'bad', icon: 'ban' },
} as const satisfies Record<string, { word: string; tone: Tone; icon: string }>;
export type ImportResult = keyof typeof importResults;

/** Rows that enter without a value that was damaged or could not be read. */
export const importNotes = {
  word: 'Dengan catatan',
  text: 'Nilai yang rusak ditinggalkan, barisnya tetap masuk.',
} as const;

export const importKinds = {
  certificates: 'Berkas sertifikat',
  certificate_sheet: 'Daftar sertifikat',
  personnel: 'Daftar pegawai',
} as const;

export const importStates = {
  requested: { word: 'Menunggu', tone: 'mute', icon: 'clock' },
  preview: { word: 'Menunggu persetujuan', tone: 'warn', icon: 'eye' },
  running: { word: 'Sedang diproses', tone: 'warn', icon: 'refresh-cw' },
  done: { word: 'Selesai', tone: 'ok', icon: 'circle-check' },
  failed: { word: 'Gagal', tone: 'bad', icon: 'circle-x' },
  voided: { word: 'Dibatalkan', tone: 'off', icon: 'ban' },
} as const satisfies Record<string, { word: string; tone: Tone; icon: string }>;

/** An import that is done and took nothing in: nobody should read it as a success. */
export const importsInVain = {
  nothing: { word: 'Selesai, tidak ada yang masuk', tone: 'warn', icon: 'circle-alert' },
  known: { word: 'Selesai, tidak ada yang baru', tone: 'mute', icon: 'minus' },
} as const satisfies Record<string, { word: string; tone: Tone; icon: string }>;

/** The states of imports as pages, filters, exports and the search say them. */
export const importShown = { ...importStates, ...importsInVain };
export type ImportState = keyof typeof importShown;

/** How a certificate that ends stands on the work-list of renewals. */
export const renewalStates = {
  none: { word: 'Belum ada pengganti', tone: 'warn', icon: 'circle-dashed' },
  recorded: { word: 'Pengganti tercatat, berkas belum ada', tone: 'mute', icon: 'file-clock' },
  rejected: { word: 'Usulan pengganti ditolak', tone: 'warn', icon: 'x' },
} as const satisfies Record<string, { word: string; tone: Tone; icon: string }>;

/** How a pair of an older and a newer certificate stands. */
export const renewalPairStates = {
  doubtful: 'Menunggu konfirmasi',
  clear: 'Diusulkan, tanpa catatan',
  confirmed: 'Dikonfirmasi',
  rejected: 'Ditolak',
} as const;

/** Why somebody's name is like the one on a certificate. */
export const likenesses = {
  same: 'nama sama',
  truncated: 'nama terpotong pada 64 huruf',
  abbreviation: 'nama disingkat',
  spelling: 'ejaan mirip',
  order: 'urutan kata berbeda',
  part: 'sebagian kata sama',
} as const;

/** Why an owner is proposed. */
export const proposalReasons = {
  name: 'Nama sama, hanya satu orang',
  agency: 'Nama sama, satu-satunya di Perangkat Daerah ini',
  near: 'Salah tulis yang hanya cocok dengan satu orang',
  tenure: 'Nama sama, satu-satunya yang bertugas saat terbit',
} as const;

export const holderKinds = { person: 'Orang', entity: 'Badan hukum', system: 'Sistem atau server' } as const;

export const fixers = {
  owner: 'pemilik',
  agency: 'Perangkat Daerah',
  ca: 'penerbit',
  office: 'Dinas Kominfo',
} as const;

export const chainWords = {
  anchored: 'Lengkap sampai induk yang dipercaya',
  incomplete: 'Sertifikat penerbitnya belum ada',
  untrusted: 'Lengkap, tetapi induknya belum dipercaya',
  bad_signature: 'Tanda tangan penerbit tidak cocok',
  ca_revoked: 'Penerbitnya dicabut',
  ca_expired: 'Penerbitnya kedaluwarsa',
  ca_not_yet_valid: 'Penerbitnya belum berlaku',
  invalid_path: 'Jalur tidak sah',
} as const;

export const revocationWords = {
  good: 'tidak dicabut',
  revoked: 'dicabut',
  on_hold: 'ditangguhkan',
  released: 'penangguhan dilepas',
  unknown: 'tidak dikenal penerbit',
  undetermined: 'belum dapat ditentukan',
  not_checkable: 'tidak dapat diperiksa',
  not_applicable: 'tidak memerlukan pemeriksaan',
  conflict: 'sumber bertentangan',
} as const;

// reports

export const reportStates = {
  requested: { word: 'Sedang disusun', tone: 'mute', icon: 'file-clock' },
  draft: { word: 'Draf, menunggu persetujuan', tone: 'warn', icon: 'file-pen-line' },
  sealing: { word: 'Disetujui, sedang dicetak', tone: 'ok', icon: 'file-clock' },
  approved: { word: 'Disetujui', tone: 'ok', icon: 'file-check' },
  failed: { word: 'Gagal disusun', tone: 'bad', icon: 'file-x' },
} as const satisfies Record<string, { word: string; tone: Tone; icon: string }>;

export const dispatchWays = {
  email: 'Surel',
  courier: 'Surat fisik atau SRIKANDI',
  portal: 'Portal instansi',
  hand: 'Diserahkan langsung',
} as const;

/** What verified sources did that asks a person to look (certificate-status §3, §6). */
export const signalKinds = {
  early_removal: { word: 'Hilang dari CRL sebelum waktunya', tone: 'bad', icon: 'git-compare' },
  conflict: { word: 'Sumber bertentangan', tone: 'bad', icon: 'git-compare' },
  non_issued: { word: 'Tidak pernah diterbitkan menurut penerbit', tone: 'bad', icon: 'shield-x' },
  hint: { word: 'Mungkin dicabut, perlu dicek manual', tone: 'warn', icon: 'circle-question-mark' },
  same_number: { word: 'Nomor CRL janggal', tone: 'bad', icon: 'copy' },
  shrunk: { word: 'CRL menyusut jauh', tone: 'bad', icon: 'trending-down' },
  reason_changed: { word: 'Alasan pencabutan berubah', tone: 'warn', icon: 'pencil' },
  date_changed: { word: 'Tanggal pencabutan berubah', tone: 'off', icon: 'calendar-clock' },
  underived: { word: 'Status tidak terulang dari buktinya', tone: 'bad', icon: 'circle-alert' },
  lag: { word: 'Satu sumber belum sejalan', tone: 'warn', icon: 'clock' },
} as const satisfies Record<string, { word: string; tone: Tone; icon: string }>;

/** Where a connection stopped, in the order of the steps. */
export const reachSteps = {
  dns: 'nama tidak terjawab DNS',
  connect: 'tidak tersambung',
  tls: 'TLS gagal',
  first_byte: 'tersambung, tidak dijawab',
  status: 'dijawab dengan kesalahan',
} as const;

/** How a CRL address or OCSP responder stands. */
export const sourceStates = {
  ok: { word: 'Terkini', tone: 'ok', icon: 'circle-check' },
  failing: { word: 'Gagal diambil', tone: 'bad', icon: 'circle-x' },
  stale: { word: 'Lewat masa pakai', tone: 'warn', icon: 'refresh-cw' },
  never: { word: 'Belum pernah ditanya', tone: 'mute', icon: 'circle-dashed' },
  retired: { word: 'Tidak dipakai lagi', tone: 'off', icon: 'circle-slash' },
} as const satisfies Record<string, { word: string; tone: Tone; icon: string }>;

/** What a source that answers is all the same: what it gives is refused, or a person must look at what it gave. */
export const sourceDoubts = {
  refusing: { word: 'Jawabannya ditolak', tone: 'bad', icon: 'circle-x' },
  strayed: { word: 'CRL untuk alamat lain', tone: 'warn', icon: 'triangle-alert' },
  asks: { word: 'Perlu dinilai', tone: 'warn', icon: 'circle-alert' },
  noted: { word: 'Ada catatan', tone: 'warn', icon: 'circle-alert' },
} as const satisfies Record<string, { word: string; tone: Tone; icon: string }>;
