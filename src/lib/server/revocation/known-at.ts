// "Apa yang kita ketahui pada …?": answered from facts alone: events of the certificate, objects in the order in which they
// were accepted, spans in which they were confirmed. What we learned only later is said as such, and changes nothing of
// what was known.
import { dateTime } from '#lib/format.ts';
import { labelTerm, revocationWord, revokedSince } from '#lib/status-words.ts';
import type { CertificateLabel } from '#lib/terms.ts';
import * as certificates from '../certificates/index.ts';
import type { Context } from '../context.ts';
import * as settings from '../settings/index.ts';
import { restedOn } from './belief-at.ts';
import { freshUntil } from './decide.ts';
import * as store from './store.ts';

export type EvidenceThen = {
  id: string;
  kind: 'crl' | 'ocsp';
  issuerName: string;
  crlNumber: string | null;
  thisUpdate: number;
  nextUpdate: number | null;
  acceptedAt: number;
  /** The last confirmation that we had then. */
  confirmedAt: number;
};

export type KnownAt = {
  at: number;
  /** false: this record did not exist yet. */
  known: boolean;
  knownFrom: number;
  label: CertificateLabel | null;
  word: string;
  facets: {
    chain: certificates.Facets['chain'];
    revocation: certificates.Facets['revocation'];
    time: string;
    freshness: string;
  };
  reason: number | null;
  revokedAt: number | null;
  invalidityAt: number | null;
  source: 'crl' | 'ocsp' | 'none';
  confirmedAt: number | null;
  freshUntil: number | null;
  evidence: EvidenceThen | null;
  /** Facts about a time up to then that we learned only afterwards. */
  notYet: { text: string; knownFrom: number; evidenceId: string | null }[];
};

/** @throws AppError not_found */
export function knownAt(ctx: Context, certificateId: string, at: number): KnownAt {
  const row = certificates.get(ctx, certificateId);
  const events = store.statusEvents(ctx.db, certificateId);
  const before = events.filter((event) => event.at <= at);
  const last = (facet: string) => before.filter((event) => event.facet === facet).at(-1);
  const first = (facet: string) => events.find((event) => event.facet === facet)?.from;
  const belief = last('revocation');
  const chain = (last('chain')?.to ?? first('chain') ?? row.chain) as certificates.Facets['chain'];
  const revocation = (belief?.to ?? first('revocation') ?? row.revocation) as certificates.Facets['revocation'];
  const isLast = belief === events.findLast((event) => event.facet === 'revocation');
  const ground = belief && restedOn(ctx, certificateId, belief, { at, held: isLast ? row.evidenceId : null });
  const evidence = ground ? then(ctx, ground, at) : null;
  const until = evidence ? freshUntil({ source: evidence.kind, ...evidence }, settings.get(ctx, 'freshness')) : null;
  const facets: certificates.Facets = {
    fingerprint: row.fingerprint,
    notBefore: row.notBefore,
    notAfter: row.notAfter,
    chain,
    revocation,
    confirmedAt: evidence?.confirmedAt ?? null,
    nextUpdate: evidence?.nextUpdate ?? null,
    freshUntil: until,
    authorityId: row.authorityId,
    // A successor is a relation of today; what was known of revocation does not depend on it.
    supersededById: null,
  };
  const known = row.addedAt <= at;
  const label = known ? certificates.labelOf(facets, at, certificates.policy(ctx, at)) : null;
  const number = (name: string) => (typeof belief?.detail[name] === 'number' ? (belief.detail[name] as number) : null);
  const source = evidence?.kind ?? 'none';
  const revokedAt = number('revokedAt');
  return {
    at,
    known,
    knownFrom: row.addedAt,
    label,
    word: label ? labelTerm(label, { revocation, revocationSource: source, revokedAt }).word : 'Belum tercatat',
    facets: {
      chain,
      revocation,
      time: certificates.timeFacet(facets, at),
      freshness: certificates.freshness(facets, at),
    },
    reason: number('reason'),
    revokedAt,
    invalidityAt: number('invalidityAt'),
    source,
    confirmedAt: facets.confirmedAt,
    freshUntil: until,
    evidence,
    notYet: learnedLater(row, events, at),
  };
}

/** Objects that stood for a certificate at an instant: the newest of each line of its issuer, and its newest answer. */
export function evidenceAt(ctx: Context, certificateId: string, at: number): EvidenceThen[] {
  certificates.get(ctx, certificateId);
  const { issuerKey } = store.checkedById(ctx.db, certificateId)!;
  const order = store.orderAt(ctx.db, at);
  const lists = issuerKey ? store.newestOfLines(ctx.db, issuerKey, order) : [];
  const answer = store.answerBefore(ctx.db, certificateId, order);
  const rows = [
    ...lists.flatMap(({ complete, delta }) => (delta ? [complete, delta] : [complete])),
    ...(answer ? [answer] : []),
  ];
  return rows.map((row) => then(ctx, row, at));
}

function then(ctx: Context, row: store.EvidenceRow, at: number): EvidenceThen {
  const { id, kind, issuerName, crlNumber, thisUpdate, nextUpdate, acceptedAt } = row;
  const confirmedAt = store.confirmationAt(ctx.db, id, at) ?? thisUpdate;
  return { id, kind, issuerName, crlNumber, thisUpdate, nextUpdate, acceptedAt, confirmedAt };
}

/** Changes that became known after the instant although they speak about a time before it. */
function learnedLater(
  row: { addedAt: number },
  events: readonly store.StatusEventRow[],
  at: number,
): KnownAt['notYet'] {
  return events
    .filter((event) => event.at > at && event.facet === 'revocation')
    .flatMap((event) => {
      const { source, revokedAt, invalidityAt } = event.detail;
      const said = { status: event.to, source, revokedAt };
      const since = revokedSince(said);
      const past = (when: unknown): when is number => typeof when === 'number' && when <= at;
      // The instant of revocation and the one from which the key is doubted are two facts (RFC 5280 §5.3.2).
      const facts = [
        ...(past(since) ? [`${revocationWord(said)} sejak ${dateTime(since)}`] : []),
        ...(past(invalidityAt) ? [`kunci diragukan sejak ${dateTime(invalidityAt)}`] : []),
      ];
      if (!facts.length) return [];
      const text = `Menurut penerbit ${facts.join('; ')}. Baru kita ketahui ${dateTime(event.at)}.`;
      return [{ text, knownFrom: Math.max(event.at, row.addedAt), evidenceId: event.evidenceId }];
    });
}
