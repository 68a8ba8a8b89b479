// Queries over the CA certificates the office knows and what it decided about them.
import { eq } from 'drizzle-orm';
import { prepared } from '../db/bulk.ts';
import { connection, newId, type Db } from '../db/index.ts';
import { readCertificate } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import type { KnownAuthority, Trust } from './chain.ts';
import { authority, certificateDer } from './schema.ts';
import { keepDer } from './store.ts';

export type AuthorityRow = typeof authority.$inferSelect;

export const all = (db: Db): AuthorityRow[] => db.select().from(authority).orderBy(authority.commonName).all();

/**
 * CA certificates that their issuer has put on hold rather than revoked. Both break every path through them; which of the
 * two it is stands in the trail, whose entry was written with the fact.
 */
export const held = (db: Db): ReadonlySet<string> => lastSaid(db, 'authority.held');

/** Those whose hold was ended. */
export const released = (db: Db): ReadonlySet<string> => lastSaid(db, 'authority.released');

const lastSaid = (db: Db, action: 'authority.held' | 'authority.released'): ReadonlySet<string> =>
  new Set(
    prepared(
      db,
      `select a.id from authority a
        where (a.revoked_at is not null) = (@action = 'authority.held')
          and (select e.action from audit_target t join audit_entry e on e.seq = t.seq
                where t.kind = 'authority' and t.ref = a.id and e.action in ('authority.held', 'authority.revoked', 'authority.released')
                order by t.seq desc limit 1) = @action`,
    )
      .pluck()
      .all({ action }) as string[],
  );

export const byId = (db: Db, id: string): AuthorityRow | undefined =>
  db.select().from(authority).where(eq(authority.id, id)).get();

export const byFingerprint = (db: Db, fingerprint: string): AuthorityRow | undefined =>
  db.select().from(authority).where(eq(authority.fingerprint, fingerprint)).get();

/** Changes whenever somebody decides about an issuer, or one is found revoked. */
export const decisions = (db: Db): string =>
  connection(db)
    .prepare(
      `select count(decided_at) || '/' || coalesce(max(decided_at), 0) || '/'
              || coalesce(group_concat(case when revoked_at is not null then id end), '') from authority`,
    )
    .pluck()
    .get() as string;

/** All CA certificates as the chain judge wants them. */
export function known(db: Db): KnownAuthority[] {
  return db
    .select({ id: authority.id, trust: authority.trust, revokedAt: authority.revokedAt, der: certificateDer.der })
    .from(authority)
    .innerJoin(certificateDer, eq(certificateDer.fingerprint, authority.fingerprint))
    .all()
    .map(({ der, ...row }) => ({ ...row, view: readCertificate(der) }));
}

export function insert(
  db: Db,
  view: CertificateView,
  row: { commonName: string; trust: Trust; origin: string; selfSigned: boolean; now: number },
): string {
  const id = newId(row.now);
  keepDer(db, view, row.now);
  db.insert(authority)
    .values({
      id,
      fingerprint: view.fingerprint,
      subject: view.subject.text,
      commonName: row.commonName,
      issuer: view.issuer.text,
      serial: view.serial,
      keySha256: view.publicKey.spkiSha256,
      ski: view.ski,
      notBefore: view.notBefore.ms,
      notAfter: view.notAfter.ms,
      selfSigned: row.selfSigned,
      trust: row.trust,
      origin: row.origin,
      addedAt: row.now,
    })
    .run();
  return id;
}

export function set(db: Db, id: string, values: Partial<AuthorityRow>): void {
  db.update(authority).set(values).where(eq(authority.id, id)).run();
}
