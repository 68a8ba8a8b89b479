// "Periksa sekarang": one certificate, asked at its sources at once.
import { setTimeout } from 'node:timers/promises';
import * as audit from '../audit/index.ts';
import * as certificates from '../certificates/index.ts';
import { transact, type Context } from '../context.ts';
import { invalid } from '../errors.ts';
import type { Outbound } from '../outbound/index.ts';
import { demand } from '../permission.ts';
import { applyIssuer, applyOne } from './applying.ts';
import { askAuthorities } from './asking-authorities.ts';
import { askResponder, type Asked } from './asking.ts';
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

/** A responder in health has answered by then, ms; the lists are asked beside one that has not, so that nobody waits for both. */
const SOON = 1_500;

/** OCSP, and unless that answers soon, the lists that the certificate names. Jobs do this for the web (requests.ts). */
export async function checkNow(ctx: Context, certificateId: string, by: { outbound: Outbound }): Promise<CheckResult> {
  demand(ctx.actor, 'revocation.check');
  const { row: before, checked, issuerKey } = demandCheckable(ctx, certificateId);
  findSources(ctx);
  const issuers = Issuers.read(ctx.db);
  const own = { outbound: inTurn(by.outbound), issuers };
  const silent = silentAbove(ctx, before.path, issuers);
  const asking = askResponder(ctx, certificateId, { ...own, urgent: true });
  const urls = JSON.parse(checked.crlUrls) as string[];
  const [responder, lists, above] = await Promise.all([
    asking,
    isAnswered(asking).then((soon) => (soon ? [] : askLists(ctx, issuerKey, urls, own))),
    Promise.all(silent.map(({ key, urls }) => askLists(ctx, key, urls, own))),
  ]);
  const all = [responder, ...lists];
  const answered = all.some(hasAnswered);
  const isNew = all.some(({ outcome }) => outcome === 'new');
  // A list of another key is no answer; what it revokes counts at once all the same.
  const isListed = lists.some(hasAnswered) || (!hasAnswered(responder) && isUncrossedOf(ctx, issuerKey));
  // This one first: somebody waits for it. The others of the same list follow.
  if (answered || isListed) applyOne(ctx, certificateId);
  if (isListed) await applyIssuer(ctx, issuerKey);
  for (const [at, { key }] of silent.entries()) if (above[at]!.length > 0) await applyIssuer(ctx, key);
  // Somebody waits: of other CAs the sweep asks.
  if (silent.length > 0)
    await askAuthorities(ctx, { ...by, issuers: Issuers.read(ctx.db), only: new Set(silent.map(({ id }) => id)) });
  return told(ctx, before, { answered, isNew, why: whyNot(responder, lists) });
}

const hasAnswered = ({ outcome }: Asked): boolean => outcome === 'new' || outcome === 'same';
const isUncrossedOf = (ctx: Context, issuerKey: string): boolean => store.linesOf(ctx.db, issuerKey).some(isUncrossed);

async function isAnswered(asking: Promise<Asked>): Promise<boolean> {
  const late = new AbortController();
  const wait = setTimeout(SOON, null, { signal: late.signal });
  const asked = await Promise.race([asking, wait]).finally(() => late.abort());
  return asked !== null && hasAnswered(asked);
}

/** The lists of an issuer at these addresses, side by side. */
function askLists(
  ctx: Context,
  issuerKey: string,
  urls: readonly string[],
  { outbound, issuers }: { outbound: Outbound; issuers: Issuers },
): Promise<Asked[]> {
  const lists = store.sourcesOfIssuer(ctx.db, issuerKey).filter((s) => s.kind === 'crl' && urls.includes(s.url));
  return Promise.all(
    lists.map(async (source) => {
      const outcome = await fetchList(ctx, source, outbound, issuers);
      return { outcome, text: store.sourceById(ctx.db, source.id)?.failureText ?? null };
    }),
  );
}

/** What kept the responder and the lists from answering, each by its name where both say something. */
function whyNot(responder: Asked, lists: readonly Asked[]): string | null {
  const texts = (asked: readonly Asked[]) =>
    [...new Set(asked.flatMap((one) => (hasAnswered(one) ? [] : (one.text ?? []))))].join(' ');
  const [ocsp, crl] = [texts([responder]), texts(lists)];
  if (!ocsp || !crl) return ocsp || crl || null;
  return ocsp === crl ? `OCSP dan CRL: ${ocsp}` : `OCSP: ${ocsp} CRL: ${crl}`;
}

/** A certificate is in force only while its issuers are known to be: whoever waits for it waits for what is not known of them. */
function silentAbove(ctx: Context, path: readonly { id: string }[], issuers: Issuers) {
  const statuses = certificates.issuerStatuses(ctx);
  return issuers.all
    .filter(({ id }) => path.some((one) => one.id === id) && certificates.isUnheard(statuses.get(id)!))
    .flatMap((ca) => {
      const key = issuers.issuerOf(ca)?.view.publicKey.spkiSha256;
      return key === undefined ? [] : [{ id: ca.id, key, urls: ca.view.crlUrls }];
    });
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
      details: {
        result: outcome === 'failed' && why ? `${OUTCOMES.failed} (${why.replace(/\.$/, '')})` : OUTCOMES[outcome],
      },
    }),
  );
  return { outcome, text };
}
