// Every periodic job on one page: what it is called, when it is due, what it calls. Each verb is idempotent and derives
// its work from rows, so twice gives the same and a killed run is completed by the next.
import { bytes, number } from '#lib/format.ts';
import * as audit from '../audit/index.ts';
import * as auth from '../auth/index.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import type { Context } from '../context.ts';
import * as evaluations from '../evaluations/index.ts';
import * as files from '../files/index.ts';
import * as incidents from '../incidents/index.ts';
import * as monitoring from '../monitoring/index.ts';
import * as notifications from '../notifications/index.ts';
import type { Outbound } from '../outbound/index.ts';
import * as reports from '../reports/index.ts';
import * as revocation from '../revocation/index.ts';
import { counted, runImports } from './asides.ts';
import { sweepAttempts } from './attempts.ts';
import * as backup from './backup.ts';
import type { Schedule } from './schedule.ts';
import { lastSuccess, sweepRuns } from './runs.ts';

/** What the edges hand to jobs: the network and where mail goes. */
export type Environment = { outbound: Outbound; smtpUrl: string };

export type Job = {
  name: string;
  /** What it does, for the page. */
  title: string;
  schedule: Schedule;
  /** A cheap look whether something cannot wait for the schedule. */
  hurry?: (ctx: Context) => boolean;
  /** A cheap look whether there is anything to do; without it the schedule alone decides. Such runs are logged only when they did something. */
  waiting?: (ctx: Context) => boolean;
  /**
   * @param asked a person pressed "Jalankan Sekarang"
   * @returns a sentence about what was done, or null when there was nothing to do
   */
  run: (ctx: Context, env: Environment, asked: boolean) => Promise<string | null> | string | null;
};

const SECOND = 1000;

export const JOBS: readonly Job[] = [
  {
    name: 'imports',
    title: 'Memproses impor yang diminta',
    schedule: { every: SECOND },
    waiting: certificates.importsWaiting,
    run: runImports,
  },
  {
    name: 'arrivals',
    title: 'Menghapus unggahan yang terputus',
    schedule: { every: MINUTE },
    waiting: files.arrivalsLeft,
    run: (ctx) => counted(files.sweepArrivals(ctx), 'unggahan terputus dihapus'),
  },
  {
    name: 'bulk',
    title: 'Menjalankan tindakan massal yang diminta',
    schedule: { every: SECOND },
    waiting: certificates.bulkWaiting,
    run: async (ctx) => counted(await certificates.runBulk(ctx), 'tindakan massal selesai'),
  },
  {
    name: 'counts',
    title: 'Menghitung ulang jumlah sertifikat untuk daftar yang besar',
    schedule: { every: MINUTE },
    waiting: certificates.countsDue,
    run: (ctx) => counted(certificates.refreshCounts(ctx), 'sertifikat dihitung'),
  },
  {
    name: 'reports',
    title: 'Menyusun laporan yang diminta',
    schedule: { every: SECOND },
    waiting: reports.requestsWaiting,
    run: async (ctx) => counted(await reports.buildRequested(ctx), 'laporan disusun'),
  },
  {
    name: 'mail',
    title: 'Mengirim surat elektronik yang antre',
    schedule: { every: 2 * SECOND },
    waiting: notifications.deliveryWaiting,
    run: async (ctx, env) => counted(await notifications.deliver(ctx, env), 'surat diproses'),
  },
  {
    name: 'urgent-lane',
    title: 'Memeriksa sumber pencabutan untuk insiden terbuka dan sumber baru',
    schedule: { every: 5 * MINUTE },
    hurry: (ctx) => revocation.sweepDue(ctx, 'urgent'),
    run: async (ctx, env) => revocation.inWords(await revocation.sweep(ctx, { ...env, lane: 'urgent' })),
  },
  {
    name: 'sweep',
    title: 'Menyapu semua sumber pencabutan (CRL, OCSP)',
    schedule: { every: HOUR },
    // Every source has its own hour, so that they are not all asked in the same minute.
    hurry: (ctx) => revocation.sweepDue(ctx, 'all'),
    // Who asks for it now means now, whatever the sources' own times say.
    run: async (ctx, env, asked) =>
      revocation.inWords(await revocation.sweep(ctx, { ...env, lane: 'all', force: asked })),
  },
  {
    name: 'revocation-requests',
    title: 'Memeriksa sertifikat dan berkas bukti yang diminta orang',
    schedule: { every: SECOND },
    waiting: revocation.requestsWaiting,
    run: async (ctx, env) => counted(await revocation.runRequests(ctx, env), 'permintaan dikerjakan'),
  },
  {
    name: 'reachability',
    title: 'Menguji jangkauan ke host yang diperlukan',
    schedule: { every: SECOND },
    waiting: revocation.reachWaiting,
    run: async (ctx, env) => counted(await revocation.testReach(ctx, env), 'titik diuji'),
  },
  {
    name: 'observe',
    title: 'Mencocokkan pencabutan yang terlihat dengan insiden',
    schedule: { every: MINUTE },
    run: (ctx) => counted(incidents.observeRevocation(ctx), 'pencabutan insiden terlihat'),
  },
  {
    name: 'clocks',
    title: 'Mengingatkan batas waktu insiden',
    schedule: { every: MINUTE },
    run: (ctx) => counted(incidents.remind(ctx), 'pengingat'),
  },
  {
    name: 'review',
    title: 'Meninjau masa berlaku dan peringatan',
    schedule: { every: 15 * MINUTE },
    // A revocation that was seen is told at once.
    hurry: (ctx) => monitoring.newsWaiting(ctx, lastSuccess(ctx, 'review')?.startedAt ?? 0),
    run: (ctx) => monitoring.inWords(monitoring.review(ctx)),
  },
  {
    name: 'digest',
    title: 'Menyiapkan ringkasan peringatan harian',
    schedule: { dailyAt: '07:30' },
    run: (ctx) => counted(monitoring.digest(ctx), 'ringkasan disiapkan'),
  },
  {
    name: 'evaluations',
    title: 'Mengukur kriteria evaluasi yang terbuka',
    schedule: { every: HOUR },
    run: (ctx) => counted(evaluations.collect(ctx), 'ukuran diperbarui'),
  },
  {
    name: 'brief',
    title: 'Menyiapkan Ringkasan Pimpinan hari ini',
    schedule: { dailyAt: '06:00' },
    run: async (ctx) => ((await reports.prepareBrief(ctx)) ? 'Ringkasan disiapkan' : null),
  },
  {
    name: 'records',
    title: 'Menilai ulang rantai, pengganti, dan aturan antar-sertifikat',
    schedule: { dailyAt: '00:20' },
    run: async (ctx) => {
      certificates.requestAllChains(ctx);
      const chains = await certificates.runChains(ctx);
      await certificates.lintRecords(ctx);
      const { started, ended } = certificates.refreshRecords(ctx);
      return `${chains} rantai berubah, ${started} catatan muncul, ${ended} selesai`;
    },
  },
  {
    name: 'chains',
    title: 'Menilai ulang rantai setelah keputusan tentang penerbit',
    schedule: { every: SECOND },
    waiting: certificates.chainsWaiting,
    run: async (ctx) => {
      const changed = await certificates.runChains(ctx);
      revocation.findSources(ctx);
      return counted(changed, 'rantai berubah');
    },
  },
  {
    name: 'lint',
    title: 'Memeriksa isi sertifikat dengan aturan yang berlaku',
    schedule: { every: MINUTE },
    // An import that is under way leaves what it brings to this job, all at once.
    waiting: (ctx) => certificates.lintWaiting(ctx) && !certificates.importsWaiting(ctx),
    run: async (ctx) => {
      const judged = await certificates.lintRecords(ctx);
      if (judged) certificates.refreshRecords(ctx);
      return counted(judged, 'sertifikat diperiksa isinya');
    },
  },
  {
    name: 'issuers',
    title: 'Mengambil sertifikat penerbit dari host yang diizinkan (AIA)',
    schedule: { every: MINUTE },
    waiting: revocation.issuersDue,
    run: async (ctx, env) => {
      const { asked, found } = await revocation.fetchIssuers(ctx, env);
      return asked ? `${asked} alamat ditanya, ${found} sertifikat penerbit baru` : null;
    },
  },
  {
    name: 'known-issuers',
    title: 'Mengusulkan penerbit Indonesia yang dibawa Siaga',
    schedule: { every: MINUTE },
    waiting: certificates.offersWaiting,
    run: (ctx) => counted(certificates.offerKnownIssuers(ctx), 'penerbit diusulkan'),
  },
  {
    name: 'traits',
    title: 'Menghitung ciri penerbit dan puncak masa berlaku',
    schedule: { every: 15 * MINUTE },
    run: (ctx) => {
      certificates.refreshTraits(ctx);
      return null;
    },
  },
  {
    name: 'daily-counts',
    title: 'Mencatat jumlah sertifikat per Perangkat Daerah dan status',
    schedule: { dailyAt: '23:50' },
    run: (ctx) => counted(certificates.snapshotDay(ctx).rows, 'baris dicatat'),
  },
  {
    name: 'thin-evidence',
    title: 'Meringkas bukti lama yang tidak lagi menopang apa pun',
    schedule: { dailyAt: '00:50' },
    run: async (ctx) => {
      const needed = { evidenceIds: incidents.evidenceInUse(ctx), instants: reports.frozenInstants(ctx) };
      const { thinned, packed, freed } = await revocation.thinEvidence(ctx, needed);
      return thinned + packed ? `${thinned} bukti diringkas, ${packed} dimampatkan, ${bytes(freed)} kembali` : null;
    },
  },
  {
    name: 'rederive',
    title: 'Menurunkan ulang semua status dari buktinya',
    schedule: { every: 7 * DAY },
    run: async (ctx) => {
      const { derived, differences } = await revocation.rederiveAll(ctx);
      const missing = differences.filter((one) => one.missing > 0).length;
      const why = missing ? `; ${number(missing)} di antaranya karena berkas buktinya hilang dari penyimpanan` : '';
      if (differences.length)
        throw new Error(
          `${number(differences.length)} dari ${number(derived)} status tidak terulang dari buktinya${why}. Lihat Kejanggalan pada Sumber Pencabutan.`,
        );
      return `${number(derived)} status terulang dari buktinya`;
    },
  },
  {
    name: 'backup',
    title: 'Membuat dan memeriksa cadangan',
    schedule: { dailyAt: '01:30' },
    run: (ctx) => backup.run(ctx),
  },
  {
    name: 'verify-trail',
    title: 'Memeriksa jejak audit dari entri pertama',
    schedule: { dailyAt: '02:00' },
    run: verifyTrail,
  },
  {
    name: 'housekeeping',
    title: 'Membersihkan sesi, percobaan masuk, berkas yatim, dan catatan lama',
    schedule: { dailyAt: '02:30' },
    run: (ctx) => {
      const removed = auth.sweep(ctx) + files.sweepOrphans(ctx) + sweepRuns(ctx) + sweepAttempts(ctx);
      return `${removed} baris atau berkas dibersihkan`;
    },
  },
];

function verifyTrail(ctx: Context): string {
  const result = audit.check(ctx);
  if (!result.ok) throw new Error(`Jejak audit rusak: ${audit.faultOf(result)}`);
  return `${number(result.size)} entri cocok dengan akar ${result.root.slice(0, 16)}`;
}
