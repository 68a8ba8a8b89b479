// "Periksa sekarang": one certificate, asked at its sources at once.
import * as audit from '../audit/index.ts';
import * as certificates from '../certificates/index.ts';
import { transact, type Context } from '../context.ts';
import { invalid } from '../errors.ts';
import type { Outbound } from '../outbound/index.ts';
import { demand } from '../permission.ts';
import { applyIssuer, applyOne } from './applying.ts';
import { askAuthorities } from './asking-authorities.ts';
import { askResponder } from './asking.ts';
import { clock } from './clock.ts';
import { fetchList } from './fetching.ts';
import { Issuers } from './issuers.ts';
import { findSources } from './sources.ts';
import { isUncrossed } from './standing.ts';
import { inTurn } from './per-host.ts';
import * as store from './store.ts';
import { waitingFor } from './waiting.ts';

export type CheckResult = { outcome: 'confirmed' | 'changed' | 'failed' | 'frozen'; text: string };

/** As the trail tells it. */
const OUTCOMES: Record<CheckResult['outcome'], string> = {
  confirmed: 'status tetap',
  changed: 'status berubah',
  failed: 'tidak berhasil',
  frozen: 'bukti disimpan, status dibekukan karena jam server',
};

const UNTRUSTED: readonly string[] = ['untrusted', 'incomplete', 'bad_signature'];

/** @throws AppError invalid when the issuer is not trusted: nothing may be asked then */
export function demandCheckable(ctx: Context, certificateId: string) {
  const row = certificates.get(ctx, certificateId);
  const checked = store.checkedById(ctx.db, certificateId)!;
  if (!checked.issuerKey || UNTRUSTED.includes(row.chain)) {
    throw invalid(
      'Penerbit sertifikat ini belum dipercaya atau belum ada, jadi sumber pencabutannya tidak boleh dihubungi. Putuskan kepercayaan penerbit dulu.',
    );
  }
  return { row, checked, issuerKey: checked.issuerKey };
}

/** OCSP first, then the lists that the certificate names. Jobs do this for the web (requests.ts). */
export async function checkNow(ctx: Context, certificateId: string, by: { outbound: Outbound }): Promise<CheckResult> {
  demand(ctx.actor, 'revocation.check');
  const { row: before, checked, issuerKey } = demandCheckable(ctx, certificateId);
  findSources(ctx);
  const issuers = Issuers.read(ctx.db);
  const outbound = inTurn(by.outbound);
  const asked = await askResponder(ctx, certificateId, { outbound, issuers, urgent: true });
  let answered = asked.outcome === 'new' || asked.outcome === 'same';
  let isNew = asked.outcome === 'new';
  let why = asked.text;
  if (answered) applyOne(ctx, certificateId);
  else {
    const urls = JSON.parse(checked.crlUrls) as string[];
    const lists = store.sourcesOfIssuer(ctx.db, issuerKey).filter((s) => s.kind === 'crl' && urls.includes(s.url));
    for (const source of lists) {
      const outcome = await fetchList(ctx, source, outbound, issuers);
      answered ||= outcome === 'new' || outcome === 'same';
      isNew ||= outcome === 'new';
      if (!answered) why = store.sourceById(ctx.db, source.id)?.failureText ?? why;
    }
    // A list of another key is no answer; what it revokes counts at once all the same.
    if (answered || store.linesOf(ctx.db, issuerKey).some(isUncrossed)) {
      // This one first: somebody waits for it. The others of the same list follow.
      applyOne(ctx, certificateId);
      await applyIssuer(ctx, issuerKey);
    }
  }
  await askAboutIssuers(ctx, before.path, by, issuers);
  return told(ctx, before, { answered, isNew, why });
}

/** A certificate is in force only while its issuers are known to be: whoever waits for it waits for what is not known of them. */
async function askAboutIssuers(
  ctx: Context,
  path: readonly { id: string }[],
  { outbound }: { outbound: Outbound },
  issuers: Issuers,
): Promise<void> {
  const statuses = certificates.issuerStatuses(ctx);
  const silent = issuers.all.filter(
    ({ id }) => path.some((one) => one.id === id) && certificates.isUnheard(statuses.get(id)!),
  );
  if (silent.length === 0) return;
  for (const ca of silent) {
    const key = issuers.issuerOf(ca)?.view.publicKey.spkiSha256;
    if (key === undefined) continue;
    const lists = store.sourcesOfIssuer(ctx.db, key).filter((s) => s.kind === 'crl' && ca.view.crlUrls.includes(s.url));
    for (const source of lists) await fetchList(ctx, source, inTurn(outbound), issuers);
    if (lists.length > 0) await applyIssuer(ctx, key);
  }
  // Somebody waits: of other CAs the sweep asks.
  await askAuthorities(ctx, { outbound, issuers: Issuers.read(ctx.db), only: new Set(silent.map(({ id }) => id)) });
}

function told(
  ctx: Context,
  before: ReturnType<typeof certificates.get>,
  { answered, isNew, why }: { answered: boolean; isNew: boolean; why: string | null },
): CheckResult {
  const after = certificates.get(ctx, before.id);
  const changed = after.revocation !== before.revocation;
  const watch = clock(ctx);
  const frozen = watch.state === 'frozen';
  // Jobs may walk the longest list for whoever waits here.
  const waiting = waitingFor(ctx, before.id, Infinity);
  const waits = waiting ? `${[waiting.text, waiting.todo].filter(Boolean).join(' ')} ` : '';
  const outcome = !answered ? 'failed' : frozen ? 'frozen' : changed ? 'changed' : 'confirmed';
  const text = {
    failed: `Tidak berhasil diperiksa: ${why ?? 'sertifikat tidak menyebut sumber pencabutan yang dapat dihubungi.'} Status yang sudah terbukti tidak berubah.${frozen ? ` ${waits}${watch.text}` : ''}`,
    frozen: `${isNew ? 'Bukti diterima dan disimpan, tetapi status belum diubah.' : `${why ? `${why} ` : ''}CRL yang sudah dimiliki masih sama di alamatnya; status tidak diubah.`} ${waits}${watch.text}`,
    changed: `Status berubah: ${after.status.word}.`,
    confirmed: `Sudah diperiksa: ${after.status.word}.`,
  }[outcome];
  transact(ctx, (tx) =>
    audit.record(tx, {
      action: 'certificate.checked',
      targets: [['certificate', before.id]],
      details: { result: OUTCOMES[outcome] },
    }),
  );
  return { outcome, text };
}
