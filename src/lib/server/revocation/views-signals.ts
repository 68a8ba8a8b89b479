// Conflicts, early removals and the like as work: the list, one with its story and its evidence, the question to the
// issuer. Settling them is a verb of the room's door.
import { dateTime, shortHash } from '#lib/format.ts';
import { signalKinds } from '#lib/terms.ts';
import type { Context } from '../context.ts';
import { notFound } from '../errors.ts';
import { demand } from '../permission.ts';
import * as settings from '../settings/index.ts';
import {
  ASKS_ISSUER,
  authorityFacts,
  detailOf,
  MAY_BE_INCIDENT,
  questionText,
  sidesOf,
  storyOf,
} from './signal-words.ts';
import * as store from './store.ts';
import { numberWord } from './views-decode.ts';
import { signalCounts, signalOf, signalPage, type ListedSignal, type SignalFilter } from './views-store.ts';

export type SignalKind = keyof typeof signalKinds;
export const SIGNAL_KINDS = Object.keys(signalKinds) as SignalKind[];

/** One page of signals with how many there are of each kind in the state asked for. */
export function signalList(ctx: Context, filter: SignalFilter & { state: 'open' | 'settled' }) {
  demand(ctx.actor, 'revocation.view');
  const limit = filter.limit ?? 50;
  const rows = signalPage(ctx.db, { ...filter, limit: limit + 1 });
  const counts = signalCounts(ctx.db);
  const of = (state: 'open' | 'settled') => counts.filter((row) => (row.settled === 1) === (state === 'settled'));
  const sum = (state: 'open' | 'settled') => of(state).reduce((total, row) => total + row.n, 0);
  return {
    rows: rows.slice(0, limit).map((row) => ({ ...row, ...authorityFacts(row.detail), story: storyOf(row) })),
    next: rows.length > limit ? rows[limit - 1]!.id : null,
    states: { open: sum('open'), settled: sum('settled') },
    kinds: Object.fromEntries(of(filter.state).map((row) => [row.kind, row.n])) as Partial<Record<SignalKind, number>>,
  };
}

/** One signal with its story, what it rests on and what may be done. @throws AppError not_found */
export function signal(ctx: Context, id: string) {
  demand(ctx.actor, 'revocation.view');
  const found = signalOf(ctx.db, id);
  if (!found) throw notFound('Peringatan ini tidak ada.');
  const row = { ...found, ...authorityFacts(found.detail) };
  const evidence = evidenceAbout(ctx, row);
  return {
    ...row,
    story: storyOf(row),
    evidence,
    incident: MAY_BE_INCIDENT.includes(row.kind) && row.certificateId !== null,
    question: ASKS_ISSUER.includes(row.kind)
      ? questionText({
          kind: row.kind,
          detail: row.detail,
          at: row.at,
          issuerName: row.issuerName ?? evidence[0]?.issuerName ?? 'penerbit sertifikat',
          commonName: row.commonName,
          serial: row.serial,
          evidence: evidence.map(
            (e) => `${e.text} (${e.role[0]!.toLowerCase()}${e.role.slice(1)}), SHA-256 ${e.sha256}`,
          ),
          office: settings.get(ctx, 'office').name,
        })
      : null,
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
      text: `CRL${typeof number === 'string' ? ` nomor ${numberWord(number)}` : ''} terbit ${dateTime(thisUpdate)}, ditolak`,
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
  const told = sides ? [sides.revoking.evidenceId, sides.good.evidenceId] : [row.evidenceId, answer];
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
            : held.id === row.evidenceId
              ? 'Yang menimbulkan'
              : held.id === current
                ? 'Dasar status sekarang'
                : 'Jawaban OCSP',
      text: `${held.kind === 'crl' ? `CRL${held.crlNumber === null ? '' : ` nomor ${numberWord(held.crlNumber)}`}` : 'Jawaban OCSP'} terbit ${dateTime(held.thisUpdate)}`,
      short: shortHash(held.sha256),
    }));
  return [...refusedOf(row), ...held];
}
