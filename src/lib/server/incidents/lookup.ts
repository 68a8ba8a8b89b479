// Small looks into the registers to the right: names for a page, and whether an actor may see a certificate.
import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { agencyAbove } from '../agencies/above.ts';
import * as agencies from '../agencies/index.ts';
import { agencyName } from '../agencies/schema.ts';
import { certificate } from '../certificates/schema.ts';
import type { Context } from '../context.ts';
import { demand, scope } from '../permission.ts';

export const agencyNameById = (ctx: Context, id: string | null): string | null =>
  id ? (agencies.byId(ctx, id)?.name ?? null) : null;

const seenCertificates = (ctx: Context) => {
  const seen = scope(ctx.actor);
  return seen === 'all' ? undefined : seen.length ? inArray(certificate.agencyId, [...seen]) : sql`0`;
};

/** The id itself when the actor may see the certificate, else null. */
export const certificateIfVisible = (ctx: Context, id: string): string | null =>
  ctx.db
    .select({ id: certificate.id })
    .from(certificate)
    .where(and(eq(certificate.id, id), seenCertificates(ctx)))
    .get()?.id ?? null;

/** Those of the certificates that belong to another Perangkat Daerah; one without an agency is nobody's. */
export const foreignCertificates = (
  ctx: Context,
  ids: readonly string[],
  agencyId: string,
): { id: string; commonName: string; agencyName: string }[] =>
  ids.length === 0
    ? []
    : ctx.db
        .select({ id: certificate.id, commonName: certificate.commonName, agencyName: agencyName.shortName })
        .from(certificate)
        .innerJoin(agencyName, and(eq(agencyName.agencyId, certificate.agencyId), isNull(agencyName.to)))
        .where(
          and(
            inArray(certificate.id, [...ids]),
            sql`(select ${sql.raw(agencyAbove('ca'))} from agency ca where ca.id = ${certificate.agencyId})
              <> (select ${sql.raw(agencyAbove('ia'))} from agency ia where ia.id = ${agencyId})`,
          ),
        )
        .all();

export type Candidate = {
  id: string;
  commonName: string;
  serial: string | null;
  notAfter: number | null;
  agencyName: string | null;
  /** Of another Perangkat Daerah than the incident. */
  foreign: boolean;
};

/** Certificates a handler may want to link: by name or serial, those still in force first. */
export function candidates(ctx: Context, text: string, agencyId: string, limit = 12): Candidate[] {
  demand(ctx.actor, 'incidents.handle');
  const wanted = text.trim();
  if (wanted.length < 2) return [];
  const like = `%${wanted.replace(/[\\%_]/g, (c) => `\\${c}`)}%`;
  const serial = wanted
    .toLowerCase()
    .replace(/[^0-9a-f]/g, '')
    .replace(/^0+/, '');
  const found = ctx.db
    .select({
      id: certificate.id,
      commonName: certificate.commonName,
      serial: certificate.serial,
      notAfter: certificate.notAfter,
      agencyName: agencyName.shortName,
    })
    .from(certificate)
    .leftJoin(agencyName, and(eq(agencyName.agencyId, certificate.agencyId), isNull(agencyName.to)))
    .where(
      and(
        seenCertificates(ctx),
        isNull(certificate.archivedAt),
        sql`(${certificate.commonName} like ${like} escape '\\' or (${serial} <> '' and ${certificate.serial} = ${serial}))`,
      ),
    )
    .orderBy(sql`coalesce(${certificate.notAfter}, 0) < ${ctx.now()}`, asc(certificate.commonName))
    .limit(limit)
    .all();
  const foreign = new Set(
    foreignCertificates(
      ctx,
      found.map((c) => c.id),
      agencyId,
    ).map((c) => c.id),
  );
  return found.map((c) => ({ ...c, foreign: foreign.has(c.id) }));
}
