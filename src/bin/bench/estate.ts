// A large made-up estate for benchmarks, written straight into the tables: 110 agencies, 60.000 people, 100.000
// certificates of every status, notes and marks. Repeatable: the same numbers every time.
import * as agencies from '../../lib/server/agencies/index.ts';
import { DAY, HOUR } from '../../lib/server/calendar.ts';
import * as certificates from '../../lib/server/certificates/index.ts';
import type { Context } from '../../lib/server/context.ts';
import { connection } from '../../lib/server/db/index.ts';

const GIVEN =
  'Sri Budi Dewi Agus Siti Rahma Andi Rina Joko Made Putri Yusuf Lestari Hendra Wulan Fajar Nur Dian Eko Tri Ratna Bayu Indah Arif Mega'.split(
    ' ',
  );
const FAMILY =
  'Handayani Santoso Wijaya Kusuma Lubis Siregar Nasution Hidayat Permata Saputra Pratama Rahayu Setiawan Utami Gunawan Maulana Sitorus Simanjuntak Harahap Ginting Purba Manurung Damanik Tarigan Sembiring'.split(
    ' ',
  );
const USES = [
  'signature',
  'signature',
  'signature',
  'signature',
  'signature',
  'signature',
  'document',
  'email',
  'tls_server',
  'tls_client',
];
const RULES = [
  'several_current',
  'same_key_renewed',
  'validity_too_long',
  'no_crl',
  'leaver_usable',
  'sheet_contradiction',
];
const SEVERITIES = ['info', 'warning', 'serious', 'critical'];

/** Mulberry32. */
function seeded(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function seedEstate(ctx: Context, size: { holders: number; certificates: number }): void {
  const random = seeded(20261122);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const hex = (length: number) =>
    Array.from({ length: Math.ceil(length / 8) }, () =>
      Math.floor(random() * 4294967296)
        .toString(16)
        .padStart(8, '0'),
    )
      .join('')
      .slice(0, length);
  const now = ctx.now();
  const client = connection(ctx.db);
  agencies.seed(ctx);
  const places = agencies.list(ctx).map((agency) => agency.id);
  const at = () => places[Math.floor(random() ** 2 * places.length)]!;
  client.transaction(() => {
    const cas = authorities(ctx);
    const addHolder = client.prepare(
      `insert into holder (id, kind, name, name_key, nip, email, status, status_since, created_at) values (?, 'person', ?, ?, ?, ?, ?, ?, ?)`,
    );
    const addPosition = client.prepare(
      `insert into position (id, holder_id, agency_id, title, "from", source) values (?, ?, ?, ?, '2024-01-01', 'uji')`,
    );
    const people: { id: string; name: string; agencyId: string; email: string }[] = [];
    for (let i = 0; i < size.holders; i++) {
      const name = `${pick(GIVEN)} ${pick(GIVEN)} ${pick(FAMILY)}`;
      const id = `holder-${String(i).padStart(8, '0')}`;
      const email = `pegawai${i}@batam.example`;
      const leaver = random() < 0.04;
      addHolder.run(
        id,
        name,
        name.toUpperCase(),
        `19${String(7e15 + i).padStart(16, '0')}`,
        email,
        leaver ? 'retired' : 'active',
        leaver ? '2026-05-01' : null,
        now,
      );
      const agencyId = at();
      addPosition.run(`position-${i}`, id, agencyId, 'Analis');
      people.push({ id, name, agencyId, email });
    }
    const addDer = client.prepare('insert into certificate_der (fingerprint, der, stored_at) values (?, ?, ?)');
    const addCertificate = client.prepare(
      `insert into certificate (id, fingerprint, authority_id, issuer, serial, subject, common_name, organization, not_before, not_after,
         key_sha256, key_algorithm, key_bits, use, san, key_usage, eku, holder_id, agency_id, chain, revocation, revoked_at, revocation_source,
         next_update, confirmed_at, fresh_until, superseded_by_id, source, import_id, name_key, added_at, updated_at)
       values (?, ?, ?, ?, ?, ?, ?, 'PEMERINTAH KOTA BATAM', ?, ?, ?, ?, ?, ?, ?, '["digitalSignature","nonRepudiation"]', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const addProblem = client.prepare(
      'insert into problem (id, certificate_id, rule, severity, detail, first_seen_at) values (?, ?, ?, ?, ?, ?)',
    );
    const addMark = client.prepare(
      'insert into certificate_mark (id, certificate_id, kind, ref, at) values (?, ?, ?, ?, ?)',
    );
    for (let i = 0; i < size.certificates; i++) {
      const id = `certificate-${String(i).padStart(8, '0')}`;
      const person = people[i % people.length]!;
      const owned = random() < 0.9;
      const file = random() < 0.95;
      const fingerprint = file ? hex(64) : null;
      if (fingerprint) addDer.run(fingerprint, Buffer.alloc(16, i % 251), now);
      const use = pick(USES);
      const notBefore = now - Math.floor(random() * 1400) * DAY + (random() < 0.002 ? 1500 * DAY : 0);
      const notAfter = notBefore + 730 * DAY;
      const fate = random();
      const chain =
        fate < 0.001
          ? 'bad_signature'
          : fate < 0.004
            ? 'ca_revoked'
            : fate < 0.02
              ? 'untrusted'
              : fate < 0.04
                ? 'incomplete'
                : fate < 0.045
                  ? 'invalid_path'
                  : fate < 0.06
                    ? 'ca_expired'
                    : 'anchored';
      const state = random();
      const revocation =
        state < 0.03
          ? 'revoked'
          : state < 0.033
            ? 'on_hold'
            : state < 0.034
              ? 'conflict'
              : state < 0.04
                ? 'unknown'
                : state < 0.06
                  ? 'not_checkable'
                  : state < 0.1
                    ? 'undetermined'
                    : 'good';
      const confirmedAt = revocation === 'undetermined' || !file ? null : now - Math.floor(random() ** 4 * 60 * DAY);
      const age = confirmedAt === null ? 0 : now - confirmedAt;
      addCertificate.run(
        id,
        fingerprint,
        chain === 'anchored' ? pick(cas) : null,
        'CN=OSD LU Kelas 2, O=BSrE, C=ID',
        hex(32),
        `CN=${person.name},SERIALNUMBER=${i}`,
        person.name.toUpperCase(),
        notBefore,
        notAfter,
        hex(64),
        random() < 0.8 ? 'RSA' : 'EC',
        random() < 0.8 ? 2048 : 4096,
        use,
        use === 'tls_server' ? `["dns:layanan${i}.batam.example"]` : `["email:${person.email}"]`,
        use === 'tls_server'
          ? '["1.3.6.1.5.5.7.3.1"]'
          : use === 'email'
            ? '["1.3.6.1.5.5.7.3.4"]'
            : '["1.2.840.113583.1.1.5"]',
        owned ? person.id : null,
        owned ? person.agencyId : random() < 0.7 ? at() : null,
        chain,
        revocation,
        revocation === 'revoked' ? now - 30 * DAY : null,
        confirmedAt === null ? 'none' : 'crl',
        confirmedAt === null ? null : confirmedAt + 7 * DAY,
        confirmedAt,
        confirmedAt === null ? null : confirmedAt + 25 * HOUR,
        random() < 0.15 ? 'certificate-00000000' : null,
        file ? 'file' : 'sheet',
        `import-${Math.floor(i / 4000)}`,
        person.name.toUpperCase(),
        now - (size.certificates - i) * 1000,
        now - age,
      );
      if (random() < 0.12) addProblem.run(`problem-${i}`, id, pick(RULES), pick(SEVERITIES), 'Uji', now);
      if (random() < 0.01)
        addMark.run(`mark-${i}`, id, pick(['open_incident', 'pending_revocation', 'mismatch']), `R${i}`, now);
    }
  })();
}

/** Real CA certificates, as chains and sources read them. @returns their ids */
function authorities(ctx: Context): string[] {
  certificates.offerKnownIssuers(ctx);
  const client = connection(ctx.db);
  client.exec("update authority set trust = 'anchor'");
  return client.prepare('select id from authority order by common_name').pluck().all() as string[];
}
