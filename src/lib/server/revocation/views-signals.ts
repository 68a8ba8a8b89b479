// Conflicts, early removals and the like as work: the list, one with its story and its evidence, the question to the
// issuer. Settling them is a verb of the room's door.
import { dateTime, midSentence, number, serialDecimal, shortHash } from '#lib/format.ts';
import { isNeverIssued, revocationWord, saidOf } from '#lib/status-words.ts';
import { signalKinds } from '#lib/terms.ts';
import type { Context } from '../context.ts';
import { notFound } from '../errors.ts';
import { demand } from '../permission.ts';
import { evidenceName } from './evidence-name.ts';
import * as settings from '../settings/index.ts';
import {
  asksIssuer,
  authorityFacts,
  detailOf,
  MAY_BE_INCIDENT,
  objectOf,
  questionText,
  renumberedIn,
  codedReason,
  sidesOf,
  storyOf,
} from './signal-words.ts';
import { isUndecided } from './renumbering.ts';
import * as store from './store.ts';
import {
  countAlike,
  signalCounts,
  signalGroups,
  signalOf,
  signalPage,
  signalReasons,
  type ListedSignal,
  type SignalFilter,
} from './views-store.ts';

export type SignalKind = keyof typeof signalKinds;
export const SIGNAL_KINDS = Object.keys(signalKinds) as SignalKind[];

/** So many names stand for what one object raised. */
const NAMES = 3;

/**
 * One page of signals with how many there are of each kind in the state asked for. What one object raised about several
 * certificates is one row with its number, unless that object is asked for.
 */
export function signalList(ctx: Context, filter: SignalFilter & { state: 'open' | 'settled' }) {
  demand(ctx.actor, 'revocation.view');
  const limit = filter.limit ?? 50;
  const groups = filter.evidenceId
    ? signalPage(ctx.db, { ...filter, limit: limit + 1 }).map(({ id }) => ({ id, n: 1 }))
    : signalGroups(ctx.db, { ...filter, limit: limit + 1 });
  const counts = signalCounts(ctx.db);
  const of = (state: 'open' | 'settled') => counts.filter((row) => (row.settled === 1) === (state === 'settled'));
  const sum = (state: 'open' | 'settled') => of(state).reduce((total, row) => total + row.n, 0);
  return {
    rows: groups.slice(0, limit).map(({ id, n }) => {
      const row = asItStands(ctx, signalOf(ctx.db, id)!);
      const named = { ...row, ...authorityFacts(row.detail) };
      return {
        ...named,
        n,
        story: storyOf(row),
        by: raisedBy(ctx, row),
        ...(n > 1 ? together(ctx, row, filter) : alone(named)),
      };
    }),
    /** How many the object raised that was asked for. */
    alike: filter.evidenceId ? countAlike(ctx.db, filter) : 0,
    next: groups.length > limit ? groups[limit - 1]!.id : null,
    states: { open: sum('open'), settled: sum('settled') },
    kinds: Object.fromEntries(of(filter.state).map((row) => [row.kind, row.n])) as Partial<Record<SignalKind, number>>,
  };
}

/** Of what one object raised: who, and why they are out of use. */
function together(ctx: Context, { kind, evidenceId }: ListedSignal, { state }: SignalFilter) {
  const alike = { kind, evidenceId: evidenceId!, state };
  const names = signalPage(ctx.db, { ...alike, limit: NAMES }).map(
    (row) => authorityFacts(row.detail)?.commonName ?? row.commonName ?? 'sumber',
  );
  return {
    names,
    revoked: signalReasons(ctx.db, alike).map(({ reason, n }) => `${number(n)} ${codedReason(reason)}`),
  };
}

function alone({ commonName, issuerName, reason, revokedAt, ...row }: ListedSignal) {
  const isOut =
    row.revocation === 'revoked' || (row.revocation === 'on_hold' && !isNeverIssued(said({ ...row, revokedAt })));
  return {
    names: [commonName ?? issuerName ?? 'sumber'],
    revoked: isOut ? [`${codedReason(reason)}${revokedAt === null ? '' : `, sejak ${dateTime(revokedAt)}`}`] : [],
  };
}

/** What is said of revocation now; of a list nothing. */
const said = (row: Pick<ListedSignal, 'revocation' | 'revocationSource' | 'revokedAt'>) =>
  saidOf({ ...row, revocation: row.revocation ?? '' });

/** The object that raised it: accepted, or refused and kept. */
function raisedBy(ctx: Context, row: ListedSignal): { href: string; text: string } | null {
  const held = row.evidenceId ? store.evidenceById(ctx.db, row.evidenceId) : undefined;
  if (held) return { href: `/evidence/${held.id}`, text: evidenceName(held) };
  const [refused] = refusedOf(row);
  return refused ? { href: refused.href, text: refused.text } : null;
}

/** Whom a list dropped before its time may be listed again: that is said with it, and a person judges it all the same. */
function asItStands({ db }: Context, row: ListedSignal): ListedSignal {
  if (row.kind !== 'early_removal' || row.serial === null || row.evidenceId === null) return row;
  const dropped = store.evidenceById(db, row.evidenceId);
  const listing = dropped && store.listingOf(db, dropped, row.serial);
  const list = listing?.removedEvidenceId === null && store.evidenceById(db, listing.evidenceId);
  return list ? { ...row, detail: JSON.stringify({ ...detailOf(row.detail), listedBy: evidenceName(list) }) } : row;
}

/** One signal with its story, what it rests on and what may be done. @throws AppError not_found */
export function signal(ctx: Context, id: string) {
  demand(ctx.actor, 'revocation.view');
  const found = signalOf(ctx.db, id);
  if (!found) throw notFound('Peringatan ini tidak ada.');
  const row = { ...asItStands(ctx, found), ...authorityFacts(found.detail) };
  const evidence = evidenceAbout(ctx, row);
  return {
    ...row,
    story: storyOf(row),
    /** The revocation status of its certificate now, in words. */
    status: row.revocation && revocationWord(said(row)),
    evidence,
    renumbering: renumberingOf(ctx, row),
    /** What the trail tells of besides: the certificate, or the list. */
    object: objectOf(row),
    incident: MAY_BE_INCIDENT.includes(row.kind) && row.certificateId !== null,
    question: asksIssuer(row)
      ? questionText({
          kind: row.kind,
          detail: row.detail,
          at: row.at,
          issuerName: row.issuerName ?? evidence[0]?.issuerName ?? 'penerbit sertifikat',
          commonName: row.commonName,
          serial: row.serial,
          evidence: evidence.map((e) => `${e.text} (${midSentence(e.role)}), SHA-256 ${e.sha256}`),
          office: settings.get(ctx, 'office').name,
        })
      : null,
  };
}

/** What would change if the numbering of a list began anew, by name; null: the signal is about something else. */
function renumberingOf(ctx: Context, { detail }: ListedSignal) {
  const { db } = ctx;
  const found = renumberedIn(detail);
  const issuerKey = found ? store.evidenceById(db, found.head)?.issuerKey : undefined;
  if (!found || !issuerKey) return null;
  const named = ({ count, serials }: typeof found.revoked) => ({
    count,
    names: serials.map((serial) => {
      const [id = null] = store.idsOf(db, issuerKey, serial);
      return { serial, id, commonName: id === null ? null : (store.nameOf(db, id)?.commonName ?? null) };
    }),
  });
  const { known, isDelta, entries, revoked, held, come } = found;
  const { sha256, number } = detailOf(detail);
  return {
    /** Hash of the list by which this was reckoned. */
    shown: String(sha256),
    number: String(number),
    known,
    isDelta,
    entries,
    undecided: isUndecided(ctx, detail),
    revoked: named(revoked),
    held: named(held),
    come: named(come),
  };
}

/** The unusable list that a hint is about, or one of two with the same number: kept among the refused objects. */
function refusedOf({ kind, evidenceId, detail }: ListedSignal) {
  const { refused, issuer, sha256, number, thisUpdate } = detailOf(detail);
  const id = kind === 'hint' ? evidenceId : refused;
  if (typeof id !== 'string' || typeof sha256 !== 'string' || typeof thisUpdate !== 'number') return [];
  return [
    {
      id,
      href: `/sources/refused/${id}`,
      kind: 'crl' as const,
      issuerName: String(issuer),
      sha256,
      role: 'Yang menimbulkan',
      text: `CRL${typeof number === 'string' ? ` nomor ${serialDecimal(number)}` : ''} terbit ${dateTime(thisUpdate)}, ditolak`,
      short: shortHash(sha256),
    },
  ];
}

/** What raised it, what the status rests on, and the OCSP answer held besides: each once, newest first. */
function evidenceAbout(ctx: Context, row: ListedSignal) {
  const current = row.certificateId ? store.checkedById(ctx.db, row.certificateId)?.state.evidenceId : null;
  const answer = row.certificateId ? store.answerOf(ctx.db, row.certificateId)?.evidenceId : null;
  // Of two that speak against each other just those; what the responder says since is another matter.
  const sides = row.kind === 'conflict' ? sidesOf(detailOf(row.detail)) : null;
  const told = sides ? [sides.revoking.evidenceId, sides.good.evidenceId] : [objectOf(row), answer];
  const ids = new Set([...told, current].filter((id): id is string => !!id));
  const held = [...ids]
    .flatMap((id) => store.evidenceById(ctx.db, id) ?? [])
    .sort((a, b) => b.thisUpdate - a.thisUpdate)
    .map((held) => ({
      id: held.id,
      href: `/evidence/${held.id}`,
      kind: held.kind,
      issuerName: held.issuerName,
      sha256: held.sha256,
      role:
        held.id === sides?.revoking.evidenceId
          ? 'Mengatakan dicabut'
          : held.id === sides?.good.evidenceId
            ? 'Mengatakan tidak dicabut'
            : held.id === objectOf(row)
              ? renumberedIn(row.detail)
                ? 'Yang dipegang'
                : 'Yang menimbulkan'
              : held.id === current
                ? 'Dasar status sekarang'
                : 'Jawaban OCSP',
      text: `${held.kind === 'crl' ? `CRL${held.crlNumber === null ? '' : ` nomor ${serialDecimal(held.crlNumber)}`}` : 'Jawaban OCSP'} terbit ${dateTime(held.thisUpdate)}`,
      short: shortHash(held.sha256),
    }));
  return [...refusedOf(row), ...held];
}
