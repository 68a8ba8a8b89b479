// What waits for whom: computed, never stored. The office sees one line for many sheets; an agency sees its own.
import * as audit from '../audit/index.ts';
import { DAY, endOfDay, period as periodOf, semesterOf } from '../calendar.ts';
import type { Context } from '../context.ts';
import { can, scope } from '../permission.ts';
import * as settings from '../settings/index.ts';
import type { Task } from '../work.ts';
import * as findingStore from './finding-store.ts';
import { list, type Finding } from './findings.ts';
import { isReviewable } from './sheet.ts';
import * as store from './store.ts';
import { sheetsOf, type Round, type Sheet } from './views.ts';

const POLICY = 'kebijakan Dinas';
const semesterName = (period: string): string => `Semester ${period.endsWith('1') ? 'I' : 'II'} ${period.slice(0, 4)}`;

export function tasks(ctx: Context): Task[] {
  if (!can(ctx.actor, 'evaluations.view')) return [];
  const office = scope(ctx.actor) === 'all';
  const rounds = store.allRounds(ctx.db).filter((round) => round.closedAt === null);
  return [
    ...(office ? opening(ctx) : []),
    ...rounds.flatMap((round) => (office ? officeTasks(ctx, round) : agencyTasks(ctx, round))),
    ...(office ? proposalTasks(ctx) : []),
    ...list(ctx).flatMap((finding) => findingTasks(ctx, finding, office)),
  ];
}

function opening(ctx: Context): Task[] {
  const period = semesterOf(ctx.now());
  if (store.roundByCode(ctx.db, period)) return [];
  return [
    {
      key: `evaluations:open:${period}`,
      kind: 'evaluation',
      title: `Buka evaluasi ${semesterName(period)}`,
      about: 'Seluruh Perangkat Daerah',
      dueAt: periodOf(period)!.end,
      basis: 'Pasal 18 huruf b',
      href: '/evaluations',
      button: 'Buka',
      act: 'evaluations.open',
    },
  ];
}

function officeTasks(ctx: Context, round: Round): Task[] {
  const now = ctx.now();
  const href = `/evaluations/${round.code}`;
  if (round.closeProposedAt !== null) {
    if (round.closeProposedBy === audit.actorKey(ctx.actor)) return [];
    return [
      {
        key: `evaluations:close:${round.code}`,
        kind: 'evaluation',
        title: 'Sahkan penutupan evaluasi',
        about: round.title,
        dueAt: null,
        href,
        button: 'Periksa',
        act: 'evaluations.second',
      },
    ];
  }
  const sheets = sheetsOf(ctx, round);
  const line = (what: string, verb: string, of: readonly Sheet[], query: string, dueAt: number | null): Task[] =>
    of.length === 0
      ? []
      : [
          {
            key: `evaluations:${what}:${round.code}`,
            kind: 'evaluation',
            title: `${verb} (${of.length})`,
            about: round.title,
            dueAt,
            basis: 'Pasal 18 huruf b',
            href: `${href}?state=${query}`,
            button: 'Buka',
            act: 'evaluations.judge',
          },
        ];
  const end = periodOf(round.period)!.end;
  const ready = sheets.filter((sheet) => isReviewable(sheet, round.answerDue, now));
  const objected = sheets.filter((sheet) => sheet.state === 'objected');
  const settled = sheets.length > 0 && sheets.every((sheet) => sheet.state === 'settled');
  return [
    ...line('review', 'Tinjau lembar evaluasi Perangkat Daerah', ready, 'ready', end),
    ...line('reply', 'Tanggapi keberatan atas hasil evaluasi', objected, 'objected', end),
    ...(settled
      ? [
          {
            key: `evaluations:propose:${round.code}`,
            kind: 'evaluation',
            title: 'Usulkan penutupan evaluasi',
            about: round.title,
            dueAt: end,
            basis: 'Pasal 18 huruf b',
            href,
            button: 'Periksa',
            act: 'evaluations.close',
          } satisfies Task,
        ]
      : []),
  ];
}

function agencyTasks(ctx: Context, round: Round): Task[] {
  if (round.closeProposedAt !== null) return [];
  return sheetsOf(ctx, round).flatMap((sheet) => {
    const href = `/evaluations/${round.code}/${sheet.agency.code}`;
    const base = {
      kind: 'evaluation',
      about: `${sheet.agency.name}, ${round.title}`,
      href,
      basis: POLICY,
      act: 'evaluations.answer',
    } as const;
    if (sheet.state === 'waiting') {
      return [
        {
          ...base,
          key: `evaluations:answer:${sheet.id}`,
          title: 'Jawab lembar evaluasi',
          dueAt: endOfDay(round.answerDue),
          button: 'Jawab',
        },
      ];
    }
    if (sheet.state === 'reply') {
      return [
        {
          ...base,
          key: `evaluations:right:${sheet.id}`,
          title: 'Gunakan hak jawab atas hasil evaluasi',
          dueAt: endOfDay(sheet.replyDue!),
          button: 'Baca',
        },
      ];
    }
    return [];
  });
}

function proposalTasks(ctx: Context): Task[] {
  const count = findingStore.openProposals(ctx.db).length;
  if (count === 0) return [];
  return [
    {
      key: 'evaluations:proposals',
      kind: 'finding',
      title: `Putuskan usulan temuan (${count})`,
      about: 'Dari ukuran evaluasi',
      dueAt: null,
      href: '/findings?tab=proposals',
      button: 'Putuskan',
      act: 'findings.adopt',
    },
  ];
}

function findingTasks(ctx: Context, finding: Finding, office: boolean): Task[] {
  const { state, dueOn, extensionAsked, doers } = finding.standing;
  const base = {
    kind: 'finding',
    about: `${finding.number}, ${finding.agency.shortName}`,
    href: `/findings/${finding.number}`,
    basis: POLICY,
  } as const;
  const dueAt = endOfDay(dueOn);
  if (state === 'closed') return office ? effectTask(ctx, finding, base) : [];
  if (!office) {
    if (state === 'submitted') return [];
    const title = state === 'open' ? 'Susun rencana tindak lanjut' : 'Selesaikan tindak lanjut';
    return [
      {
        ...base,
        key: `finding:do:${finding.id}`,
        title: `${title}: ${finding.title}`,
        dueAt,
        button: 'Kerjakan',
        act: 'findings.answer',
      },
    ];
  }
  const found: Task[] = [];
  if (state === 'submitted' && !doers.includes(audit.actorKey(ctx.actor))) {
    found.push({
      ...base,
      key: `finding:verify:${finding.id}`,
      title: `Verifikasi tindak lanjut: ${finding.title}`,
      dueAt,
      button: 'Verifikasi',
      act: 'findings.verify',
    });
  }
  if (extensionAsked) {
    found.push({
      ...base,
      key: `finding:extension:${finding.id}`,
      title: `Putuskan perpanjangan: ${finding.title}`,
      dueAt,
      button: 'Putuskan',
      act: 'findings.verify',
    });
  }
  if (finding.standing.overdue) {
    found.push({
      ...base,
      key: `finding:overdue:${finding.id}`,
      title: `Tagih tindak lanjut yang lewat tenggat: ${finding.title}`,
      dueAt,
      button: 'Buka',
      act: 'findings.adopt',
    });
  }
  return found;
}

/**
 * Closed as conforming is not yet effective: some time after closing a second person looks whether it came back. Other
 * codes leave nothing to look at.
 */
function effectTask(ctx: Context, finding: Finding, base: Pick<Task, 'kind' | 'about' | 'href' | 'basis'>): Task[] {
  const { code, closedAt, effectiveness, doers } = finding.standing;
  if (code !== 1 || effectiveness || closedAt === null || doers.includes(audit.actorKey(ctx.actor))) return [];
  const from = closedAt + settings.get(ctx, 'deadlines').effectDays * DAY;
  if (ctx.now() < from) return [];
  return [
    {
      ...base,
      key: `finding:effect:${finding.id}`,
      title: `Periksa efektivitas tindak lanjut: ${finding.title}`,
      dueAt: from + 30 * DAY,
      button: 'Periksa',
      act: 'findings.verify',
    },
  ];
}
