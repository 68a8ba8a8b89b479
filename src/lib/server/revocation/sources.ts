// Which addresses are asked: they follow from the certificates under accepted anchors, from the CA certificates
// themselves, and from what certificates and accepted lists say about their deltas (freshestCRL). Nothing else ever is
// (certificate-status §7).
import * as audit from '../audit/index.ts';
import { transact, type Context } from '../context.ts';
import { demand } from '../permission.ts';
import { readCertificate } from '../x509/index.ts';
import { heldList } from './held-object.ts';
import { Issuers } from './issuers.ts';
import { reportLost } from './lost.ts';
import * as store from './store.ts';
import { freshestUrlsOf } from './subject.ts';

/** An address longer than this is no address. */
const LONGEST = 2048;

/** Adds addresses that are new, retires those that nothing names any more. @returns how many are new */
export function findSources(ctx: Context): number {
  demand(ctx.actor, 'revocation.check');
  const now = ctx.now();
  readFreshest(ctx);
  const issuers = Issuers.read(ctx.db);
  const named = [...store.namedAddresses(ctx.db), ...aboveAuthorities(issuers, now)];
  const deltas = deltasOfLists(ctx);
  named.push(...deltas.named);
  const key = (row: { kind: string; issuerKey: string; url: string }) => `${row.kind} ${row.issuerKey} ${row.url}`;
  const known = store.sources(ctx.db);
  const live = new Set(known.filter((row) => row.retiredAt === null).map(key));
  const wanted = new Map(named.filter((row) => row.url.length <= LONGEST).map((row) => [key(row), row]));
  const added = [...wanted].filter(([k]) => !live.has(k)).map(([, row]) => row);
  const retired = known.filter(
    (row) =>
      row.retiredAt === null && !wanted.has(key(row)) && !(row.kind === 'crl' && deltas.unread.has(row.issuerKey)),
  );
  if (added.length + retired.length === 0) return 0;
  transact(ctx, (tx) => {
    for (const row of added) store.addSource(tx.db, { ...row, addedAt: now, dueAt: now });
    for (const row of retired) store.setSource(tx.db, row.id, { retiredAt: now });
    audit.record(tx, {
      action: 'sources.derived',
      targets: [],
      details: { added: added.length, retired: retired.length },
    });
  });
  return added.length;
}

/**
 * Lists and responders of CA certificates whose own path reaches an anchor; of one that is revoked too, because a hold may
 * end.
 */
function aboveAuthorities(issuers: Issuers, now: number): store.NamedAddress[] {
  return issuers.all.flatMap((ca) => {
    const { crlUrls, ocspUrls } = ca.view;
    if (crlUrls.length + ocspUrls.length === 0) return [];
    const above = issuers.issuerOf(ca);
    const revoked = ca.revokedAt !== null && ca.view.notAfter.ms >= now;
    if (!above || !issuers.anchored(revoked ? above.view : ca.view, now)) return [];
    const by = { issuerKey: above.view.publicKey.spkiSha256, issuerName: above.commonName };
    return [
      ...crlUrls.map((url) => ({ kind: 'crl' as const, ...by, url })),
      ...ocspUrls.map((url) => ({ kind: 'ocsp' as const, ...by, url })),
    ];
  });
}

const NONE: ReadonlySet<string> = new Set();
/** What the lists that hold say about their deltas; a list is read once in the life of the process. */
let freshestOf: ReadonlyMap<string, readonly string[]> = new Map();

/** @returns also the issuer keys of lists that cannot be read: what those named is not known now, so nothing is retired */
function deltasOfLists(ctx: Context): { named: store.NamedAddress[]; unread: ReadonlySet<string> } {
  const read = new Map<string, readonly string[]>();
  const unread = new Set<string>();
  const named = store.lines(ctx.db).flatMap(({ issuerKey, scope, evidenceId }) => {
    const complete = store.evidenceById(ctx.db, evidenceId)!;
    let urls = freshestOf.get(complete.sha256);
    try {
      urls ??= heldList(ctx, complete, NONE).crl.freshestUrls;
    } catch (error) {
      if (!reportLost(ctx, [{ scope, complete, delta: null }])) throw error;
      unread.add(issuerKey);
      return [];
    }
    read.set(complete.sha256, urls);
    return urls.map((url) => ({ kind: 'crl' as const, issuerKey, issuerName: complete.issuerName, url }));
  });
  freshestOf = read;
  return { named, unread };
}

const WALK = 'freshest';
const STRIDE = 20_000;

/** Reads freshestCRL of certificates that came since the last look; hardly any has it. */
function readFreshest(ctx: Context): void {
  for (;;) {
    const done = store.walked(ctx.db, WALK);
    const last = store.lastCertificateFile(ctx.db, done, STRIDE);
    if (last === null) return;
    const found = store.naming(ctx.db, done, last).flatMap(({ fingerprint, der }) => {
      const urls = freshestUrlsOf(readCertificate(der));
      return urls.map((url) => ({ fingerprint, url }));
    });
    transact(ctx, (tx) => {
      for (const row of found) store.addFreshest(tx.db, row);
      store.walkOn(tx.db, WALK, last);
    });
  }
}
