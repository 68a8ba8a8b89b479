// What matching finds over all certificates that wait: proposals, and cases for a person to decide. Computed, never
// stored; a case goes away when its cause does.
import { createHash } from 'node:crypto';
import type { Db } from '../db/index.ts';
import { verdictOf, type Bearer, type Verdict } from './match-verdict.ts';
import * as store from './match-store.ts';
import { likeness, skeleton, type Likeness } from './name-likeness.ts';

export type Proposal = {
  certificate: store.Waiting;
  holderId: string;
  /** The holder's own agency, else the certificate's. */
  agencyId: string | null;
  why: 'name' | 'agency' | 'tenure';
};
/** One decision: a certificate whose name several people bear, or all certificates of one unknown name. */
export type Case = {
  /** Id of its first certificate. */
  id: string;
  kind: 'namesakes' | 'unknown';
  name: string;
  agencyId: string | null;
  certificates: store.Waiting[];
  holderIds: string[];
};
export type Survey = { proposals: Proposal[]; cases: Case[] };

const NOBODY: ReadonlySet<string> = new Set();

export function survey(
  db: Db,
  scope: 'all' | readonly string[],
  only: { id?: string; importId?: string } = {},
): Survey {
  const rows = store.waiting(db, scope, only);
  if (!rows.length) return { proposals: [], cases: [] };
  const byName = store.bearers(
    db,
    rows.map((row) => row.key),
  );
  const refused = store.refusals(db);
  const proposals: Proposal[] = [];
  const unknown = new Map<string, Case>();
  const cases: Case[] = [];
  for (const certificate of rows) {
    const verdict = verdictFor(certificate, byName, refused);
    if (verdict.kind === 'proposal') {
      const { holderId, why } = verdict;
      const bearer = byName.get(certificate.key)!.find((one) => one.holderId === holderId);
      proposals.push({ certificate, holderId, why, agencyId: bearer?.agencyId ?? certificate.agencyId });
      continue;
    }
    const { id, commonName: name, agencyId } = certificate;
    if (verdict.kind === 'namesakes') {
      cases.push({ id, kind: 'namesakes', name, agencyId, certificates: [certificate], holderIds: verdict.holderIds });
      continue;
    }
    const group = `${certificate.key}|${agencyId ?? ''}`;
    const same = unknown.get(group);
    if (same) same.certificates.push(certificate);
    else {
      const fresh: Case = { id, kind: 'unknown', name, agencyId, certificates: [certificate], holderIds: [] };
      unknown.set(group, fresh);
      cases.push(fresh);
    }
  }
  return { proposals, cases };
}

export const verdictFor = (
  certificate: store.Waiting,
  byName: ReadonlyMap<string, Bearer[]>,
  refused: ReadonlyMap<string, Set<string>>,
): Verdict => verdictOf(certificate, byName.get(certificate.key) ?? [], refused.get(certificate.id) ?? NOBODY);

/** SHA-256 over pairs of certificate and holder: what a person saw is what is accepted, and what the trail commits to. */
export function ledgerOf(proposals: readonly Proposal[]): string {
  const hash = createHash('sha256');
  for (const { certificate, holderId } of proposals) hash.update(`${certificate.id} ${holderId}\n`);
  return hash.digest('hex');
}

export type Fit = { holderId: string; score: number; why: Likeness[] };

/**
 * A finder of people whose name is like one given. Words are looked up by the beginning of their sound, so that a
 * register of many thousands is not compared name by name.
 */
export function fitFinder(byName: ReadonlyMap<string, readonly string[]>): (key: string, cnLength: number) => Fit[] {
  const keysBySound = new Map<string, string[]>();
  for (const key of byName.keys()) {
    for (const word of new Set(key.split(' ').map(sound))) {
      const keys = keysBySound.get(word);
      if (keys) keys.push(key);
      else keysBySound.set(word, [key]);
    }
  }
  return (key, cnLength) => {
    const shared = new Map<string, number>();
    for (const word of new Set([...key.split(' '), key.replaceAll(' ', '')].map(sound))) {
      for (const other of keysBySound.get(word) ?? []) shared.set(other, (shared.get(other) ?? 0) + 1);
    }
    const near = [...shared].sort((a, b) => b[1] - a[1]).slice(0, 400);
    const fits = new Map<string, Fit>();
    for (const [other] of near) {
      const like = likeness(key, other, cnLength);
      if (!like) continue;
      for (const holderId of byName.get(other)!) {
        const known = fits.get(holderId);
        if (!known || known.score < like.score) fits.set(holderId, { holderId, ...like });
      }
    }
    return [...fits.values()].sort((a, b) => b.score - a.score || a.holderId.localeCompare(b.holderId));
  };
}

const sound = (word: string) => skeleton(word).slice(0, 3);
