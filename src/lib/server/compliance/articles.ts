// Peraturan Walikota Batam Nomor 27 Tahun 2020, article by article, as data: the duty in plain words, what Siaga does,
// where to look, and what an auditor may ask for (Pasal 21 ayat (2)). Paraphrased; the regulation itself is the law.
// Class: C core, S supporting, B background. `rule` names how the state is computed (state.ts); without a rule the row
// is background, or honestly not there yet.

export type ArticleClass = 'C' | 'S' | 'B';
export type Article = {
  /** Stable key and anchor: '18b', '19-1', '8-1-c'. */
  key: string;
  pasal: number;
  /** As people cite it: "18 huruf b", "19 ayat (1)". */
  label: string;
  class: ArticleClass;
  duty: string;
  /** What Siaga does; '' for background. */
  does: string;
  href: string | null;
  /** What an auditor can ask to see. */
  evidence: string;
  rule: string | null;
  /** Without a rule: background, or not in Siaga yet. */
  without: 'background' | 'absent';
};

export type Chapter = { title: string; articles: Article[] };

type Row = readonly [key: string, label: string, cls: ArticleClass, duty: string, does: string, href: string, evidence: string, rule: string];
const LATER = 'Belum ada di versi ini.';

const chapters: readonly { title: string; rows: readonly Row[] }[] = [
  {
    title: 'Bab I · Ketentuan Umum',
    rows: [
      ['1-4', '1 angka 4', 'C', 'Perangkat Daerah: Setda, Inspektorat, RSUD, Setwan, Dinas, Lembaga Teknis, Satpol PP, kecamatan, kelurahan', 'Daftar Perangkat Daerah dengan jenis ini saja, susunan, dan riwayat nama', '/agencies', 'Daftar dan riwayat nama Perangkat Daerah', 'agencies'],
      ['1-11', '1 angka 11', 'C', 'Sertifikat elektronik memuat identitas subjek hukum dan dikeluarkan penyelenggara sertifikasi', 'Inventaris sertifikat dengan penerbit yang tanda tangannya diperiksa', '/certificates', 'Inventaris dan berkas sertifikat', 'inventory'],
      ['1-13', '1 angka 13', 'C', 'Pemilik adalah individu atau badan hukum yang menyetujui perjanjian', 'Pemilik berjenis orang, badan, atau sistem; kepemilikan bertanggal', '/holders', 'Catatan pemilik dan riwayatnya', 'holders'],
      ['1-22', '1 angka 22', 'S', 'OP memeriksa permintaan penerbitan, pembaruan, pencabutan', 'Pencabutan diperiksa dan diteruskan dari insiden; penerbitan dan pembaruan menyusul', '/incidents', 'Langkah setiap permintaan pencabutan', 'revocations'],
      ['1-23', '1 angka 23', 'S', 'Verifikator memeriksa berkas permohonan', 'Peran Verifikator; setiap tindakannya tercatat dengan nama', '/system/users', 'Daftar pengguna dan jejak tindakannya', 'verifiers'],
      ['1-24', '1 angka 24', 'C', 'Auditor keamanan mengaudit OSD dan OP', 'Peran Auditor: membaca semua, memeriksa dan mengekspor jejak', '/audit', 'Jejak akses auditor', 'auditors'],
      ['1-25', '1 angka 25 dan 26', 'B', 'CP dan CPS adalah ketentuan dan praktik BSrE', 'OID kebijakan dibaca dari setiap sertifikat', '/certificates', 'Kebijakan pada rincian teknis sertifikat', ''],
      ['1-28', '1 angka 28', 'C', 'Insiden keamanan informasi: kejadian yang berpeluang melemahkan keamanan', 'Laporan ditetapkan sebagai insiden atau bukan, dengan alasan', '/intakes', 'Keputusan atas setiap laporan', 'intakes'],
      ['1-lain', '1 angka lainnya', 'B', 'Pengertian istilah lain', '', '', '', ''],
    ],
  },
  {
    title: 'Bab II · Maksud dan Tujuan',
    rows: [
      ['2', '2', 'B', 'Pedoman penerapan sertifikat elektronik bagi seluruh Perangkat Daerah', 'Dikutip pada bab pendahuluan laporan tahunan', '/reports', '', ''],
      ['3a', '3 huruf a', 'B', 'Menjamin keutuhan, kerahasiaan, otentikasi, nirsangkal dokumen elektronik', '', '', '', ''],
      ['3b', '3 huruf b', 'B', 'Meningkatkan tata kelola keamanan informasi', '', '', '', ''],
      ['3c', '3 huruf c', 'B', 'Meningkatkan efisiensi pemerintahan dan layanan publik', '', '', '', ''],
      ['3d', '3 huruf d', 'B', 'Hubungan komunikasi yang baik dan aman antar-Perangkat Daerah', '', '', '', ''],
      ['3e', '3 huruf e', 'B', 'Membantu Perangkat Daerah mengamankan informasi', '', '', '', ''],
      ['3f', '3 huruf f', 'B', 'Meningkatkan kinerja Perangkat Daerah pada SPBE', '', '', '', ''],
      ['3g', '3 huruf g', 'B', 'Menjamin informasi tidak diubah saat disimpan atau dikirim', '', '', '', ''],
      ['3h', '3 huruf h', 'B', 'Meningkatkan kepercayaan masyarakat', '', '', '', ''],
    ],
  },
  {
    title: 'Bab III · Ruang Lingkup',
    rows: [
      ['4a', '4 huruf a', 'B', 'Penyelenggaraan sertifikat elektronik', '', '', '', ''],
      ['4b', '4 huruf b', 'B', 'Pemanfaatan dan layanan sertifikat elektronik pada SPBE', '', '', '', ''],
      ['4c', '4 huruf c', 'B', 'Tanggung jawab, kewajiban, larangan, dan konsekuensi bagi pemilik', '', '', '', ''],
      ['4d', '4 huruf d', 'B', 'Penyelenggaraan operasional dukungan', '', '', '', ''],
    ],
  },
  {
    title: 'Bab IV · Penyelenggaraan Sertifikat Elektronik',
    rows: [
      ['5-1', '5 ayat (1)', 'B', 'Diselenggarakan sesuai ketentuan BSrE', 'Batas dan aturan adalah pengaturan yang bersumber dan bertanggal', '/system/settings', 'Riwayat pengaturan', 'settings'],
      ['5-2a', '5 ayat (2) huruf a', 'C', 'Penyelenggara: BSrE atau penyelenggara lain', 'Penerbit diterima administrator setelah sidiknya dibandingkan', '/trust', 'Keputusan kepercayaan setiap penerbit', 'trust'],
      ['5-2b', '5 ayat (2) huruf b', 'B', 'Otoritas Pendaftaran', '', '', '', ''],
      ['5-2c', '5 ayat (2) huruf c', 'B', 'Pemilik sertifikat elektronik', '', '', '', ''],
      ['6a', '6 huruf a', 'S', 'Identifikasi dan analisis kebutuhan sertifikat', LATER, '', 'Daftar kebutuhan per jabatan', 'absent'],
      ['6b', '6 huruf b', 'S', 'Masukan untuk aplikasi yang memakai sertifikat', LATER, '', 'Register aplikasi', 'absent'],
      ['6c', '6 huruf c', 'S', 'Rekomendasi penerbitan, pembaruan, dan pencabutan ke BSrE', 'Rekomendasi pencabutan diteruskan bernomor dari insiden; penerbitan dan pembaruan belum ada', '/incidents', 'Nomor surat dan tiket BSrE setiap pencabutan', 'revocations'],
      ['6d', '6 huruf d', 'B', 'Menyediakan dan menjaga keamanan infrastruktur', 'Keamanan Siaga sendiri: cadangan harian dan pemeriksaan jejak', '/system/backup', 'Daftar cadangan dan hasil pemeriksaannya', 'backup'],
      ['6e', '6 huruf e', 'S', 'Menyusun SOP pemanfaatan sertifikat', LATER, '', 'SOP dan riwayatnya', 'absent'],
      ['6f', '6 huruf f', 'S', 'Sosialisasi dan bimbingan teknis', LATER, '', 'Daftar kegiatan dan kehadiran', 'absent'],
      ['6g', '6 huruf g', 'C', 'Laporan pemanfaatan ke BSrE paling sedikit sekali setahun', 'Laporan disusun dari angka yang dibekukan; pengiriman dicatat dengan bukti', '/reports', 'Laporan dan bukti kirim', 'utilisation'],
      ['7-1', '7 ayat (1)', 'S', 'Pemilik memenuhi kriteria dan menyetujui ketentuan sebelum terbit', LATER, '', 'Persetujuan perjanjian', 'absent'],
      ['7-2', '7 ayat (2)', 'S', 'Kriteria berpedoman kepada CP', 'OID kebijakan dibaca dari sertifikat; persetujuan per versi CP belum ada', '/certificates', 'Kebijakan pada sertifikat', 'absent'],
      ['8-1-a', '8 ayat (1) huruf a', 'S', 'Permohonan: salinan KTP', LATER, '', 'Daftar periksa permohonan', 'absent'],
      ['8-1-b', '8 ayat (1) huruf b', 'S', 'Permohonan: salinan SK jabatan terakhir', LATER, '', 'Daftar periksa permohonan', 'absent'],
      ['8-1-c', '8 ayat (1) huruf c', 'S', 'Permohonan: surel @batam.go.id dan persetujuan perjanjian', LATER, '', 'Daftar periksa permohonan', 'absent'],
      ['8-1-d', '8 ayat (1) huruf d', 'S', 'Permohonan: surat permohonan', LATER, '', 'Daftar periksa permohonan', 'absent'],
      ['8-1-e', '8 ayat (1) huruf e', 'S', 'Permohonan: surat rekomendasi atau pengantar', LATER, '', 'Daftar periksa permohonan', 'absent'],
      ['8-1-f', '8 ayat (1) huruf f', 'S', 'Permohonan: formulir pendaftaran', LATER, '', 'Daftar periksa permohonan', 'absent'],
      ['8-2', '8 ayat (2)', 'S', 'Verifikator memeriksa permohonan', LATER, '', 'Keputusan dengan daftar periksa', 'absent'],
      ['8-3', '8 ayat (3)', 'S', 'Penolakan dijawab tertulis dengan alasan', LATER, '', 'Surat jawaban', 'absent'],
      ['8-4', '8 ayat (4)', 'S', 'Penerimaan diteruskan ke BSrE dengan surat rekomendasi', LATER, '', 'Surat rekomendasi', 'absent'],
      ['8-5', '8 ayat (5)', 'S', 'Arsip fisik dan digital', LATER, '', 'Indeks arsip', 'absent'],
    ],
  },
  {
    title: 'Bab V · Pemanfaatan Layanan',
    rows: [
      ['9a', '9 huruf a', 'C', 'Tanda tangan elektronik', 'Sertifikat dikelompokkan menurut kegunaan yang terbaca di dalamnya', '/certificates?use=signature', 'Inventaris menurut kegunaan', 'use_signature'],
      ['9b', '9 huruf b', 'C', 'Perlindungan surel', 'Sertifikat dikelompokkan menurut kegunaan', '/certificates?use=email', 'Inventaris menurut kegunaan', 'use_email'],
      ['9c', '9 huruf c', 'C', 'Perlindungan dokumen', 'Sertifikat dikelompokkan menurut kegunaan', '/certificates?use=document', 'Inventaris menurut kegunaan', 'use_document'],
      ['9d', '9 huruf d', 'C', 'SSL server', 'Sertifikat dikelompokkan menurut kegunaan', '/certificates?use=tls_server', 'Inventaris menurut kegunaan', 'use_tls_server'],
      ['9e', '9 huruf e', 'C', 'SSL client', 'Sertifikat dikelompokkan menurut kegunaan', '/certificates?use=tls_client', 'Inventaris menurut kegunaan', 'use_tls_client'],
      ['10a', '10 huruf a', 'S', 'Pemakaian pada sistem dan transaksi elektronik', LATER, '', 'Matriks pemakaian', 'absent'],
      ['10b', '10 huruf b', 'S', 'Pemakaian pada naskah dinas digital', LATER, '', 'Matriks pemakaian', 'absent'],
      ['10c', '10 huruf c', 'S', 'Pemakaian pada aplikasi Dinas dan Perangkat Daerah', LATER, '', 'Matriks pemakaian', 'absent'],
      ['10d', '10 huruf d', 'S', 'Pemakaian pada layanan SPBE lainnya', LATER, '', 'Matriks pemakaian', 'absent'],
    ],
  },
  {
    title: 'Bab VI · Tanggung Jawab, Kewajiban, dan Larangan',
    rows: [
      ['11', '11', 'S', 'Pemilik bertanggung jawab atas pasangan kunci menurut kebijakan BSrE', LATER, '', 'Pernyataan pemilik', 'absent'],
      ['12a', '12 huruf a', 'S', 'Informasi yang diberikan ke Dinas benar', 'Pemilik dicocokkan dengan daftar kepegawaian; Perangkat Daerah membenarkan ukurannya tiap semester', '/certificates', 'Bagian sertifikat berpemilik terverifikasi', 'verified'],
      ['12b', '12 huruf b', 'S', 'Melindungi sertifikat dari pemakaian orang lain', 'Pemakaian oleh orang lain dilaporkan sebagai insiden; perkara pembinaan belum ada', '/incidents', 'Insiden penyalahgunaan', 'incidents'],
      ['12c', '12 huruf c', 'S', 'Tidak menyerahkan pemakaian kepada orang lain', 'Dicatat sebagai insiden atau temuan; perkara pembinaan belum ada', '/findings', 'Temuan dan sumbernya', 'incidents'],
      ['12d', '12 huruf d', 'C', 'Mengajukan pencabutan bila tahu atau curiga kunci bocor, hilang, disalahgunakan', 'Permintaan pencabutan dari insiden, dengan waktu sampai terlihat pada CRL atau OCSP', '/incidents', 'Permintaan, waktu, dan hasil', 'revocations'],
      ['12e', '12 huruf e', 'S', 'Menjaga kerahasiaan kunci privat dan passphrase', 'Kebocoran dilaporkan sebagai insiden; Siaga menolak berkas yang berisi kunci privat', '/imports', 'Berkas yang ditolak', 'keys'],
      ['12f', '12 huruf f', 'B', 'Tidak membongkar layanan keamanan', 'Dicatat sebagai insiden jenis lainnya', '/incidents', 'Insiden', ''],
      ['12g', '12 huruf g', 'C', 'Bertanggung jawab atas pemakaian, penyimpanan, pembaruan, pemusnahan', 'Sertifikat yang akan habis dan yang dipegang pejabat lama diangkat sebagai pekerjaan; catatan pemusnahan belum ada', '/certificates', 'Daftar akan habis dan penggantinya', 'renewal'],
      ['13', '13', 'B', 'Dilarang bertentangan dengan peraturan informasi dan transaksi elektronik', 'Dicatat sebagai insiden jenis penyalahgunaan', '/incidents', 'Insiden', ''],
      ['14a', '14 huruf a', 'C', 'Hanya yang berwenang memasukkan dan mengubah data', 'Hak menurut peran, diperiksa pada setiap tindakan; tiap perubahan meninggalkan jejak', '/system/users', 'Daftar pengguna, peran, dan jejaknya', 'access'],
      ['14b', '14 huruf b', 'C', 'Identitas penanda tangan dapat diperiksa', 'Tanda tangan penerbit, rantai, dan pencabutan setiap sertifikat diperiksa', '/certificates', 'Rantai dan bukti status', 'fresh'],
      ['14c', '14 huruf c', 'C', 'Perubahan yang melanggar keamanan dapat diketahui', 'Jejak berantai sidik (RFC 6962); setiap perubahan sesudahnya terlihat', '/audit', 'Hasil pemeriksaan jejak dan cadangan terakhir', 'trail'],
      ['14d', '14 huruf d', 'C', 'Penanda tangan menjaga data pembuatan tanda tangan', 'Siaga tidak menyimpan kunci privat dan tidak meminta passphrase', '/imports', 'Berkas yang ditolak', 'keys'],
      ['15', '15', 'B', 'Tanda tangan elektronik berkekuatan hukum setara tanda tangan basah', '', '', '', ''],
    ],
  },
  {
    title: 'Bab VII · Penyelenggaraan Operasional Dukungan',
    rows: [
      ['16', '16', 'B', 'Kegiatan operasional melalui OSD', '', '', '', ''],
      ['17', '17', 'S', 'Koordinasi dengan BSrE, BSSN, dan kementerian atau instansi terkait', 'Surat dan tanda terima setiap insiden; register surat umum belum ada', '/incidents', 'Surat dan tanda terima', 'correspondence'],
      ['18a', '18 huruf a', 'C', 'Mekanisme pengawasan dan evaluasi dengan umpan balik dan perbaikan', 'Ukuran → temuan → rekomendasi → tindak lanjut → verifikasi orang kedua → efektivitas', '/findings', 'Daur setiap temuan dan umurnya', 'findings'],
      ['18b', '18 huruf b', 'C', 'Evaluasi rutin dan insidentil seluruh Perangkat Daerah, paling sedikit sekali 6 bulan', 'Putaran tiap semester atas seluruh Perangkat Daerah; cakupan per semester', '/evaluations', 'Lembar evaluasi, jawaban, dan penutupan oleh dua orang', 'coverage'],
      ['18c', '18 huruf c', 'C', 'Laporan tahunan ke Walikota, Gubernur, Kepala BSSN, Kepala BSrE', 'Empat laporan dari satu himpunan angka yang dibekukan; persetujuan dan bukti kirim', '/reports', 'Sidik himpunan, PDF, penyetuju, bukti kirim', 'annual'],
      ['19-1', '19 ayat (1)', 'C', 'Insiden segera dilaporkan ke Kepala BSSN dan Kepala BSrE', 'Dua kewajiban dengan tenggat untuk setiap insiden; insiden tidak dapat ditutup sebelum keduanya terpenuhi', '/incidents', 'Surat, bukti kirim, dan waktunya', 'obligations'],
      ['19-2a', '19 ayat (2) huruf a', 'C', 'Kunci dan sertifikat hilang, rusak, atau tidak dapat diakses', 'Jenis insiden tersendiri dengan usulan pencabutan', '/incidents', 'Insiden dan pencabutannya', 'clause_a'],
      ['19-2b', '19 ayat (2) huruf b', 'C', 'Masalah otentikasi, keaslian data, dan penyangkalan', 'Jenis insiden tersendiri; dokumen diamankan lebih dulu', '/incidents', 'Insiden dan buktinya', 'clause_b'],
      ['20-1', '20 ayat (1)', 'C', 'Pengguna melapor ke Dinas', 'Formulir singkat tanpa masuk, dengan tanda terima', '/intakes', 'Laporan masuk dan waktunya', 'intakes'],
      ['20-2', '20 ayat (2)', 'C', 'Dinas meminta bantuan teknis ke BSrE', 'Kewajiban tersendiri pada insiden huruf b', '/incidents', 'Permintaan dan jawaban', 'help'],
      ['21-1', '21 ayat (1)', 'B', 'Dinas dapat mengembangkan aplikasi', 'Aplikasi ini', '/', '', ''],
      ['21-2', '21 ayat (2)', 'C', 'Aplikasi memenuhi standar keamanan dan dapat diaudit kesesuaian fungsinya', 'Matriks pasal, fungsi, dan uji; jejak yang dapat diperiksa pihak luar', '/compliance?tab=functions', 'Matriks kesesuaian fungsi, ekspor jejak, daftar akses', 'functions'],
    ],
  },
  {
    title: 'Bab VIII · Pembiayaan',
    rows: [['22', '22', 'B', 'Dibiayai APBD dan sumber lain yang sah', '', '', '', '']],
  },
  {
    title: 'Bab IX · Pembinaan dan Pengawasan',
    rows: [
      ['23-1', '23 ayat (1)', 'S', 'Pembinaan atas pelanggaran Pasal 11, 12, dan 13', LATER, '', 'Berkas pembinaan', 'absent'],
      ['23-2', '23 ayat (2)', 'S', 'Sanksi bila tidak ada perbaikan', `${LATER} Siaga tidak akan pernah menjatuhkan sanksi.`, '', 'Usulan dan hasilnya', 'absent'],
    ],
  },
  {
    title: 'Bab X · Ketentuan Penutup',
    rows: [['24', '24', 'B', 'Berlaku sejak diundangkan, 22 April 2020 (Berita Daerah 2020 Nomor 737)', 'Dikutip pada laporan', '/reports', '', '']],
  },
];

const article = ([key, label, cls, duty, does, href, evidence, rule]: Row): Article => ({
  key,
  pasal: Number(/^\d+/.exec(key)![0]),
  label,
  class: cls,
  duty,
  does,
  href: href || null,
  evidence,
  rule: rule === '' || rule === 'absent' ? null : rule,
  without: rule === 'absent' ? 'absent' : 'background',
});

/** The regulation in its own order. */
export const regulation: readonly Chapter[] = chapters.map(({ title, rows }) => ({ title, articles: rows.map(article) }));
export const everyArticle: readonly Article[] = regulation.flatMap((chapter) => chapter.articles);
