// A CRL as long as the greatest allowed, made once and kept in the system's temporary folder: a real RSA key signs a
// million entries shaped like those of a public CA (16-octet serials, a date, a reason for every second one).
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as der from '#lib/server/x509/der-writer.ts';
import * as ca from '../demo/ca.ts';

/** Counted up when the list would look different. */
const EDITION = 1;
export const THIS_UPDATE = Date.parse('2026-11-22T00:00:00Z');
const REVOKED = Date.parse('2024-01-01T00:00:00Z');
const SPREAD_DAYS = 1000;
/** How many serials of its own the register holds. */
export const HELD = 100_000;

export type LongList = { crl: string; root: Buffer };

export function longList(entries: number, say: (line: string) => void): LongList {
  const folder = path.join(tmpdir(), `siaga-bench-crl-${entries}-${EDITION}`);
  const at = (name: string) => path.join(folder, name);
  if (!existsSync(at('list.crl'))) {
    say(`CRL dengan ${entries} entri dibuat sekali saja …`);
    mkdirSync(folder, { recursive: true });
    const root = ca.makeRoot({ notBefore: THIS_UPDATE - 1e11, notAfter: THIS_UPDATE + 9e11 });
    writeFileSync(at('root.cer'), root.certificate);
    writeFileSync(at('part'), signed(root, entries));
    renameSync(at('part'), at('list.crl'));
  }
  return { crl: at('list.crl'), root: readFileSync(at('root.cer')) };
}

/** The serial of entry `n`, as the register stores it. */
export function serialOf(n: number): string {
  const octets = createHash('md5').update(`seri ${n}`).digest();
  octets[0] = (octets[0]! & 0x0f) | 0x70;
  return octets.toString('hex');
}

function signed(issuer: ca.Authority, count: number): Buffer {
  const kind = ca.signatureFor(issuer.key);
  const reason = der.seq(ca.extension({ oid: '2.5.29.21', value: der.enumerated(4) }));
  const dates = Array.from({ length: SPREAD_DAYS }, (_, day) => der.time(REVOKED + day * ca.DAY));
  const entries = Buffer.concat(
    Array.from({ length: count }, (_, n) =>
      der.seq(der.integer(serialOf(n)), dates[n % SPREAD_DAYS]!, ...(n % 2 ? [reason] : [])),
    ),
  );
  const extensions = [
    { oid: '2.5.29.35', value: der.seq(der.primitive(0, issuer.keyId)) },
    { oid: '2.5.29.20', value: der.integer(20_261_122) },
  ];
  const tbs = der.seq(
    der.integer(1),
    ca.algorithm(kind),
    issuer.name,
    der.time(THIS_UPDATE),
    der.time(THIS_UPDATE + 7 * ca.DAY),
    der.seq(entries),
    der.tagged(0, der.seq(...extensions.map(ca.extension))),
  );
  return der.seq(tbs, ca.algorithm(kind), der.bits(ca.signWith(kind, tbs, issuer.key)));
}
