// The narrative that Siaga proposes: sentences chosen by what the figures say, every number a placeholder. A person may
// edit it while the report is a draft. Pure.
import type { Breakdown, PrintedFigure, Recommendation, ReportKind } from '#reports/report-data.ts';
import { quote } from '#reports/parts/text.ts';
import type { Subject } from './narrative.ts';

const MONTHS: Record<string, string> = {
  Jan: 'Januari',
  Feb: 'Februari',
  Mar: 'Maret',
  Apr: 'April',
  Mei: 'Mei',
  Jun: 'Juni',
  Jul: 'Juli',
  Agu: 'Agustus',
  Sep: 'September',
  Okt: 'Oktober',
  Nov: 'November',
  Des: 'Desember',
};

type Figures = (code: string) => PrintedFigure;
export type ProposalInput = {
  kind: ReportKind;
  figures: Figures;
  breakdown: Breakdown;
  words: string;
  mayorWord: string;
  bsreName: string;
  expiringDays: number;
  semester: boolean;
};

const n = (figures: Figures, code: string): number => figures(code).numerator ?? 0;
const known = (figures: Figures, code: string): boolean => figures(code).text !== 'belum diketahui';
const lines = (...texts: (string | false)[]): string => texts.filter(Boolean).join('\n');

/** What a kind of report tells of; the annual reports tell of all. */
const THEMES: Partial<Record<ReportKind, 'certificates' | 'incidents' | 'evaluation'>> = {
  evaluation: 'evaluation',
  utilisation: 'certificates',
  inventory: 'certificates',
  incidents: 'incidents',
};
const tells = (kind: ReportKind, theme: 'certificates' | 'incidents' | 'evaluation'): boolean =>
  (THEMES[kind] ?? theme) === theme;

/** What the report of a kind prints more of, beside its narrative. */
export function subjectsOf(kind: ReportKind, breakdown: Breakdown): Set<Subject> {
  const all: [Subject, boolean][] = [
    ['late', tells(kind, 'incidents') && breakdown.late.length > 0],
    ['incidents', tells(kind, 'incidents') && breakdown.incidents.length > 0],
    ['findings', tells(kind, 'evaluation') && breakdown.findings.length > 0],
    ['scores', tells(kind, 'evaluation') && breakdown.scores.length > 0],
    ['certificates', tells(kind, 'certificates')],
  ];
  return new Set(all.filter(([, there]) => there).map(([subject]) => subject));
}

/** Section → template, in the order in which they are printed and edited. */
export function propose(input: ProposalInput): Record<string, string> {
  return {
    ...front(input),
    ...state(input),
    ...escalation(input),
    ...evaluation(input),
    ...end(input),
  };
}

const NAMES: Record<string, string> = {
  letter: 'Surat pengantar',
  preface: 'Kata pengantar',
  summary: 'Ringkasan eksekutif',
  organisation: 'Penyelenggaraan',
  uses: 'Layanan dan penggunaan',
  issuers: 'Penerbit',
  inventory: 'Inventaris',
  validity: 'Masa berlaku',
  movements: 'Penerbitan, pembaruan, pencabutan',
  holders: 'Pemilik sertifikat',
  cryptography: 'Rincian kriptografi',
  incidents: 'Insiden dan eskalasi',
  timeliness: 'Ketepatan pelaporan',
  coverage: 'Cakupan evaluasi',
  scores: 'Nilai',
  criteria: 'Hasil menurut kriteria',
  findings: 'Temuan dan tindak lanjut',
  conclusion: 'Kesimpulan',
  plan: 'Rencana tindak lanjut',
  end: 'Kalimat penutup',
};
export const sectionName = (section: string): string => NAMES[section] ?? section;

const CONTENTS = {
  all: 'Laporan memuat hasil pengawasan terhadap {F-01} sertifikat elektronik, evaluasi terhadap {F-16.n} dari {F-16.of} Perangkat Daerah, insiden yang terjadi dalam periode laporan, temuan beserta tindak lanjutnya, serta rekomendasi perbaikan.',
  certificates:
    'Laporan memuat keadaan {F-01} sertifikat elektronik menurut Perangkat Daerah, layanan, dan masa berlaku, penerbitan, pembaruan, dan pencabutan dalam periode laporan, serta rekomendasi perbaikan.',
  incidents:
    'Laporan memuat {F-11} insiden keamanan informasi dalam penggunaan sertifikat elektronik, ketepatan pelaporannya kepada BSSN dan BSrE, kecepatan pencabutan, serta rekomendasi perbaikan.',
  evaluation:
    'Laporan memuat hasil evaluasi terhadap {F-16.n} dari {F-16.of} Perangkat Daerah, nilai menurut kriteria, temuan beserta tindak lanjutnya, serta rekomendasi perbaikan.',
};

function front({ kind, figures, words, mayorWord, bsreName }: ProposalInput): Record<string, string> {
  const late = n(figures, 'F-13') < (figures('F-13').denominator ?? 0);
  const letters: Partial<Record<ReportKind, string>> = {
    'annual-governor': `Laporan memuat hasil pengawasan terhadap {F-01} sertifikat elektronik dan evaluasi terhadap {F-16.n} dari {F-16.of} Perangkat Daerah. Laporan dengan data beku yang sama disampaikan kepada ${mayorWord} Batam, Kepala Badan Siber dan Sandi Negara, dan Kepala ${quote(bsreName)}.`,
    'annual-bssn': `Laporan memuat keadaan {F-01} sertifikat elektronik, {F-11} insiden keamanan informasi beserta ketepatan pelaporannya, dan rincian kriptografi yang digunakan. Kami mengharapkan masukan Bapak/Ibu atas penanganan insiden yang dilaporkan.`,
    'annual-bsre': `Laporan memuat pemanfaatan {F-01} sertifikat elektronik pada {F-24.n} Perangkat Daerah, penerbitan, pembaruan, dan pencabutan selama periode laporan, serta insiden yang memerlukan pencabutan atau bantuan teknis.`,
    utilisation: `Laporan memuat pemanfaatan {F-01} sertifikat elektronik pada {F-24.n} Perangkat Daerah serta penerbitan, pembaruan, dan pencabutan selama periode laporan.`,
  };
  return {
    ...(letters[kind] ? { letter: letters[kind] } : {}),
    preface: lines(
      `Puji syukur kami panjatkan ke hadirat Tuhan Yang Maha Esa karena laporan ${words} ini dapat diselesaikan. Laporan disusun untuk melaksanakan Peraturan Walikota Batam Nomor 27 Tahun 2020 tentang Penerapan Sertifikat Elektronik pada Sistem Pemerintahan Berbasis Elektronik.`,
      `${CONTENTS[THEMES[kind] ?? 'all']} Seluruh angka berasal dari data yang dibekukan dan dapat ditelusuri melalui tanda angka ke Lampiran I.`,
      `Kami menyampaikan terima kasih kepada seluruh Perangkat Daerah, para verifikator, dan ${quote(bsreName)} atas kerja sama yang telah diberikan. Semoga laporan ini bermanfaat sebagai bahan pertimbangan dalam menetapkan kebijakan.`,
    ),
    summary: lines(
      tells(kind, 'certificates') &&
        'Pada waktu acuan tercatat **{F-01} sertifikat elektronik** pada {F-24.n} Perangkat Daerah. Sebanyak {F-02.n} sertifikat ({F-02}) berlaku menurut bukti pencabutan yang segar, termasuk {F-03} sertifikat yang akan kedaluwarsa. Sebanyak {F-04.n} sertifikat ({F-04}) telah kedaluwarsa dan belum diperbarui, dan status {F-07} sertifikat belum dapat dipastikan.',
      tells(kind, 'incidents') &&
        (n(figures, 'F-11') === 0
          ? 'Dalam periode laporan tidak terdapat insiden^F-11^ dalam penggunaan sertifikat elektronik.'
          : `Dalam periode laporan terjadi {F-11} insiden; ${n(figures, 'F-12') === 0 ? 'seluruhnya telah ditutup^F-12^' : '{F-12} di antaranya masih terbuka'}. ${known(figures, 'F-13') ? `Dari {F-13.of} laporan kepada BSSN dan BSrE yang jatuh tempo, {F-13.n} terkirim dalam target internal ({F-13})${late ? '; sisanya terlambat atau belum terkirim dan dirinci dalam laporan ini' : ''}.` : ''}`),
      tells(kind, 'evaluation') &&
        (known(figures, 'F-17')
          ? 'Evaluasi mencakup {F-16.n} dari {F-16.of} Perangkat Daerah^F-16^. Nilai rata-rata pada putaran rutin terakhir adalah {F-17} dengan cakupan penilaian {F-18}; {F-19.n} dari {F-19.of} Perangkat Daerah memperoleh nilai di bawah batas perhatian^F-19^.'
          : 'Belum ada putaran evaluasi dalam periode ini yang ditutup, sehingga nilai belum disajikan.'),
      tells(kind, 'evaluation') &&
        n(figures, 'F-20') > 0 &&
        'Dari {F-20} temuan yang ditetapkan, {F-21.n} ({F-21}) telah selesai ditindaklanjuti.',
    ),
  };
}

function state({ figures, breakdown, expiringDays }: ProposalInput): Record<string, string> {
  const peak = [...breakdown.expiry].sort((a, b) => b.without + b.with - a.without - a.with)[0];
  const worst = breakdown.byKind
    .filter((r) => r.total >= 5 && r.expired > 0)
    .sort((a, b) => b.expired / b.total - a.expired / a.total)[0];
  return {
    organisation: lines(
      'Dinas bertindak sebagai Otoritas Pendaftaran. Sesuai dengan Pasal 6, Otoritas Pendaftaran mengidentifikasi kebutuhan sertifikat, memberikan rekomendasi kepada BSrE atas permohonan penerbitan, pembaruan, dan pencabutan, menjaga keamanan infrastruktur, menyusun standar operasional prosedur, serta mendukung sosialisasi dan bimbingan teknis.',
      'Pengawasan dilaksanakan dengan Siaga, sistem inventaris, pengawasan, dan penanganan insiden sertifikat elektronik milik Dinas. Setiap perubahan data dan setiap tindakan tercatat dalam jejak audit yang tidak dapat diubah; jumlah entri dan akar jejak pada saat pembekuan tercetak pada setiap halaman laporan ini.',
    ),
    uses: 'Pasal 9 membedakan layanan tanda tangan elektronik, perlindungan surat elektronik, perlindungan dokumen, serta SSL server dan client. Sertifikat yang tercatat digunakan untuk layanan sebagaimana tabel berikut.',
    issuers:
      'Penerbit dibaca dari sertifikat dan tanda tangannya diverifikasi terhadap sertifikat penerbit yang ditetapkan dipercaya oleh Dinas.',
    inventory: lines(
      'Tercatat {F-01} sertifikat. Dari jumlah tersebut {F-02.n} berlaku menurut bukti yang segar, {F-04.n} kedaluwarsa tanpa pengganti, {F-06} dicabut atau ditangguhkan, dan {F-07} belum dapat dipastikan statusnya.',
      worst !== undefined &&
        `Bagian kedaluwarsa terbesar, termasuk yang sudah ada penggantinya, terdapat pada kelompok ${quote(worst.name)}.`,
    ),
    validity: lines(
      `Sebanyak {F-03} sertifikat berada dalam masa peringatan (paling lama ${expiringDays === 60 ? 'enam puluh' : 'batas yang ditetapkan'} hari sebelum berakhir), dan {F-05} sertifikat habis dalam tiga puluh hari tanpa pengganti.`,
      peak !== undefined &&
        peak.without + peak.with > 0 &&
        `Masa berlaku paling banyak berakhir pada bulan ${MONTHS[peak.month] ?? peak.month}. Pemilik sertifikat diberi tahu secara bertahap sebelum masa berlaku berakhir.`,
    ),
    movements:
      'Dalam periode laporan diterbitkan {F-08} sertifikat baru, diperbarui {F-09} sertifikat, dan dicabut {F-10} sertifikat.',
    holders: lines(
      'Dari {F-23.of} sertifikat yang dapat dipakai, {F-23.n} ({F-23}) tercatat pemiliknya. Sertifikat tanpa pemilik yang tercatat tidak dapat dipertanggungjawabkan menurut Pasal 12 dan menjadi prioritas pencocokan.',
      known(figures, 'F-26') &&
        'Sebanyak {F-26} sertifikat yang dapat dipakai telah dikonfirmasi ke sumber resmi (CRL atau OCSP) dalam dua puluh empat jam sebelum waktu acuan.',
    ),
    cryptography:
      n(figures, 'F-25') === 0
        ? 'Tidak terdapat sertifikat yang dapat dipakai dengan kunci atau algoritme yang tergolong lemah^F-25^. Rincian menurut kunci dan algoritme tanda tangan disajikan dalam tabel berikut.'
        : 'Terdapat {F-25} sertifikat yang dapat dipakai dengan kunci atau algoritme yang tergolong lemah; penggantiannya direkomendasikan. Rincian menurut kunci dan algoritme tanda tangan disajikan dalam tabel berikut.',
  };
}

function escalation({ figures }: ProposalInput): Record<string, string> {
  const none = n(figures, 'F-11') === 0;
  return {
    incidents: none
      ? 'Dalam periode laporan tidak terdapat insiden^F-11^ yang ditetapkan. Kesiapan pelaporan tetap diuji melalui pemeriksaan alamat BSSN dan BSrE serta jadwal petugas siaga.'
      : lines(
          `Terjadi {F-11} insiden, dihitung menurut waktu terjadi atau, bila belum diketahui, waktu diketahui Dinas; ${n(figures, 'F-12') === 0 ? 'seluruhnya telah ditutup^F-12^' : '{F-12} masih terbuka'} pada waktu acuan. Pasal 19 ayat (1) mewajibkan penyampaian segera kepada Kepala BSSN dan Kepala BSrE tanpa menyebut jumlah jam; target internal ditetapkan sebagai kebijakan Dinas.`,
          known(figures, 'F-14') &&
            'Median waktu dari insiden diketahui sampai laporan awal terkirim adalah {F-14} jam.',
        ),
    timeliness: lines(
      known(figures, 'F-13')
        ? 'Dari {F-13.of} laporan yang jatuh tempo, {F-13.n} ({F-13}) terkirim dalam target internal.'
        : 'Tidak ada laporan yang jatuh tempo dalam periode ini.',
      known(figures, 'F-15') &&
        'Median waktu dari permohonan pencabutan sampai pencabutan terlihat pada CRL atau OCSP yang terverifikasi adalah {F-15} jam.',
    ),
  };
}

function evaluation({ figures, semester }: ProposalInput): Record<string, string> {
  return {
    coverage: `${semester ? 'Dalam semester ini' : 'Sepanjang tahun'} telah dievaluasi {F-16.n} dari {F-16.of} Perangkat Daerah^F-16^. Pasal 18 huruf b mewajibkan evaluasi rutin dan insidentil paling sedikit satu kali dalam enam bulan terhadap seluruh Perangkat Daerah.`,
    scores: known(figures, 'F-17')
      ? 'Nilai rata-rata adalah {F-17} dari skala seratus, dengan cakupan penilaian rata-rata {F-18}. Nilai hanya menghitung kriteria yang berlaku dan diketahui hasilnya; kriteria yang belum diketahui tidak dihitung sebagai nol dan tidak pula sebagai lulus.'
      : '',
    criteria: 'Kriteria diukur otomatis dari data, dijawab oleh Perangkat Daerah, dan ditinjau oleh pengawas.',
    findings: lines(
      n(figures, 'F-20') === 0
        ? 'Dalam periode laporan tidak ada temuan^F-20^ yang ditetapkan.'
        : 'Ditetapkan {F-20} temuan; {F-21.n} ({F-21}) telah selesai ditindaklanjuti. Temuan ditetapkan oleh pengawas berdasarkan kriteria, kondisi, sebab, dan akibat.',
      n(figures, 'F-22') > 0
        ? 'Sebanyak {F-22} temuan dari semua periode melampaui tenggat tindak lanjut.'
        : 'Tidak ada temuan yang melampaui tenggat^F-22^.',
    ),
  };
}

function end({ kind, figures, mayorWord, bsreName }: ProposalInput): Record<string, string> {
  const others = [
    `${mayorWord} Batam`,
    'Gubernur Kepulauan Riau',
    'Kepala Badan Siber dan Sandi Negara',
    `Kepala ${quote(bsreName)}`,
  ];
  const self: Partial<Record<ReportKind, number>> = {
    'annual-mayor': 0,
    'annual-governor': 1,
    'annual-bssn': 2,
    'annual-bsre': 3,
  };
  const rest = others.filter((_, i) => i !== self[kind]);
  const annual = kind.startsWith('annual');
  return {
    conclusion: lines(
      tells(kind, 'certificates') &&
        'Keadaan sertifikat: {F-02} sertifikat berlaku menurut bukti yang segar; {F-04.n} sertifikat kedaluwarsa^F-04^ belum diperbarui.',
      tells(kind, 'incidents') &&
        (n(figures, 'F-11') === 0
          ? 'Tidak terdapat insiden^F-11^ dalam periode laporan.'
          : n(figures, 'F-12') === 0
            ? 'Terjadi {F-11} insiden dan seluruhnya telah ditutup^F-12^.'
            : 'Terjadi {F-11} insiden; {F-12} masih terbuka dan penanganannya dilanjutkan.'),
      tells(kind, 'evaluation') &&
        (known(figures, 'F-17')
          ? 'Evaluasi mencakup {F-16.n} dari {F-16.of} Perangkat Daerah dengan nilai rata-rata {F-17}.'
          : 'Evaluasi telah mencakup {F-16.n} dari {F-16.of} Perangkat Daerah^F-16^.'),
      tells(kind, 'evaluation') &&
        (n(figures, 'F-22') > 0
          ? 'Masih terdapat {F-22} temuan lewat tenggat yang memerlukan perhatian pimpinan Perangkat Daerah.'
          : 'Tidak ada temuan yang melampaui tenggat tindak lanjut^F-22^.'),
    ),
    plan: 'Dinas memantau pelaksanaan rekomendasi setiap bulan dan melaporkan perkembangannya dalam Ringkasan Pimpinan. Hasilnya dibawa ke evaluasi semester berikutnya sebagai bagian dari mekanisme umpan balik menurut Pasal 18 huruf a.',
    end: annual
      ? `Laporan dengan data beku yang sama disampaikan pula kepada ${rest.slice(0, -1).join(', ')}, dan ${rest.at(-1)}. Demikian laporan ini disusun sebagai bahan pertimbangan.`
      : 'Demikian laporan ini disusun sebagai bahan pertimbangan.',
  };
}

/** What the figures call for, most pressing first. `due` in words. */
export function recommend(
  input: Pick<ProposalInput, 'kind' | 'figures' | 'breakdown'>,
  dates: { month: string; quarter: string },
): Recommendation[] {
  const { kind, figures, breakdown } = input;
  const of = (theme: 'certificates' | 'incidents' | 'evaluation') => tells(kind, theme);
  const top = breakdown.byKind.filter((r) => r.lapsed > 0 && r.agencies > 0).sort((a, b) => b.lapsed - a.lapsed)[0];
  const all: (Recommendation | false)[] = [
    of('incidents') &&
      n(figures, 'F-12') > 0 && {
        text: 'Menyelesaikan penanganan insiden yang masih terbuka',
        responsible: 'Dinas',
        due: dates.month,
      },
    of('certificates') &&
      n(figures, 'F-05') > 0 && {
        text: 'Mengajukan pembaruan sertifikat yang habis dalam tiga puluh hari',
        responsible: 'Perangkat Daerah terkait',
        due: dates.month,
      },
    of('certificates') &&
      top !== undefined && {
        text: `Menetapkan jadwal pembaruan sertifikat kedaluwarsa yang belum ada penggantinya, dimulai dari kelompok ${top.name}`,
        responsible: 'Kepala Perangkat Daerah',
        due: dates.quarter,
      },
    of('evaluation') &&
      n(figures, 'F-22') > 0 && {
        text: 'Menindaklanjuti temuan yang lewat tenggat',
        responsible: 'Inspektorat dan Perangkat Daerah',
        due: dates.quarter,
      },
    of('certificates') &&
      n(figures, 'F-25') > 0 && {
        text: 'Mengganti sertifikat dengan kunci atau algoritme lemah',
        responsible: 'Dinas dan BSrE',
        due: dates.quarter,
      },
    of('certificates') &&
      n(figures, 'F-07') > 0 && {
        text: 'Melengkapi berkas dan memastikan status sertifikat yang belum diketahui',
        responsible: 'Dinas',
        due: dates.quarter,
      },
    of('evaluation') &&
      n(figures, 'F-19') > 0 && {
        text: 'Melaksanakan pembinaan bagi Perangkat Daerah dengan nilai di bawah batas perhatian',
        responsible: 'Dinas',
        due: dates.quarter,
      },
    of('certificates') &&
      n(figures, 'F-23') < (figures('F-23').denominator ?? 0) && {
        text: 'Mencocokkan sertifikat yang belum tercatat pemiliknya dengan daftar kepegawaian',
        responsible: 'Dinas dan pengelola kepegawaian',
        due: dates.quarter,
      },
    of('certificates') && {
      text: 'Memasukkan pemeriksaan sertifikat elektronik ke dalam serah terima jabatan',
      responsible: 'Pengelola kepegawaian',
      due: dates.quarter,
    },
  ];
  return all.filter((r) => r !== false);
}
