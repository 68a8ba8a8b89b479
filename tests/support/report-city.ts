// A small city for reports: agencies, certificates in every state, incidents with obligations, a reviewed round and
// findings, written straight into the tables so that a test of reports needs no other room's verbs. Deterministic.
import { eq } from 'drizzle-orm';
import * as agencies from '#lib/server/agencies/index.ts';
import { agency } from '#lib/server/agencies/schema.ts';
import { DAY, HOUR } from '#lib/server/calendar.ts';
import { dailyCount } from '#lib/server/certificates/schema-list.ts';
import { certificate, certificateDer } from '#lib/server/certificates/schema.ts';
import { newId } from '#lib/server/db/index.ts';
import { criteriaSet } from '#lib/server/evaluations/criteria.ts';
import {
  evaluationMeasure,
  evaluationRound,
  evaluationSheet,
  finding,
  findingStep,
} from '#lib/server/evaluations/schema.ts';
import {
  incident,
  incidentStamp,
  obligation,
  revocationRequest,
  revocationStep,
  transmission,
  verdict,
} from '#lib/server/incidents/schema.ts';
import * as settings from '#lib/server/settings/index.ts';
import type { World } from './world.ts';

/** A repeatable choice. */
function dice(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
}

export function buildCity(world: World, size = 240): void {
  const ctx = world.ctx({ kind: 'system', name: 'setup' });
  const now = world.clock.at;
  const roll = dice(7);
  agencies.seed(ctx);
  settings.set(
    ctx,
    'office',
    {
      ...settings.get(ctx, 'office'),
      name: 'Dinas Komunikasi dan Informatika',
      address: 'Jalan Contoh Nomor 1, Batam Centre, Batam 29400',
      phone: '(0778) 000000',
      web: 'diskominfo.example.id',
      email: 'diskominfo@example.id',
    },
    { source: 'uji' },
  );
  settings.set(
    ctx,
    'signatory',
    {
      name: 'Dr. Contoh Nama, S.T., M.T.',
      position: 'Kepala Dinas Komunikasi dan Informatika Kota Batam',
      rank: 'Pembina Utama Muda (IV/c)',
      nip: '197001011995031001',
    },
    { source: 'uji' },
  );
  const all = world.db.select().from(agency).where(eq(agency.level, 'agency')).all();
  const id = () => newId(now + Math.floor(roll() * 1000));

  const certificates: string[] = [];
  for (let i = 0; i < size; i += 1) {
    const certificateId = id();
    const notAfter = now + Math.round((roll() * 820 - 120) * DAY);
    const notBefore = notAfter - 730 * DAY + 1000;
    const fingerprint = i % 40 === 39 ? null : i.toString(16).padStart(64, '0');
    if (fingerprint)
      world.db
        .insert(certificateDer)
        .values({ fingerprint, der: Buffer.from([48, 0]), storedAt: now })
        .run();
    const revoked = i % 25 === 7;
    const confirmed = i % 11 === 3 ? null : now - Math.round(roll() * 30) * HOUR;
    world.db
      .insert(certificate)
      .values({
        id: certificateId,
        fingerprint,
        issuer: 'CN=CA Uji Batam,O=Uji,C=ID',
        serial: (i + 1000).toString(16),
        subject: `CN=Orang ${i}`,
        commonName: `Orang ${i}`,
        notBefore: Math.min(notBefore, now - DAY),
        notAfter,
        keyAlgorithm: 'RSA',
        keyBits: i % 60 === 5 ? 1024 : 2048,
        signatureAlgorithm: i % 90 === 5 ? '1.2.840.113549.1.1.5' : '1.2.840.113549.1.1.11',
        use: i % 17 === 0 ? 'tls_server' : i % 23 === 0 ? 'email' : 'signature',
        agencyId: i % 50 === 49 ? null : all[Math.floor(roll() * all.length)]!.id,
        chain: i % 30 === 11 ? 'incomplete' : 'anchored',
        revocation: revoked ? 'revoked' : confirmed === null ? 'undetermined' : 'good',
        revokedAt: revoked ? now - Math.round(roll() * 300) * DAY : null,
        confirmedAt: confirmed,
        nextUpdate: now + DAY,
        freshUntil: now + DAY,
        source: fingerprint ? 'file' : 'sheet',
        addedAt: now - 400 * DAY,
        updatedAt: now,
      })
      .run();
    certificates.push(certificateId);
    if (i % 9 === 8)
      world.db
        .update(certificate)
        .set({ supersededById: certificateId })
        .where(eq(certificate.id, certificates[i - 3]!))
        .run();
  }

  for (let month = 0; month < 13; month += 1) {
    const day = new Date(now - month * 30 * DAY).toISOString().slice(0, 10);
    for (const [label, count] of [
      ['valid', 150 - 3 * month],
      ['expiring', 20 + (month % 4)],
      ['expired', 22 + month],
    ] as const) {
      world.db.insert(dailyCount).values({ id: id(), day, agencyId: null, label, count }).run();
    }
  }

  const types = [
    'key_lost',
    'passphrase_leaked',
    'repudiation',
    'misuse',
    'key_lost',
    'authentication_dispute',
    'key_lost',
  ] as const;
  types.forEach((type, i) => {
    const incidentId = id();
    const known = now - (280 - 40 * i) * DAY;
    const home = all[(i * 13) % all.length]!.id;
    world.db
      .insert(incident)
      .values({
        id: incidentId,
        number: `INS-2026-${String(i + 1).padStart(4, '0')}`,
        title: [
          'Token hilang di perjalanan dinas',
          'Frasa sandi diketahui staf',
          'Penyangkalan tanda tangan pada surat tugas',
        ][i % 3]!,
        type,
        clause: type.startsWith('key') || type === 'passphrase_leaked' ? 'a' : 'b',
        agencyId: home,
        description: 'Uraian',
        openedAt: known,
        openedBy: 'system:setup',
      })
      .run();
    for (const [kind, at] of [
      ['detected', known - 2 * HOUR],
      ['known', known],
    ] as const) {
      world.db
        .insert(incidentStamp)
        .values({
          id: id(),
          incidentId,
          kind,
          at,
          precision: 'minute',
          source: 'typed',
          enteredBy: 'system:setup',
          enteredAt: known,
        })
        .run();
    }
    for (const party of ['bssn', 'bsre'] as const) {
      const obligationId = id();
      world.db
        .insert(obligation)
        .values({
          id: obligationId,
          incidentId,
          party,
          stage: 'early_notice',
          basis: 'Pasal 19 ayat (1)',
          legalText: 'segera',
          budget: 1440,
          budgetSource: 'kebijakan Dinas',
          startAt: known,
          dueAt: known + DAY,
          bornAt: known,
        })
        .run();
      if (i === 6) continue;
      const at = known + (i === 3 && party === 'bssn' ? 30 : 4 + i) * HOUR;
      world.db
        .insert(transmission)
        .values({
          id: id(),
          obligationId,
          channel: 'courier',
          at,
          address: 'Jakarta',
          by: 'system:setup',
          enteredAt: at,
        })
        .run();
    }
    const requestId = id();
    world.db
      .insert(revocationRequest)
      .values({
        id: requestId,
        incidentId,
        certificateId: certificates[i]!,
        reason: 'KEY_LOST',
        createdAt: known + HOUR,
        createdBy: 'system:setup',
      })
      .run();
    world.db
      .insert(revocationStep)
      .values({ id: id(), requestId, kind: 'requested', at: known + HOUR, enteredBy: 'system:setup', enteredAt: known })
      .run();
    if (i < 6)
      world.db
        .insert(revocationStep)
        .values({
          id: id(),
          requestId,
          kind: 'seen',
          at: known + (5 + i) * HOUR,
          enteredBy: 'system:setup',
          enteredAt: known,
        })
        .run();
    if (i < 5)
      world.db
        .insert(verdict)
        .values({ id: id(), incidentId, kind: 'closed', reason: 'selesai', at: known + 20 * DAY, by: 'system:setup' })
        .run();
  });

  for (const [code, reviewedShare, at] of [
    ['2026-S1', 1, now - 150 * DAY],
    ['2026-S2', 0.6, now - 20 * DAY],
  ] as const) {
    const roundId = id();
    world.db
      .insert(evaluationRound)
      .values({
        id: roundId,
        code,
        period: code,
        kind: 'routine',
        title: code,
        reason: '',
        criteriaVersion: 1,
        openedAt: at - 20 * DAY,
        openedBy: 'system:setup',
        answerDue: '2026-12-01',
        ...(reviewedShare === 1 ? { closedAt: at + 10 * DAY, closedBy: 'system:setup' } : {}),
      })
      .run();
    all.forEach((home, n) => {
      const sheetId = id();
      const reviewed = n < all.length * reviewedShare;
      world.db
        .insert(evaluationSheet)
        .values({ id: sheetId, roundId, agencyId: home.id, reviewedAt: reviewed ? at : null })
        .run();
      world.db
        .insert(evaluationMeasure)
        .values(
          criteriaSet(1).map((criterion) => {
            const value = Math.min(10_000, Math.round(4500 + roll() * 6000));
            const unknown = roll() < 0.06;
            const result = unknown ? 'unknown' : value > 9000 ? 'conform' : value > 6000 ? 'partial' : 'nonconform';
            return {
              id: id(),
              sheetId,
              criterion: criterion.code,
              numerator: 1,
              denominator: 2,
              value: unknown ? null : value,
              result: result as 'unknown' | 'conform' | 'partial' | 'nonconform',
              rowsHash: 'x',
              misses: [],
              collectedAt: at,
              asOfSize: 1,
            };
          }),
        )
        .run();
    });
    for (let n = 0; n < 9; n += 1) {
      const findingId = id();
      world.db
        .insert(finding)
        .values({
          id: findingId,
          number: `T-2026-${code.endsWith('1') ? '0' : '1'}${String(n + 1).padStart(3, '0')}`,
          agencyId: all[(n * 7) % all.length]!.id,
          roundId,
          criterion: 'renewal',
          title: 'Sertifikat segera habis tanpa pengganti',
          standard: 'Pasal 12 huruf g',
          condition: 'Tiga sertifikat',
          cause: 'Pergantian pejabat',
          effect: 'Layanan terhenti',
          risk: n % 3 === 0 ? 'high' : 'medium',
          recommendation: 'Ajukan pembaruan',
          successMeasure: 'Tidak ada lagi',
          dueOn: new Date(at + 60 * DAY).toISOString().slice(0, 10),
          rows: [],
          adoptedAt: at,
          adoptedBy: 'system:setup',
        })
        .run();
      if (n % 2)
        world.db
          .insert(findingStep)
          .values({
            id: id(),
            findingId,
            seq: 1,
            kind: 'closed',
            text: 'selesai',
            code: 1,
            by: 'system:setup',
            at: at + 10 * DAY,
          })
          .run();
    }
  }
}
