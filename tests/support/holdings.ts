// People and certificates written straight into a test's world, for rules about whose they are and how they follow one
// another: no files, no issuer.
import { createHash, randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { agency } from '#lib/server/agencies/schema.ts';
import { DAY } from '#lib/server/calendar.ts';
import * as people from '#lib/server/certificates/holder-store.ts';
import { nameKey } from '#lib/server/certificates/names.ts';
import { certificate, certificateDer } from '#lib/server/certificates/schema.ts';
import { newId } from '#lib/server/db/index.ts';
import type { World } from './world.ts';

/** @throws when the register was not seeded */
export const agencyId = (world: World, code: string): string =>
  world.db.select({ id: agency.id }).from(agency).where(eq(agency.code, code)).get()!.id;

export function holderRow(
  world: World,
  name: string,
  more: Partial<people.NewHolder> & { agency?: string; title?: string; since?: string } = {},
): string {
  const { agency: code, title = 'Staf', since = '2020-01-01', ...facts } = more;
  const id = people.insert(
    world.db,
    {
      kind: 'person',
      name,
      titleBefore: '',
      titleAfter: '',
      nip: null,
      email: null,
      status: 'active',
      statusSince: null,
      ...facts,
    },
    world.clock.at,
  );
  if (code) {
    const position = {
      agencyId: agencyId(world, code),
      title,
      from: since,
      lastDay: since,
      source: 'uji',
      now: world.clock.at,
    };
    people.move(world.db, id, position);
  }
  return id;
}

/** A certificate with a file, in force for two years from 100 days ago, nobody's yet. */
export function certificateRow(
  world: World,
  commonName: string,
  more: Partial<typeof certificate.$inferInsert> & { agency?: string; fileless?: boolean } = {},
): string {
  const { agency: code, fileless, ...columns } = more;
  const now = world.clock.at;
  const id = newId(now);
  const fingerprint = createHash('sha256').update(randomUUID()).digest('hex');
  if (!fileless) {
    world.db
      .insert(certificateDer)
      .values({ fingerprint, der: Buffer.from([0x30, 0]), storedAt: now })
      .run();
  }
  world.db
    .insert(certificate)
    .values({
      id,
      fingerprint: fileless ? null : fingerprint,
      issuer: 'CN=BSRE CA UJI G1',
      serial: fingerprint.slice(0, 32).replace(/^0+/, ''),
      subject: `CN=${commonName}`,
      commonName,
      nameKey: nameKey(commonName),
      notBefore: now - 100 * DAY,
      notAfter: now + 630 * DAY,
      use: 'signature',
      chain: 'anchored',
      revocation: 'good',
      confirmedAt: now,
      nextUpdate: now + DAY,
      freshUntil: now + DAY,
      source: fileless ? 'sheet' : 'file',
      addedAt: now,
      updatedAt: now,
      ...(code ? { agencyId: agencyId(world, code) } : {}),
      ...columns,
    })
    .run();
  return id;
}
