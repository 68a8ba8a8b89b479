// A register for the benchmark of decisions: twenty issuing CAs under one accepted root, their certificates written
// straight into the tables, and the lists these CAs publish. The network is the only thing that is played.
import * as certificates from '#lib/server/certificates/index.ts';
import type { Context, UserActor } from '#lib/server/context.ts';
import { connection } from '#lib/server/db/index.ts';
import { OutboundError, outbound, type Outbound } from '#lib/server/outbound/index.ts';
import { readCertificate } from '#lib/server/x509/index.ts';
import * as ca from '../demo/ca.ts';

const REVOKED = Date.parse('2026-11-01T00:00:00Z');
const LIFE = { notBefore: Date.parse('2020-01-01T00:00:00Z'), notAfter: Date.parse('2044-01-01T00:00:00Z') };

export type Issuer = { authority: ca.Authority; url: string; ocsp: boolean; authorityId: string; serials: string[] };
export type Register = { root: ca.Authority; issuers: Issuer[] };

/** Who decides what only a person may. */
export const ADMINISTRATOR: UserActor = {
  kind: 'user',
  id: 'bench',
  name: 'Administrator',
  roles: ['administrator'],
  agencyId: null,
  agencies: 'all',
  session: 'bench',
};

/**
 * @param administrator decides the trust, as a person must
 * @param how `responder`: the certificates name this OCSP responder and no list
 */
export function register(
  ctx: Context,
  administrator: UserActor,
  size: { issuers: number; certificates: number },
  how: { key: ca.KeyKind; responder?: string } = { key: 'p256' },
): Register {
  const root = ca.makeRoot({ key: ca.makeKey('p256'), ...LIFE });
  const { id, fingerprint } = certificates.proposeAuthority(ctx, { der: root.certificate, origin: 'uji' });
  certificates.decideTrust({ ...ctx, actor: administrator }, id, { decision: 'accept', fingerprint, note: 'Uji' });
  const each = Math.floor(size.certificates / size.issuers);
  const issuers = Array.from({ length: size.issuers }, (_, n): Issuer => {
    const authority = ca.makeIntermediate(root, {
      key: ca.makeKey(how.key),
      ...LIFE,
      subject: [
        [ca.OID.C, 'ID'],
        [ca.OID.CN, `CA UJI ${n}`],
      ],
    });
    const proposed = certificates.proposeAuthority(ctx, { der: authority.certificate, origin: 'uji' });
    const serials = Array.from({ length: each }, (_, i) => (0x70000000 + n * 1_000_000 + i).toString(16));
    const url = how.responder ?? `http://ca${n}.example/ca.crl`;
    return { authority, url, ocsp: how.responder !== undefined, authorityId: proposed.id, serials };
  });
  insert(ctx, issuers);
  return { root, issuers };
}

function insert(ctx: Context, issuers: readonly Issuer[]): void {
  const client = connection(ctx.db);
  const der = client.prepare('insert into certificate_der (fingerprint, der, stored_at) values (?, ?, ?)');
  const row = client.prepare(
    `insert into certificate (id, fingerprint, authority_id, issuer, serial, subject, common_name, not_before, not_after, use,
       crl_urls, ocsp_urls, chain, revocation, revocation_source, source, name_key, added_at, updated_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'signature', ?, ?, 'anchored', 'undetermined', 'none', 'file', ?, ?, ?)`,
  );
  const now = ctx.now();
  client.transaction(() => {
    for (const { authority, authorityId, url, ocsp, serials } of issuers) {
      const urls = JSON.stringify([url]);
      const issuer = readCertificate(authority.certificate).subject.text;
      // Of one issuer all alike: what is read of them is the issuer and where its lists are.
      const extensions = { crlUrls: ocsp ? null : [url], ocspUrls: ocsp ? [url] : null };
      const bytes = ca.makeLeaf(authority, { notBefore: now - 100 * ca.DAY, commonName: 'PEGAWAI', extensions });
      for (const serial of serials) {
        const fingerprint = serial.padStart(64, '0');
        der.run(fingerprint, bytes, now);
        const name = `PEGAWAI ${serial}`;
        row.run(
          `c-${serial}`,
          fingerprint,
          authorityId,
          issuer,
          serial,
          `CN=${name}`,
          name,
          now - 100 * ca.DAY,
          now + 600 * ca.DAY,
          ocsp ? '[]' : urls,
          ocsp ? urls : '[]',
          name,
          now,
          now,
        );
      }
    }
  })();
}

/** What each CA publishes now: the first `listed` of its serials, and as many again of other people's. */
export function published(register: Register, at: number, number: number, listed: number): Map<string, Buffer> {
  return new Map(
    register.issuers.map(({ authority, url, serials }, n) => {
      const strangers = Array.from({ length: 1000 }, (_, i) => (0x60000000 + n * 1_000_000 + i).toString(16));
      const entries = [...strangers, ...serials.slice(0, listed)].map((serial) => ({
        serial,
        revokedAt: REVOKED,
        reason: 4 as const,
      }));
      const crl = ca.makeCrl(authority, { number, thisUpdate: at - 60_000, nextUpdate: at + 7 * ca.DAY, entries });
      return [url, crl];
    }),
  );
}

/** Answers with these lists; the same bytes again are 304, as of any web server. */
export function playing(lists: ReadonlyMap<string, Buffer>, now: () => number): Outbound {
  return {
    ...outbound,
    fetchBounded: async (url, options = {}) => {
      const body = lists.get(url);
      if (!body) throw new OutboundError('connect', 'Server tidak dapat dijangkau.');
      const etag = `"${body.subarray(-16).toString('hex')}"`;
      const head = {
        contentType: 'application/pkix-crl',
        etag,
        lastModified: null,
        date: now(),
        url,
        address: '192.0.2.1',
        retryAfter: null,
      };
      return options.etag === etag ? { ...head, status: 304, body: Buffer.alloc(0) } : { ...head, status: 200, body };
    },
  };
}
