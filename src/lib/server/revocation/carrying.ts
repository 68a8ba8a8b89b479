// CRLs and OCSP responses carried by hand, for a server room without Internet: the same rules, counting the same
// (certificate-status §6).
import { number, serial as serialText } from '#lib/format.ts';
import * as audit from '../audit/index.ts';
import { openEvidence } from '../containers/index.ts';
import { transact, type Context } from '../context.ts';
import { demand } from '../permission.ts';
import { applyIssuer, applyOne } from './applying.ts';
import { acceptedWords, type Accepted } from './carried-words.ts';
import { isFrozen } from './clock.ts';
import { toDer } from './crl.ts';
import { Issuers } from './issuers.ts';
import { isReadable, keysOf } from './list-reading.ts';
import { readResponse } from './ocsp.ts';
import { UNSIGNED } from './ocsp-acceptance.ts';
import { refusalWords, type RefusalCode } from './refusals.ts';
import * as store from './store.ts';
import { refuse, takeList, type Taken } from './taking.ts';
import { answerRules, subjectsOf, takeAnswer } from './taking-answer.ts';
import { countResting } from './views-store.ts';

export type Given = {
  name: string;
  bytes: Uint8Array;
  /** Key of the person who brought it, when jobs do the work. */
  by?: string;
};

export type Carried = {
  name: string;
  kind: 'crl' | 'ocsp' | null;
  accepted: boolean;
  /** Whether the same bytes were known already. */
  known: boolean;
  evidenceIds: string[];
  text: string;
  clause: string | null;
  changed: number;
};

/**
 * Everything in a file: a CRL, an OCSP response, or a bundle of them (PEM, PKCS#7, ZIP), one result each. A file with a
 * private key is refused and nothing of it kept.
 */
export async function addEvidenceFile(ctx: Context, { name, bytes, by }: Given): Promise<Carried[]> {
  demand(ctx.actor, 'evidence.add');
  const carried: Carried[] = [];
  for (const part of await openEvidence({ name, bytes }))
    carried.push(
      'der' in part
        ? await addEvidence(ctx, { name: part.name, bytes: part.der, by })
        : unopened(part.name, part.reason),
    );
  return carried;
}

/** Of a file, or a part of one, in which nothing was looked for. */
export const unopened = (name: string, text: string): Carried => ({
  name,
  kind: null,
  accepted: false,
  known: false,
  evidenceIds: [],
  text,
  clause: null,
  changed: 0,
});

/** One CRL or OCSP response carried by hand: the same rules as for a fetched one, counting the same. */
export async function addEvidence(ctx: Context, input: Given): Promise<Carried> {
  demand(ctx.actor, 'evidence.add');
  const bytes = toDer(input.bytes);
  const issuers = Issuers.read(ctx.db);
  const from = { sourceId: null, origin: 'uploaded' as const, name: input.name.slice(0, 200), by: input.by };
  const subjects = subjectsOf(ctx, bytes, issuers);
  const kind = subjects === null ? 'crl' : 'ocsp';
  const taken: [issuerKey: string, taken: Taken][] = [];
  if (subjects === null)
    for (const key of keysOf(ctx, bytes, issuers)) taken.push([key, await takeList(ctx, bytes, key, from, issuers)]);
  for (const id of subjects ?? []) {
    const question = { certificateId: id, nonce: null };
    taken.push([
      store.checkedById(ctx.db, id)!.issuerKey!,
      // In one transaction: what jobs accept meanwhile about the same certificate is not overwritten by what is older.
      transact(ctx, (tx) => takeAnswer(tx, bytes, question, from, answerRules(tx, issuers))),
    ]);
  }
  if (taken.length === 0) taken.push(['', refuse(ctx, kind, bytes, refusalOf(kind, bytes), from)]);
  const good = taken.flatMap(([key, t]) => (t.outcome === 'refused' ? [] : [{ key, ...t }]));
  let changed = 0;
  if (kind === 'crl') for (const { key } of good) changed += (await applyIssuer(ctx, key)).changed;
  else for (const id of good.length ? new Set(subjects) : []) changed += applyOne(ctx, id).changed;
  transact(ctx, (tx) =>
    audit.record(tx, {
      action: 'evidence.added',
      targets: good.map((g) => ['evidence', g.evidenceId] as const),
      personal: { name: from.name },
      details: { accepted: good.length ? 1 : 0, refused: good.length ? 0 : 1, changed },
    }),
  );
  return {
    name: input.name,
    ...outcomeOf(
      kind,
      taken.map(([, t]) => t),
      {
        waiting: isFrozen(ctx),
        used: good.some((one) => isUsed(ctx, one, issuers)),
        hinted: store.hintedBy(
          ctx.db,
          good.map((g) => g.evidenceId),
        ),
      },
    ),
    changed,
  };
}

/** An answer without content is a refusal of the responder (RFC 6960 §4.2.1). */
function unsigned(bytes: Buffer): RefusalCode | null {
  const { outerStatus } = readResponse(bytes);
  return outerStatus === 0 ? null : (UNSIGNED[outerStatus] ?? 'unreadable');
}

/** Why an object that is about nothing of ours was refused. */
const refusalOf = (kind: 'crl' | 'ocsp', bytes: Buffer): RefusalCode =>
  kind === 'ocsp' ? (unsigned(bytes) ?? 'not_about_this') : isReadable(bytes) ? 'issuer_unknown' : 'unreadable';

const FEW = 5;

/** Whom a list names that does not decide about them. */
function hintWords(serials: readonly string[]): string {
  if (serials.length === 0) return '';
  const some = serials.slice(0, FEW).map(serialText).join(', ');
  const rest = serials.length > FEW ? ` dan ${number(serials.length - FEW)} lainnya` : '';
  return `Di dalamnya tercantum sertifikat kita yang mungkin dicabut dan perlu dicek manual: nomor seri ${some}${rest}. Statusnya tidak berubah; pertanyaan kepada penerbit ada di Pekerjaan.`;
}

/** Whether anybody's status rests on it; lists about CA certificates are asked by the paths below them. */
const isUsed = (ctx: Context, { key, evidenceId }: { key: string; evidenceId: string }, issuers: Issuers): boolean =>
  issuers.issuedBy(key).length > 0 || countResting(ctx.db, evidenceId) > 0;

function outcomeOf(
  kind: 'crl' | 'ocsp',
  taken: readonly Taken[],
  { hinted, ...follows }: Pick<Accepted, 'waiting' | 'used'> & { hinted: readonly string[] },
): Omit<Carried, 'name' | 'changed'> {
  const good = taken.flatMap((t) => (t.outcome === 'refused' ? [] : [t]));
  if (good.length) {
    const known = good.every((g) => g.outcome === 'same');
    const words = acceptedWords({ kind, known, remarks: good.flatMap((g) => g.remarks), ...follows });
    const text = [words, hintWords(hinted)].filter(Boolean).join(' ');
    return { kind, accepted: true, known, evidenceIds: good.map((g) => g.evidenceId), text, clause: null };
  }
  const codes = taken.flatMap((t) => (t.outcome === 'refused' ? [t.code] : []));
  // With several candidate issuers the refusal that came furthest tells most.
  const code = codes.find((c) => c !== 'issuer_unknown') ?? codes[0] ?? 'issuer_unknown';
  const { clause, text: why } = refusalWords(kind, code);
  const hints = new Set(taken.flatMap((t) => (t.outcome === 'refused' ? (t.hints ?? []) : [])));
  const text = [why, hintWords([...hints])].filter(Boolean).join(' ');
  return { kind: code === 'unreadable' ? null : kind, accepted: false, known: false, evidenceIds: [], text, clause };
}
