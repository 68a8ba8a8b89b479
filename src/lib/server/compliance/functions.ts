// Kesesuaian Fungsi (Pasal 21 ayat (2)): which function answers which article, where it lives, and which test proves it.
// A test of this room fails when a named test file does not exist.

export type FunctionRow = { articles: string; function: string; place: string; tests: readonly string[] };

export const functions: readonly FunctionRow[] = [
  {
    articles: 'Pasal 1 angka 4',
    function: 'Daftar Perangkat Daerah dengan nama bertanggal',
    place: 'agencies',
    tests: ['src/lib/server/agencies/agencies.test.ts'],
  },
  {
    articles: 'Pasal 14 huruf a',
    function: 'Masuk, sesi, kata sandi, undangan, peran',
    place: 'auth',
    tests: ['src/lib/server/auth/auth.test.ts'],
  },
  {
    articles: 'Pasal 14 huruf c, Pasal 21 ayat (2)',
    function: 'Jejak berantai sidik dan pemeriksaannya',
    place: 'audit',
    tests: ['src/lib/server/audit/audit.test.ts'],
  },
  {
    articles: 'Pasal 21 ayat (2)',
    function: 'Ekspor jejak yang dapat diperiksa pihak luar',
    place: 'audit',
    tests: ['src/lib/server/audit/export.test.ts'],
  },
  {
    articles: 'Pasal 18 huruf b',
    function: 'Kriteria, ukuran, nilai, dan cakupan',
    place: 'evaluations',
    tests: ['src/lib/server/evaluations/score.test.ts', 'src/lib/server/evaluations/facts.test.ts'],
  },
  {
    articles: 'Pasal 18 huruf a dan b',
    function: 'Putaran evaluasi, hak jawab, penutupan dua orang, temuan dan tindak lanjut',
    place: 'evaluations',
    tests: ['src/lib/server/evaluations/evaluations.test.ts', 'src/lib/server/evaluations/follow-up.test.ts'],
  },
  {
    articles: 'Pasal 21 ayat (2)',
    function: 'Keadaan tiap pasal dari catatan',
    place: 'compliance',
    tests: ['src/lib/server/compliance/articles.test.ts'],
  },
  {
    articles: 'Pasal 6 huruf d',
    function: 'Cadangan dan pemulihan',
    place: 'jobs',
    tests: ['src/lib/server/jobs/backup.test.ts'],
  },
  {
    articles: 'Pasal 21 ayat (2)',
    function: 'Batas antarruang dan hak akses di pintu',
    place: 'seluruhnya',
    tests: ['tests/architecture.test.ts'],
  },
];
