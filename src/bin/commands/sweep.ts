// siaga sweep: asks every revocation source now and crosses what is new, as the hourly job does.
import { serial as serialText } from '#lib/format.ts';
import type { Context } from '#lib/server/context.ts';
import { outbound, type Outbound } from '#lib/server/outbound/index.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import { signalKinds } from '#lib/terms.ts';
import { emit, instant, note, openContext, parse, UsageError, type Command } from '../cli.ts';

export const command: Command = {
  help: `Menanyai sumber pencabutan sekarang (CRL, OCSP) dan mencocokkannya dengan sertifikat, seperti tugas setiap jam.

  siaga sweep [--source ALAMAT…] [--due] [--at WAKTU] [--data FOLDER] [--json]

  --source ALAMAT  hanya CRL di alamat ini (atau dengan id sumber ini); boleh beberapa
  --due            hanya sumber yang sudah waktunya; tanpa ini semuanya ditanya
  --at WAKTU       seolah-olah saat itu (ISO 8601, tanpa zona berarti UTC), untuk uji dan latihan pada salinan data:
                   semua yang dicatat memakai waktu itu. Tidak boleh di masa depan, dan tidak boleh sebelum saat
                   sumber terakhir ditanya

  Contoh: siaga sweep --source http://crl.example.go.id/ca.crl --json

  Sumber yang gagal atau ditolak disebut di stderr dengan sebabnya, juga yang perlu dinilai orang (CRL menyusut,
  dua CRL bernomor sama, sumber yang bertentangan) dengan sertifikat atau sumbernya, dan bila jam server ini diragukan
  sehingga perubahan status menunggu.

  Status keluar: 0 selesai; 1 ada sumber yang gagal atau ditolak; 2 salah pakai; 3 tidak ada basis data.`,
  async run(args) {
    const { values, positionals } = parse(args, {
      data: { type: 'string' },
      at: { type: 'string' },
      source: { type: 'string', multiple: true },
      due: { type: 'boolean' },
      json: { type: 'boolean' },
    });
    if (positionals.length) throw new UsageError(`Tidak dimengerti: ${positionals[0]}`);
    if (values.due && values.source) throw new UsageError('--due dan --source tidak dipakai bersama.');
    const at = values.at === undefined ? null : instant('--at', values.at);
    const ctx = shifted(openContext(values.data), at);
    if (at !== null) demandTrue(ctx, at);
    const sources = values.source && found(ctx, values.source);
    const begun = ctx.now();
    const result = await revocation.sweep(ctx, { outbound: played(ctx), force: !values.due, sources });
    if (values.json) emit(result);
    else process.stdout.write(`${revocation.inWords(result) ?? 'Tidak ada sumber yang perlu ditanya.'}\n`);
    const all = revocation.sources(ctx);
    for (const { url, failures, attemptedAt, failureText } of all)
      if (failures > 0 && (attemptedAt ?? 0) >= begun) note(`gagal  ${url}: ${failureText}`);
    for (const { id, kind, at } of revocation.signals(ctx))
      if (at >= begun) note(`perlu dinilai  ${about(revocation.signal(ctx, id))}: ${signalKinds[kind].word}`);
    const clock = revocation.clock(ctx);
    if (clock.state === 'frozen')
      note(`jam  ${[clock.text, revocation.waitingRevocations(ctx).text].filter(Boolean).join(' ')}`);
    return result.failed + result.refused > 0 ? 1 : 0;
  },
};

/** What a signal is about: a certificate by name and serial, else the address or the issuer of a list. */
function about({ commonName, serial, url, issuerName }: ReturnType<typeof revocation.signal>): string {
  if (commonName !== null && serial !== null) return `${commonName}, nomor seri ${serialText(serial)}`;
  return commonName ?? url ?? issuerName ?? 'sumber pencabutan';
}

/**
 * Whatever is recorded bears that instant, so it must be one that can have been: time never runs ahead of the clock, nor
 * back behind what the register has already seen.
 * @throws UsageError
 */
function demandTrue(ctx: Context, at: number): void {
  if (at > Date.now())
    throw new UsageError(
      '--at di masa depan: yang dicatat akan memuat waktu yang belum terjadi. Pakai saat ini atau sebelumnya.',
    );
  const last = Math.max(...revocation.sources(ctx).map(({ attemptedAt }) => attemptedAt ?? -Infinity));
  if (at < last)
    throw new UsageError(
      `--at lebih lama dari saat sumber terakhir ditanya (${new Date(last).toISOString()}); catatan tidak boleh mundur. Ulangi urutannya pada salinan data dari sebelum saat itu.`,
    );
}

/** The clock starts at another instant and goes on from there. */
function shifted(ctx: Context, at: number | null): Context {
  if (at === null) return ctx;
  const away = at - Date.now();
  return { ...ctx, now: () => Date.now() + away };
}

/** Servers' clocks are shifted as ours is: `--at` is no wrong clock of this machine. */
function played(ctx: Context): Outbound {
  return {
    ...outbound,
    fetchBounded: async (url, options) => {
      const fetched = await outbound.fetchBounded(url, options);
      return { ...fetched, date: fetched.date === null ? null : fetched.date + ctx.now() - Date.now() };
    },
  };
}

/** Ids of the lists that are meant. @throws UsageError for one that nobody names */
function found(ctx: Context, wanted: readonly string[]): string[] {
  revocation.findSources(ctx);
  const known = revocation.sources(ctx).filter(({ kind }) => kind === 'crl');
  return wanted.flatMap((name) => {
    const ids = known.filter(({ id, url }) => id === name || url === name).map(({ id }) => id);
    if (ids.length === 0) throw new UsageError(`Tidak ada CRL ${name} di antara sumber pencabutan.`);
    return ids;
  });
}
