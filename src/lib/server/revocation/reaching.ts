// Which hosts Siaga must be able to reach, whether it does, and what to open in the firewall for it. A test is a row that
// jobs do; hosts are those that certificates under accepted anchors name, and the office's mail server. Nothing else is
// ever connected to (certificate-status §7).
import { join, number } from '#lib/format.ts';
import * as audit from '../audit/index.ts';
import { attempt, GIVEN_UP, transact, type Context } from '../context.ts';
import type { Endpoint, Outbound, Reached } from '../outbound/index.ts';
import { demand } from '../permission.ts';
import { faultOf, hostOf, type Fault } from './circuit.ts';
import { allowed } from './fetching.ts';
import { perHost } from './per-host.ts';
import * as store from './store.ts';

type Kind = store.ReachRow['kind'];

export type ReachabilityRow = {
  kind: Kind;
  host: string;
  port: number;
  protocol: Endpoint['protocol'];
  /** null: not tested yet. */
  ok: boolean | null;
  step: Reached['step'] | 'status';
  text: string;
  addresses: string[];
  ms: number | null;
  checkedAt: number | null;
  /** How many certificates and addresses depend on it. */
  certificates: number;
  urls: number;
  /** Addresses on it that gave nothing usable when they were last asked. */
  faulty: Faulty[];
  /** What it is needed for. */
  why: string;
  /** The rule to ask of whoever keeps the firewall. */
  firewall: string;
};

export type Faulty = {
  sourceId: string;
  url: string;
  text: string;
  at: number | null;
  /** `before_test`: it had not answered; the way proved open since, and it is asked again at once. */
  fault: Fault | 'before_test';
};

export type Reachability = { at: number | null; running: boolean; rows: ReachabilityRow[] };

const WHY: Record<Kind, string> = {
  crl: 'mengambil daftar pencabutan (CRL) setiap jam',
  ocsp: 'menanyakan status satu sertifikat (OCSP)',
  aia: 'mengambil sertifikat penerbit yang belum ada (AIA)',
  smtp: 'mengirim surat elektronik',
};

/**
 * What must be reached now, each with what the newest test found; hosts with trouble first, what stands on one host together.
 * @param smtpUrl the office's mail server; '' where it is not known: then as it was tested
 */
export function reachability(ctx: Context, smtpUrl = ''): Reachability {
  demand(ctx.actor, 'revocation.view');
  const last = store.lastReach(ctx.db);
  const results = last ? store.reachResults(ctx.db, last.id) : [];
  const tested = new Map(results.map((row) => [endKey(row), row]));
  const mail = smtpUrl ? [] : results.filter(({ kind }) => kind === 'smtp');
  const rows = [...needed(ctx, smtpUrl), ...mail].map((end) => ({ ...(tested.get(endKey(end)) ?? UNTESTED), ...end }));
  const doors = Map.groupBy(rows, doorOf);
  const faulty = Map.groupBy(store.failingSources(ctx.db), ({ kind, url }) => keyOf(kind, url));
  const views = rows.map((row) => ({
    ...row,
    why: WHY[row.kind],
    firewall: ruleFor(doors.get(doorOf(row))!),
    faulty: (faulty.get(endKey(row)) ?? []).map((source) => faultyOf(source, row)),
  }));
  return {
    at: last?.finishedAt ?? null,
    running: last !== undefined && last.finishedAt === null,
    rows: together(views),
  };
}

function faultyOf(source: store.SourceRow, { ok, checkedAt }: Pick<ReachabilityRow, 'ok' | 'checkedAt'>): Faulty {
  const { id, url, failureText, failureCode, attemptedAt } = source;
  const fault = faultOf(failureCode);
  const isOver = fault === 'no_answer' && ok === true && (attemptedAt ?? 0) <= checkedAt!;
  return { sourceId: id, url, text: failureText ?? '', at: attemptedAt, fault: isOver ? 'before_test' : fault };
}

const UNTESTED = { ok: null, step: null, text: 'Belum diuji.', addresses: [], ms: null, checkedAt: null };

const worst = (a: ReachabilityRow, b: ReachabilityRow): number =>
  Number(a.ok ?? true) - Number(b.ok ?? true) || b.faulty.length - a.faulty.length || b.certificates - a.certificates;

/** The rows of a host one after the other, the hosts by their worst row. */
const together = (rows: readonly ReachabilityRow[]): ReachabilityRow[] =>
  [...Map.groupBy(rows.toSorted(worst), ({ host }) => host).values()].flat();

/** What a firewall opens, whatever it is needed for. */
const doorOf = ({ protocol, host, port }: Endpoint): string => `${protocol} ${host} ${port}`;

function ruleFor(door: readonly (Endpoint & { kind: Kind; certificates: number })[]): string {
  const { host, port, protocol } = door[0]!;
  const most = Math.max(...door.map(({ certificates }) => certificates));
  const uses = join(door.map(({ kind }) => WHY[kind]));
  return `Izinkan keluar dari server Siaga ke ${host}, TCP port ${port} (${protocol}), untuk ${uses}${most ? `; ${number(most)} sertifikat bergantung padanya.` : '.'}`;
}

/** "Uji jangkauan": jobs do it within a second. */
export function requestReachability(ctx: Context): void {
  demand(ctx.actor, 'reach.test');
  transact(ctx, (tx) => {
    const last = store.lastReach(tx.db);
    if (last && last.finishedAt === null) return;
    store.addReach(tx.db, { requestedBy: audit.actorKey(tx.actor), requestedAt: tx.now() });
    audit.record(tx, { action: 'reach.requested', targets: [], details: {} });
  });
}

export const reachWaiting = (ctx: Context): boolean => {
  const last = store.lastReach(ctx.db);
  return last !== undefined && last.finishedAt === null;
};

/**
 * Tests every end-point, two at once per host. A test that was cut off goes on where it stopped. What had not answered at an
 * end-point that is reached now is asked again at once: whoever opened a firewall waits for no pause. @returns how many
 */
export async function testReach(ctx: Context, by: { outbound: Outbound; smtpUrl: string }): Promise<number> {
  demand(ctx.actor, 'reach.test');
  const run = store.lastReach(ctx.db);
  if (!run || run.finishedAt !== null) return 0;
  const done = new Set(store.reachResults(ctx.db, run.id).map(endKey));
  const open = needed(ctx, by.smtpUrl).filter((end) => !done.has(endKey(end)));
  const write = (end: Needed, { ok, step, text, addresses, ms }: Reached) =>
    transact(ctx, (tx) => {
      store.addReachResult(tx.db, { runId: run.id, ...end, ok, step, text, addresses, ms, checkedAt: tx.now() });
      if (!ok) return;
      for (const { id, kind, url, failureCode } of store.failingSources(tx.db))
        if (keyOf(kind, url) === endKey(end) && faultOf(failureCode) === 'no_answer')
          store.setSource(tx.db, id, { dueAt: tx.now() });
    });
  await attempt(ctx)(
    { row: `reach:${run.id}`, place: done.size },
    () =>
      perHost(
        open,
        (end) => hostOf(urlOf(end)),
        async (end) => write(end, await by.outbound.reach(end, allowed(ctx))),
      ),
    () => open.forEach((end) => write(end, { ok: false, step: null, text: GIVEN_UP, addresses: [], ms: 0 })),
  );
  transact(ctx, (tx) => store.finishReach(tx.db, run.id, tx.now()));
  return open.length;
}

const endKey = ({ kind, host, port, protocol }: Endpoint & { kind: Kind }) => `${kind} ${protocol} ${host} ${port}`;

const urlOf = ({ protocol, host, port }: Endpoint): string =>
  `${protocol}://${host.includes(':') ? `[${host}]` : host}:${port}`;

function keyOf(kind: Kind, url: string): string {
  const end = endOf(url);
  return end ? endKey({ ...end, kind }) : '';
}

type Needed = Endpoint & { kind: Kind; certificates: number; urls: number };

/** End-points told apart by what they are for, with what depends on each. */
function needed(ctx: Context, smtpUrl: string): Needed[] {
  const ends = new Map<string, Needed>();
  for (const { kind, url, certificates } of store.reachAddresses(ctx.db)) {
    const end = endOf(url);
    if (!end) continue;
    const key = endKey({ ...end, kind });
    const known = ends.get(key) ?? { ...end, kind, certificates: 0, urls: 0 };
    ends.set(key, { ...known, certificates: known.certificates + certificates, urls: known.urls + 1 });
  }
  const mail = URL.canParse(smtpUrl) ? new URL(smtpUrl) : null;
  const smtp: Needed[] = mail
    ? [
        {
          kind: 'smtp',
          protocol: mail.protocol === 'smtps:' ? 'smtps' : 'smtp',
          host: mail.hostname,
          port: Number(mail.port) || (mail.protocol === 'smtps:' ? 465 : 587),
          certificates: 0,
          urls: 1,
        },
      ]
    : [];
  return [...ends.values(), ...smtp];
}

function endOf(url: string): Endpoint | null {
  if (!URL.canParse(url)) return null;
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') return null;
  const secure = protocol === 'https:';
  return {
    protocol: secure ? 'https' : 'http',
    host: hostname.replace(/^\[|\]$/g, '').toLowerCase(),
    port: Number(port) || (secure ? 443 : 80),
  };
}
