// What alerts ask of people: revocations nobody has answered for, and issuers that end.
import type { Context } from '../context.ts';
import { can, scope } from '../permission.ts';
import type { Task } from '../work.ts';
import { number } from '#lib/format.ts';
import * as store from './store.ts';
import { aboutOf } from './words.ts';

/** Up to so many revoked certificates are tasks by themselves; more are one task an agency. */
const SINGLE_ALERTS = 3;
/** More agencies than this become one task that leads to the list. */
const SINGLE_AGENCIES = 3;

/** Revocations nobody has answered for, and issuers that end; expiry and sources are tasks of their own rooms. */
export function tasks(ctx: Context): Task[] {
  if (!can(ctx.actor, 'alerts.view')) return [];
  const issuers = (['authority_expiry', 'authority_revoked'] as const).flatMap((kind) =>
    store.page(ctx.db, { kind }, scope(ctx.actor)),
  );
  return [...outOfUse(ctx, 'revoked'), ...outOfUse(ctx, 'on_hold'), ...issuers.map((row) => issuerTask(ctx, row))];
}

const words = { revoked: 'dicabut', on_hold: 'ditangguhkan' } as const;
const base = { kind: 'revocation', dueAt: null, act: 'alerts.acknowledge' } as const;

/** Certificates taken out of use by their issuer: one by one while few, then by agency, then all in one. */
function outOfUse(ctx: Context, kind: 'revoked' | 'on_hold'): Task[] {
  const groups = store.openByAgency(ctx.db, kind, scope(ctx.actor));
  const total = groups.reduce((sum, group) => sum + group.n, 0);
  const title = (n: number) => `Pastikan ${number(n)} sertifikat yang ${words[kind]} tidak dipakai lagi`;
  const nameOf = (group: store.OpenByAgency) => group.name ?? 'Belum jelas Perangkat Daerahnya';
  if (total <= SINGLE_ALERTS) {
    return store.page(ctx.db, { kind }, scope(ctx.actor)).map((row) => ({
      ...base,
      key: `monitoring:${row.id}`,
      title: `Pastikan sertifikat yang ${words[kind]} tidak dipakai lagi`,
      about: [aboutOf(row), row.agency].filter(Boolean).join(', '),
      href: `/certificates/${row.certificateId}`,
      button: 'Lihat Sertifikat',
    }));
  }
  const href = `/alerts?kind=${kind}`;
  if (groups.length <= SINGLE_AGENCIES) {
    return groups.map((group) => ({
      ...base,
      key: `monitoring:${kind}:${group.code ?? 'none'}`,
      title: title(group.n),
      about: nameOf(group),
      href: `${href}&agency=${encodeURIComponent(group.code ?? 'none')}`,
      button: 'Lihat Peringatan',
    }));
  }
  const most = groups[0]!;
  const about = `${number(groups.filter((group) => group.code).length)} Perangkat Daerah, terbanyak ${most.name ?? 'yang belum jelas Perangkat Daerahnya'} (${number(most.n)})`;
  return [{ ...base, key: `monitoring:${kind}`, title: title(total), about, href, button: 'Lihat Peringatan' }];
}

const issuerTask = (ctx: Context, row: store.ListedAlert): Task => ({
  key: `monitoring:${row.id}`,
  kind: 'expiry',
  title:
    row.kind === 'authority_revoked' && row.detail.held === 1
      ? 'Tanyakan ke induknya: penerbit ditangguhkan'
      : 'Siapkan penerbit pengganti',
  about: aboutOf(row),
  dueAt: row.kind === 'authority_expiry' ? Number(row.detail.notAfter ?? ctx.now()) : null,
  href: '/trust',
  button: 'Lihat Penerbit',
  act: 'alerts.acknowledge',
});
