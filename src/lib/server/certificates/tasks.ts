// What waits for people in this room; computed from rows, so that a task disappears when its cause does.
import { number } from '#lib/format.ts';
import { holderStatuses } from '#lib/terms.ts';
import * as agencies from '../agencies/index.ts';
import type { Context } from '../context.ts';
import { can } from '../permission.ts';
import type { Task } from '../work.ts';
import { RETIRED } from './census.ts';
import * as issuers from './authority-store.ts';
import * as counting from './counting.ts';
import * as people from './holder-store.ts';
import * as ledger from './import-store.ts';
import { PORTAL_MISMATCHES } from './portal-word.ts';
import { doubtfulPairs } from './renewals.ts';

import { viewOf } from './view.ts';
import type { View } from './where.ts';

const EXPIRY_DAYS = 30;
/** More agencies than this become one task that leads to the list. */
const SINGLE_AGENCIES = 3;
/** More leavers than this become one task that leads to the list. */
const SINGLE_LEAVERS = 10;

export function tasks(ctx: Context): Task[] {
  const view = viewOf(ctx);
  return [
    ...expiring(ctx, view),
    ...leavers(ctx, view),
    ...previews(ctx),
    ...unmatched(ctx, view),
    ...renewals(ctx),
    ...portalMismatches(ctx, view),
    ...dataOnly(ctx, view),
    ...undecidedIssuers(ctx),
  ];
}

function expiring(ctx: Context, view: View): Task[] {
  const rows = endingByAgency(ctx, view);
  if (rows.length > SINGLE_AGENCIES) return [expiringEverywhere(rows)];
  return rows.map((row) => ({
    key: `certificates:expiry:${row.agencyId ?? 'none'}`,
    kind: 'expiry',
    title: `Perbarui ${number(row.n)} sertifikat yang habis ≤ ${EXPIRY_DAYS} hari`,
    about: row.name ?? 'Belum jelas Perangkat Daerahnya',
    dueAt: row.first,
    basis: 'akhir masa berlaku terdekat',
    href: `/certificates?expiring=${EXPIRY_DAYS}&successor=none&sort=end${row.code ? `&agency=${encodeURIComponent(row.code)}&exact=1` : ''}`,
    button: 'Lihat Sertifikat',
    act: 'alerts.acknowledge',
  }));
}

type Ending = { agencyId: string | null; code: string | null; name: string | null; n: number; first: number };

/** Certificates that end within `EXPIRY_DAYS` without a successor (`isEnding`), by agency, soonest first. */
function endingByAgency(ctx: Context, view: View): Ending[] {
  const found = new Map<string, { n: number; first: number }>();
  counting.tellEach(ctx.db, { expiring: EXPIRY_DAYS, withoutSuccessor: true }, view, ({ agencyId, end }) => {
    const own = found.get(agencyId);
    if (!own) found.set(agencyId, { n: 1, first: end! });
    else {
      own.n += 1;
      own.first = Math.min(own.first, end!);
    }
  });
  const register = new Map(agencies.list(ctx).map((agency) => [agency.id, agency]));
  return [...found]
    .map(([agencyId, own]) => {
      const agency = register.get(agencyId);
      return { agencyId: agencyId || null, code: agency?.code ?? null, name: agency?.name ?? null, ...own };
    })
    .sort((a, b) => a.first - b.first);
}

function expiringEverywhere(rows: readonly Ending[]): Task {
  const most = [...rows].sort((a, b) => b.n - a.n)[0]!;
  const about = `${number(rows.filter((row) => row.code).length)} Perangkat Daerah, terbanyak ${most.name ?? 'belum jelas Perangkat Daerahnya'} (${number(most.n)})`;
  return {
    key: 'certificates:expiry',
    kind: 'expiry',
    title: `Perbarui ${number(rows.reduce((sum, row) => sum + row.n, 0))} sertifikat yang habis ≤ ${EXPIRY_DAYS} hari tanpa pengganti`,
    about,
    dueAt: rows[0]!.first,
    basis: 'akhir masa berlaku terdekat',
    href: `/certificates?expiring=${EXPIRY_DAYS}&successor=none&sort=end`,
    button: 'Lihat Sertifikat',
    act: 'alerts.acknowledge',
  };
}

function leavers(ctx: Context, view: View): Task[] {
  const rows = people.leaversWithUsable(ctx.db, view.now, view.scope, SINGLE_LEAVERS + 1);
  const base = { kind: 'revocation', dueAt: null, basis: 'Pasal 12 huruf d', act: 'certificates.edit' } as const;
  if (rows.length > SINGLE_LEAVERS) {
    const about = 'Pegawai pensiun, mutasi, berhenti, atau meninggal';
    // Counted as the list it leads to; the nightly rules may not have looked yet.
    const n = counting.total(ctx.db, { problem: 'leaver_usable' }, view);
    const many = n > SINGLE_LEAVERS ? `${number(n)} sertifikat` : 'sertifikat';
    const title = `Ajukan pencabutan ${many} pegawai yang tidak lagi bertugas`;
    return [
      {
        ...base,
        key: 'certificates:leavers',
        title,
        about,
        href: '/certificates?problem=leaver_usable',
        button: 'Lihat Sertifikat',
      },
    ];
  }
  return rows.map((row) => ({
    ...base,
    key: `certificates:leaver:${row.id}`,
    title: `Ajukan pencabutan sertifikat ${row.name}`,
    about: `${holderStatuses[row.status]}${row.agencyName ? `, ${row.agencyName}` : ''}`,
    href: `/certificates/${row.certificateId}`,
    button: 'Tinjau',
  }));
}

/** Sheets that were read and wait for somebody to look at what they would do. */
function previews(ctx: Context): Task[] {
  return ledger.waitingForPeople(ctx.db).map((run) => ({
    key: `certificates:preview:${run.id}`,
    kind: 'mismatch',
    title: `Periksa pratinjau impor ${run.number}`,
    about: run.name,
    dueAt: null,
    href: `/imports/${run.id}`,
    button: 'Periksa',
    act: run.kind === 'personnel' ? 'holders.edit' : 'certificates.import',
  }));
}

function unmatched(ctx: Context, view: View): Task[] {
  // As `match-store.waiting` has it.
  let n = 0;
  counting.tellEach(ctx.db, { holder: 'none' }, view, ({ flags }) => {
    if (!(flags & RETIRED)) n += 1;
  });
  if (!n) return [];
  return [
    {
      key: 'certificates:unmatched',
      kind: 'matching',
      title: `Cocokkan ${number(n)} sertifikat dengan pemiliknya`,
      about: 'Usulan diterima sekaligus; yang bernama sama dan yang tidak dikenal diputuskan satu per satu',
      dueAt: null,
      href: '/matching',
      button: 'Cocokkan',
      act: 'certificates.edit',
    },
  ];
}

function renewals(ctx: Context): Task[] {
  if (!can(ctx.actor, 'certificates.edit')) return [];
  const n = doubtfulPairs(ctx).length;
  if (!n) return [];
  return [
    {
      key: 'certificates:renewals',
      kind: 'matching',
      title: `Pastikan ${number(n)} usulan sertifikat pengganti`,
      about: 'Kunci sama, nama berbeda, atau ada jeda antara yang lama dan yang baru',
      dueAt: null,
      href: '/renewals?pairs=doubtful',
      button: 'Bandingkan',
      act: 'certificates.edit',
    },
  ];
}

function dataOnly(ctx: Context, view: View): Task[] {
  const n = counting.total(ctx.db, { labels: ['data_only'] }, view);
  if (!n) return [];
  return [
    {
      key: 'certificates:data-only',
      kind: 'mismatch',
      title: `Lengkapi ${number(n)} catatan yang berkasnya belum ada`,
      about: 'Hanya diketahui dari daftar; cukup satu PDF bertanda tangan pemiliknya',
      dueAt: null,
      href: '/certificates?status=data_only',
      button: 'Lihat Sertifikat',
      act: 'certificates.edit',
    },
  ];
}

/** What the portal believes and what was proved differ (certificate-status §1): a finding, not an overwrite. */
function portalMismatches(ctx: Context, view: View): Task[] {
  const n = counting.total(ctx.db, { portal: 'mismatch' }, view);
  if (!n) return [];
  return [
    {
      key: 'certificates:portal',
      kind: 'mismatch',
      title: `Jelaskan ${number(n)} sertifikat yang statusnya berbeda dengan portal BSrE`,
      about: 'Portal menyebutnya dicabut, aktif, atau habis; bukti Siaga mengatakan lain',
      dueAt: null,
      href: PORTAL_MISMATCHES,
      button: 'Lihat Sertifikat',
      act: 'certificates.edit',
    },
  ];
}

function undecidedIssuers(ctx: Context): Task[] {
  if (!can(ctx.actor, 'trust.view')) return [];
  return issuers
    .all(ctx.db)
    .filter((row) => row.trust === 'proposed')
    .map((row) => ({
      key: `certificates:trust:${row.id}`,
      kind: 'system',
      title: 'Putuskan kepercayaan penerbit',
      about: row.commonName,
      dueAt: null,
      basis: 'RFC 5280 §6.1.1',
      href: `/trust#penerbit-${row.id}`,
      button: 'Bandingkan Sidik Jari',
      act: 'trust.decide',
    }));
}
