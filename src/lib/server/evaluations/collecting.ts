// Takes the measures of one round: one pass over each kind of row for all agencies, then only what changed is written.
// Idempotent: the same rows give the same measures, proposals and no entry in the trail.
import { createHash } from 'node:crypto';
import * as audit from '../audit/index.ts';
import { period as periodOf } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import * as settings from '../settings/index.ts';
import { criteriaSet, measured, type Criterion } from './criteria.ts';
import { certificateRules, obligationOnTime, reportedOnTime, revocationSeen } from './facts.ts';
import { standing } from './follow-up.ts';
import * as findingStore from './finding-store.ts';
import * as population from './population.ts';
import * as store from './store.ts';
import type { Round, SheetWithAgency } from './store.ts';
import { Tallies, type Counted } from './tally.ts';
import { roundState } from './views.ts';

/** Nothing while its closing waits or is done, also when that came after the caller looked. @returns how many measures changed */
export function collectRound(ctx: Context, round: Round): number {
  const now = ctx.now();
  const criteria = criteriaSet(round.criteriaVersion);
  return transact(ctx, (tx) => {
    if (roundState(store.roundById(tx.db, round.id)!) !== 'open') return 0;
    const sheets = store.sheetsOf(tx.db, round.id, 'all');
    const count = counts(tx, round, now);
    const before = new Map(
      store
        .measuresOf(
          tx.db,
          sheets.map((s) => s.id),
        )
        .map((m) => [`${m.sheetId} ${m.criterion}`, m]),
    );
    const asOfSize = audit.head(tx).size;
    const ledger = createHash('sha256');
    let changed = 0;
    for (const sheet of sheets) {
      for (const criterion of criteria) {
        const counted = count(sheet.agencyId, criterion);
        const outcome = measured(criterion, sheet.agency.kind, counted);
        const last = before.get(`${sheet.id} ${criterion.code}`);
        const { numerator, denominator, rowsHash, misses } = counted;
        if (
          last &&
          last.rowsHash === rowsHash &&
          last.result === outcome.result &&
          last.numerator === numerator &&
          last.denominator === denominator
        ) {
          continue;
        }
        store.replaceMeasure(tx.db, {
          sheetId: sheet.id,
          criterion: criterion.code,
          numerator,
          denominator,
          ...outcome,
          rowsHash,
          misses,
          collectedAt: now,
          asOfSize,
        });
        ledger.update(
          `${sheet.agency.code} ${criterion.code} ${numerator}/${denominator} ${outcome.result} ${rowsHash}\n`,
        );
        changed += 1;
      }
    }
    if (changed) {
      audit.record(tx, {
        action: 'evaluation.collected',
        targets: [['round', round.id]],
        details: { code: round.code, count: changed, ledger: ledger.digest('hex') },
      });
    }
    store.updateRound(tx.db, round.id, { collectedAt: now });
    propose(tx, round, criteria, sheets);
    return changed;
  });
}

/** Counts everything once; answers for any agency and criterion. */
function counts(ctx: Context, round: Round, now: number): (agencyId: string, criterion: Criterion) => Counted {
  const tallies = new Tallies();
  const window = periodOf(round.period)!;
  const [from, to] = [window.start, Math.min(window.end, now)];
  for (const row of population.certificates(ctx.db)) {
    for (const [code, rule] of Object.entries(certificateRules)) {
      tallies.add(row.agencyId, code, ['certificate', row.id], rule(row, now));
    }
  }
  const limit = settings.get(ctx, 'incidentClocks').revocationSeen;
  for (const row of population.revocations(ctx.db, from, to)) {
    tallies.add(row.agencyId, 'revocation_seen', ['revocation', row.id], revocationSeen(row, limit, now));
  }
  for (const row of population.incidentTimes(ctx.db, from, to)) {
    tallies.add(
      row.agencyId,
      'incident_reporting',
      ['incident', row.id],
      reportedOnTime(row.detectedAt, row.reportedAt),
    );
  }
  for (const row of population.obligations(ctx.db, from, to)) {
    tallies.add(row.agencyId, 'incident_reporting', ['obligation', row.id], obligationOnTime(row, now));
  }
  countFollowUp(ctx, tallies, round, now);
  const withRecords = population.agenciesWithRecords(ctx.db);
  return (agencyId, criterion) => {
    const counted = tallies.get(agencyId, criterion.code);
    const empty = criterion.source === 'certificates' && !withRecords.has(agencyId);
    return empty ? { ...counted, unknown: counted.unknown + 1 } : counted;
  };
}

/** Earlier findings whose due date has come, or that were settled before it. */
function countFollowUp(ctx: Context, tallies: Tallies, round: Round, now: number): void {
  const steps = findingStore.stepsBy(ctx.db);
  const earlier = findingStore.findings(ctx.db, 'all').filter((f) => f.roundId !== round.id);
  for (const row of earlier.reverse()) {
    const { onTime } = standing(row.dueOn, steps.get(row.id) ?? [], now);
    if (onTime !== null) tallies.add(row.agencyId, 'follow_up', ['finding', row.number], onTime ? 'met' : 'missed');
  }
}

/** Usulan temuan: one for each agency and criterion that is not fully met; ended when the signal goes away. */
function propose(ctx: Context, round: Round, criteria: readonly Criterion[], sheets: readonly SheetWithAgency[]): void {
  const now = ctx.now();
  const known = findingStore.proposalsOf(ctx.db, 'evaluation', round.id);
  const measures = new Map(
    store
      .measuresOf(
        ctx.db,
        sheets.map((s) => s.id),
      )
      .map((m) => [`${m.sheetId} ${m.criterion}`, m]),
  );
  let raised = 0;
  for (const sheet of sheets) {
    for (const criterion of criteria) {
      if (!criterion.finding) continue;
      const measure = measures.get(`${sheet.id} ${criterion.code}`);
      const speaks = measure?.result === 'partial' || measure?.result === 'nonconform';
      const last = known.get(`${sheet.agencyId} ${criterion.code}`);
      if (last?.decision) continue;
      if (!speaks) {
        if (last && last.endedAt === null) findingStore.updateProposal(ctx.db, last.id, { endedAt: now });
        continue;
      }
      const content = {
        title: criterion.finding.title,
        condition: condition(criterion, measure),
        rows: measure.misses,
      };
      if (!last) {
        findingStore.insertProposal(ctx.db, {
          agencyId: sheet.agencyId,
          sourceRoom: 'evaluation',
          sourceId: round.id,
          rule: criterion.code,
          criterion: criterion.code,
          ...content,
          raisedAt: now,
        });
        raised += 1;
      } else if (last.endedAt !== null || last.condition !== content.condition) {
        findingStore.updateProposal(ctx.db, last.id, { ...content, endedAt: null });
      }
    }
  }
  if (raised) {
    audit.record(ctx, {
      action: 'finding.proposed',
      targets: [['round', round.id]],
      details: { code: round.code, count: raised },
    });
  }
}

const condition = (criterion: Criterion, measure: { numerator: number; denominator: number }): string =>
  `${measure.numerator} dari ${measure.denominator}: ${criterion.counted}; ${measure.denominator - measure.numerator} belum memenuhi.`;
