// CA certificates about which no list speaks freshly and that name a responder: it is asked as about any certificate
// (certificate-status §5, §6; RFC 5280 §6.1.3 (a)(3) wants the status of every certificate of a path). What a path may rest on
// is decided by the same rules; the record of a CA keeps what the last answer was (authorities.ts).
import { randomBytes } from 'node:crypto';
import { HOUR } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { transact, type Context } from '../context.ts';
import { OutboundError, type Fetched, type Outbound } from '../outbound/index.ts';
import { ask } from './asking.ts';
import { applyAnswer } from './authorities.ts';
import { ASKING, isDue } from './circuit.ts';
import { isFrozen } from './clock.ts';
import { failed, settled } from './fetching.ts';
import type { Issuers, KnownIssuer } from './issuers.ts';
import { inTurn } from './per-host.ts';
import * as store from './store.ts';
import { judgeAnswer, keepAnswer, answerRules, readAnswer } from './taking-answer.ts';
import { refuse, type Taken } from './taking.ts';

type Question = { ca: KnownIssuer; above: KnownIssuer; source: store.SourceRow };

type Asking = {
  outbound: Outbound;
  issuers: Issuers;
  /** CA certificates by their ids; else all. */
  only?: ReadonlySet<string>;
};

/** Asks about each whose answer is due. While our clock is doubted nothing about a CA may change. @returns how many were asked */
export async function askAuthorities(ctx: Context, { outbound, issuers, only }: Asking): Promise<number> {
  if (isFrozen(ctx)) return 0;
  const questions = due(ctx, issuers).filter(({ ca }) => only?.has(ca.id) ?? true);
  for (const question of questions) await askAbout(ctx, question, outbound, issuers);
  return questions.length;
}

function due(ctx: Context, issuers: Issuers): Question[] {
  const now = ctx.now();
  const statuses = certificates.issuerStatuses(ctx, now);
  const held = certificates.heldAuthorities(ctx);
  return issuers.all.flatMap((ca): Question[] => {
    const isRevoked = ca.revokedAt !== null && !held.has(ca.id);
    if (ca.view.ocspUrls.length === 0 || isRevoked || ca.view.notAfter.ms < now) return [];
    const above = issuers.issuerOf(ca);
    if (!above || !issuers.anchored(above.view, now)) return [];
    const said = ca.evidenceId === null ? undefined : store.evidenceById(ctx.db, ca.evidenceId);
    const byList = said?.kind === 'crl' && statuses.get(ca.id)?.state === 'fresh';
    // A hold may end any hour; otherwise as between two questions about other certificates.
    const pause = held.has(ca.id) || (statuses.get(ca.id)?.until ?? 0) < now + HOUR ? HOUR : ASKING;
    if (byList || (said?.kind === 'ocsp' && isRecent(ctx, said, pause))) return [];
    const own = ca.view.ocspUrls.flatMap(
      (url) => store.sourceAt(ctx.db, 'ocsp', above.view.publicKey.spkiSha256, url) ?? [],
    );
    // After an answer, whatever came of it, the responder is asked again an hour later at the earliest.
    const source = own.find((one) => isDue(one, now));
    return source ? [{ ca, above, source }] : [];
  });
}

function isRecent(ctx: Context, { id }: store.EvidenceRow, pause: number): boolean {
  const last = store.confirmationAt(ctx.db, id, ctx.now());
  return last !== null && last + pause > ctx.now();
}

async function askAbout(
  ctx: Context,
  { ca, above, source }: Question,
  outbound: Outbound,
  issuers: Issuers,
): Promise<void> {
  const nonce = randomBytes(32);
  const asked = { serial: ca.view.serial, issuer: above.view };
  let fetched: Fetched;
  try {
    fetched = await ask(ctx, { ...asked, url: source.url, nonce }, inTurn(outbound));
  } catch (error) {
    failed(ctx, source, error);
    if (!(error instanceof OutboundError)) throw error;
    return;
  }
  transact(ctx, (tx) => {
    const taken = take(tx, fetched.body, { ca, above, nonce, source }, issuers);
    settled(tx, source, { ...fetched, etag: null, lastModified: null }, taken, issuers);
  });
}

function take(
  tx: Context,
  bytes: Buffer,
  { ca, above, nonce, source }: Question & { nonce: Buffer },
  issuers: Issuers,
): Taken {
  const from = { sourceId: source.id, origin: 'fetched' as const, name: source.url };
  const rules = answerRules(tx, issuers);
  const response = readAnswer(bytes);
  if (!response) return refuse(tx, 'ocsp', bytes, 'unreadable', from);
  const said = ca.evidenceId === null ? undefined : store.evidenceById(tx.db, ca.evidenceId);
  const known =
    said?.kind === 'ocsp' ? { status: ca.revokedAt === null ? 'good' : 'on_hold', thisUpdate: said.thisUpdate } : null;
  const verdict = judgeAnswer(
    tx,
    { response, serial: ca.view.serial, certificate: ca.view.der, nonce, known },
    above,
    rules,
  );
  if (!verdict.accepted) return refuse(tx, 'ocsp', bytes, verdict.code, from);
  const { evidenceId, isNew } = keepAnswer(tx, { response, ...verdict }, { above, certificateId: null }, from, rules);
  applyAnswer(tx, ca, { ...verdict.answer, evidenceId, confirmedAt: rules.now });
  return { outcome: isNew ? 'new' : 'same', evidenceId, remarks: verdict.remarks };
}
