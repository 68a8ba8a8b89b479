// One certificate through the whole mission, told with real parts: a local CA on a real HTTP server, a real SMTP server,
// the database as migrated. Only the clock is the test's own. A newcomer reads this first.
import path from 'node:path';
import { SMTPServer } from 'smtp-server';
import { simpleParser, type ParsedMail } from 'mailparser';
import { expect, onTestFinished, test } from 'vitest';
import * as ca from '#tests/support/ca.ts';
import { makeWorld } from '#tests/support/world.ts';
import * as agencies from '#lib/server/agencies/index.ts';
import * as audit from '#lib/server/audit/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import { DAY, HOUR, MINUTE } from '#lib/server/calendar.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import * as compliance from '#lib/server/compliance/index.ts';
import type { Context } from '#lib/server/context.ts';
import * as evaluations from '#lib/server/evaluations/index.ts';
import * as incidents from '#lib/server/incidents/index.ts';
import * as monitoring from '#lib/server/monitoring/index.ts';
import * as notifications from '#lib/server/notifications/index.ts';
import { outbound } from '#lib/server/outbound/index.ts';
import type { Role } from '#lib/server/permission.ts';
import * as reports from '#lib/server/reports/index.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import * as settings from '#lib/server/settings/index.ts';
import { readCertificate } from '#lib/server/x509/index.ts';

const ORIGIN = 'https://siaga.example';

test(
  'a certificate goes from a list and a file to the annual report, and the trail tells all of it',
  { timeout: 120_000 },
  async () => {
    const world = makeWorld(Date.parse('2026-11-16T02:00:00Z'));
    const { clock } = world;
    const system = world.ctx();
    const authority = await ca.serveAuthority({
      folder: path.join(world.dir, 'authority'),
      port: 0,
      clock: () => clock.at,
    });
    onTestFinished(authority.close);
    const post = await postOffice();

    // 1. An administrator sets the office up, accepts a trust anchor after comparing its fingerprint, imports people.
    agencies.seed(system);
    const admin = await founder(world.ctx({ kind: 'system', name: 'setup' }));
    const [supervisor, head, handler, leader, auditor] = (
      ['supervisor', 'head', 'handler', 'leader', 'auditor'] as const
    ).map((role) => colleague(admin, role));
    settings.set(
      admin,
      'office',
      { ...settings.get(admin, 'office'), name: 'Dinas Komunikasi dan Informatika', address: 'Jalan Contoh 1' },
      { source: 'SK 188/2026' },
    );
    settings.set(
      admin,
      'signatory',
      { name: 'Ratna Puspita', position: 'Kepala Dinas', rank: 'Pembina', nip: '197001019999012001' },
      { source: 'SK 188/2026' },
    );
    settings.set(
      admin,
      'outboundAllow',
      [{ host: '127.0.0.1', port: Number(new URL(authority.url).port), why: 'CA uji', until: '' }],
      { source: 'uji' },
    );
    const root = certificates.proposeAuthority(admin, { der: authority.ca.root.certificate, origin: 'CA uji' });
    certificates.proposeAuthority(admin, { der: authority.ca.ca.certificate, origin: 'CA uji' });
    expect(() =>
      certificates.decideTrust(admin, root.id, {
        decision: 'accept',
        fingerprint: 'ab'.repeat(32),
        note: 'salah baca',
      }),
    ).toThrow(/sidik jari/i);
    certificates.decideTrust(admin, root.id, {
      decision: 'accept',
      fingerprint: readCertificate(authority.ca.root.certificate).fingerprint,
      note: 'dibandingkan lewat telepon',
    });
    const personnel = [
      'Nama;NIP;Jabatan;Perangkat Daerah;Email;Status',
      'Budi Uji, S.E.;198001019999011001;Lurah;Kelurahan Tiban Baru;budi@batam.example;aktif',
      'Sari Uji;198001019999011002;Kepala Seksi;Kecamatan Sekupang;sari@batam.example;aktif',
      'Tono Uji;198001019999011003;Sekretaris;Kecamatan Sekupang;tono@batam.example;aktif',
      'Wati Uji;198001019999011004;Kepala Seksi;Dinas Pendidikan;wati@batam.example;aktif',
    ].join('\r\n');
    const people = await certificates.importPersonnel(admin, { name: 'pegawai.csv', bytes: Buffer.from(personnel) });
    expect(people.totals.added).toBe(4);

    // 2. Certificates stand in the inventory with owner, agency, validity, chain, and a status with its evidence.
    const leaf = (commonName: string, begins: number) =>
      ca.makeLeaf(authority.ca.ca, { commonName, notBefore: begins, urls: authority.ca.urls });
    const budi = leaf('BUDI UJI', clock.at - 100 * DAY);
    const files = [
      budi,
      leaf('SARI UJI', clock.at - ca.LEAF_LIFETIME - 3 * DAY),
      leaf('TONO UJI', clock.at - ca.LEAF_LIFETIME + 10 * DAY),
    ];
    const imported = await certificates.importFile(supervisor!, {
      name: 'sertifikat.pem',
      bytes: Buffer.from(files.map(pem).join('\n')),
    });
    expect(imported.totals.certificatesNew).toBeGreaterThan(0);
    const listed = await certificates.importFiles(supervisor!, {
      name: 'daftar.csv',
      files: [
        {
          name: 'daftar.csv',
          bytes: Buffer.from(
            `Nama;NIP;Perangkat Daerah;Nomor Seri;Penerbit;Berlaku Sejak;Berlaku Sampai\r\nWati Uji;198001019999011004;Dinas Pendidikan;${BigInt('0x4455667788')};BSRE CA UJI G1;01/02/2026;01/02/2028\r\n`,
          ),
        },
      ],
    });
    // A bare name is a proposal, which a person accepts.
    const { proposals } = certificates.matching(supervisor!);
    await certificates.acceptProposals(supervisor!, { ledger: proposals.ledger });
    expect(listed.totals.added).toBe(1);
    const record = () =>
      certificates.get(supervisor!, certificates.list(supervisor!, { q: readCertificate(budi).serial }).rows[0]!.id);
    expect(record()).toMatchObject({
      label: 'never_checked',
      chain: 'anchored',
      holder: { name: 'Budi Uji' },
      agency: { name: 'Kelurahan Tiban Baru' },
    });

    // 3. The jobs process fetches the CRL from the CA's server, verifies it, and status follows; the rest is work.
    await revocation.sweep(system, { outbound, lane: 'all' });
    expect(record().label).toBe('valid');
    expect(record().status.sentence).toMatch(/berlaku|dipakai/i);
    monitoring.review(system);
    const labels = certificates.counts(supervisor!);
    expect(labels).toMatchObject({ valid: 1, expired: 1, expiring: 1, data_only: 1 });
    expect(compliance.work(supervisor!).map((task) => task.kind)).toContain('expiry');

    // 4. An officer reports a lost phone without signing in; the handler promotes it and asks for the revocation.
    clock.advance(2 * HOUR);
    const reported = incidents.report(
      { ...system, actor: { kind: 'public' } },
      {
        kind: 'device_lost',
        ownerName: 'Budi Uji',
        agency: 'Kelurahan Tiban Baru',
        reporterName: 'Sari',
        phone: '0812-5550-0190',
        detectedAt: wib(clock.at - 20 * MINUTE),
        story: 'HP hilang di pelabuhan.',
      },
    );
    expect(incidents.receipt({ ...system, actor: { kind: 'public' } }, reported.token).number).toBe(reported.number);
    clock.advance(8 * MINUTE);
    const kelurahan = agencies.find(system)('Kelurahan Tiban Baru')!;
    const number = incidents.promote(handler!, reported.number, {
      type: 'key_lost',
      title: 'HP Lurah Tiban Baru hilang',
      agencyId: kelurahan.id,
      description: 'HP dengan aplikasi tanda tangan hilang di pelabuhan.',
    });
    incidents.assess(handler!, number, { impact: 1, urgency: 3 });
    incidents.linkCertificate(handler!, number, record().id);
    const request = incidents.requestRevocation(handler!, number, {
      certificateId: record().id,
      reasonCode: 'KEY_LOST',
    });
    incidents.forwardRevocation(handler!, request, { number: 'PCB-2026-0001' });
    const owed = () => incidents.get(handler!, number).obligations;
    expect(
      owed()
        .map((o) => o.party)
        .sort(),
    ).toEqual(['bsre', 'bssn']);
    expect(
      owed().every(
        (o) => o.legalText.includes('segera menyampaikan laporan') && o.clock.dueAt === o.clock.startAt + DAY,
      ),
    ).toBe(true);
    expect(() => incidents.close(handler!, number)).toThrow(/belum dapat ditutup/i);

    // 5. The early notice leaves as a letter for each: previewed, approved by another person, mailed, its receipt recorded.
    for (const [party, email] of [
      ['bssn', 'lapor@bssn.example'],
      ['bsre', 'layanan@bsre.example'],
    ] as const) {
      agencies.contacts.set(supervisor!, party, {
        addressee:
          party === 'bssn' ? 'Kepala Badan Siber dan Sandi Negara' : 'Kepala Balai Besar Sertifikasi Elektronik',
        address: 'Jakarta',
        email,
        phone: '(021) 5550-0110',
        outOfHours: '',
      });
    }
    notifications.switchOn(admin, { from: 'siaga@diskominfo.example', replyTo: '', source: 'nota dinas' }, []);
    for (const [i, obligation] of owed().entries()) {
      const letter = incidents.draft(handler!, obligation.id, {
        ...incidents.letterProposal(handler!, obligation.id),
        number: `500.12/30${i}/DISKOMINFO/XI/2026`,
      });
      expect((await incidents.letterPdf(handler!, letter)).bytes.subarray(0, 5).toString()).toBe('%PDF-');
      await expect(incidents.approve(handler!, letter)).rejects.toThrow();
      await incidents.approve(head!, letter);
      await incidents.send(handler!, letter);
    }
    await notifications.deliver(system, { outbound, smtpUrl: post.url });
    expect(post.letters.map((mail) => [mail.to, mail.attachments[0]?.contentType])).toEqual(
      expect.arrayContaining([
        [expect.objectContaining({ text: 'lapor@bssn.example' }), 'application/pdf'],
        [expect.objectContaining({ text: 'layanan@bsre.example' }), 'application/pdf'],
      ]),
    );
    clock.advance(3 * HOUR);
    for (const obligation of owed())
      incidents.recordReceipt(handler!, obligation.id, { grade: 4, authorityNumber: `T-${obligation.party}-77` });
    expect(incidents.observeRevocation(system)).toBe(0);

    // The CA revokes; the next verified CRL shows it; only then can the incident be closed.
    authority.ca.revoke(readCertificate(budi).serial, { revokedAt: clock.at - HOUR, reason: 1 });
    clock.advance(2 * HOUR);
    await revocation.sweep(system, { outbound, lane: 'urgent' });
    expect(record()).toMatchObject({ label: 'revoked', revocationReason: 1 });
    expect(incidents.observeRevocation(system)).toBe(1);
    clock.advance(DAY);
    incidents.tick(handler!, number, 'reporter_informed');
    incidents.writeReview(handler!, number, {
      rootCause: 'HP tidak terkunci dan aplikasi tetap masuk.',
      causeKind: 'human',
      outcome: 'revoked_replaced',
      lessons: 'Pelapor cepat; nomor piket tidak diketahui.',
      actions: 'Kartu darurat dibagikan ke semua kelurahan.',
    });
    if (incidents.get(handler!, number).gate.some((item) => item.key === 'review.approved'))
      incidents.approveReview(supervisor!, number);
    incidents.close(handler!, number);
    expect(incidents.get(handler!, number).state).toBe('closed');

    // 6. The semester's evaluation over all agencies; a finding that a second person closes.
    const round = evaluations.openRound(supervisor!, '2026-S2');
    evaluations.collect(system, round.code);
    const { sheets } = evaluations.round(supervisor!, round.code);
    expect(sheets).toHaveLength(110);
    expect(sheets[0]!.items).toHaveLength(8);
    expect(sheets.find((sheet) => sheet.agency.code === kelurahan.code)).toMatchObject({
      score: expect.any(Number),
      coverage: expect.any(Number),
    });
    const finding = evaluations.findings.create(supervisor!, kelurahan.code, {
      title: 'Kunci layar HP tidak dipakai',
      standard: 'Pasal 12 huruf e',
      condition: 'HP tanpa kunci layar.',
      cause: 'Belum ada aturan.',
      effect: 'Kunci privat dapat dipakai orang lain.',
      risk: 'medium',
      recommendation: 'Wajibkan kunci layar.',
      successMeasure: 'Semua HP penanda tangan terkunci.',
      dueOn: '2026-12-20',
    });
    evaluations.findings.plan(supervisor!, finding, {
      text: 'Edaran kunci layar dan pemeriksaan.',
      dueOn: '2026-12-10',
    });
    evaluations.findings.submit(supervisor!, finding, { text: 'Edaran terbit, seluruh HP diperiksa.' });
    expect(() => evaluations.findings.verify(supervisor!, finding, { code: 1, text: 'Sesuai.' })).toThrow();
    evaluations.findings.verify(head!, finding, { code: 1, text: 'Daftar pemeriksaan sesuai.' });
    expect(evaluations.findings.get(supervisor!, finding).finding.standing.state).toBe('closed');

    // 7. The annual report from one frozen set of figures in four variants, and the brief a leader downloads.
    certificates.snapshotDay(system);
    const snapshot = reports.take(supervisor!, '2026');
    for (const kind of ['annual-mayor', 'annual-governor', 'annual-bssn', 'annual-bsre'] as const) {
      const draft = await reports.make(supervisor!, kind, { period: '2026', snapshotId: snapshot.id });
      const seen = reports.get(head!, draft.id);
      expect(seen.snapshot?.id).toBe(snapshot.id);
      expect(reports.recompute(head!, draft.id)).toEqual([]);
      expect(() => reports.approve(supervisor!, draft.id, seen.report.contentHash!)).toThrow();
      reports.approve(head!, draft.id, seen.report.contentHash!, true);
    }
    await reports.buildRequested(system);
    const brief = await reports.brief(leader!);
    expect(brief.bytes.subarray(0, 5).toString()).toBe('%PDF-');

    // 8. Every article with its live state; the trail tells all of it in sentences, and verifies.
    const articles = compliance.articles(auditor!).chapters.flatMap((chapter) => chapter.articles);
    expect(new Set(articles.map((article) => article.pasal)).size).toBe(24);
    const state = (key: string) => articles.find((article) => article.key === key)?.state;
    expect([state('19-1'), state('22')]).toEqual(['met', 'background']);
    const told = audit
      .list(auditor!, { limit: 500 }, auth.names(auditor!))
      .map((entry) => entry.sentence)
      .join('\n');
    for (const word of ['impor', 'CRL', number, 'menyetujui', 'evaluasi', 'laporan']) expect(told).toContain(word);
    expect(audit.verify(auditor!)).toMatchObject({ ok: true });
  },
);

async function founder(setup: Context): Promise<Context> {
  const token = auth.setupLink(setup)!;
  await auth.completeSetup(setup, token, {
    name: 'Galih Wicaksono',
    email: 'galih@batam.example',
    password: 'kuda laut menari 27',
  });
  return { ...setup, actor: auth.actAs({ ...setup, actor: { kind: 'system', name: 'cli' } }, 'galih@batam.example') };
}

function colleague(admin: Context, role: Role): Context {
  const email = `${role}@batam.example`;
  auth.invite(
    admin,
    { name: `Orang ${role}`, email, position: role, phone: '', agencyId: null, roles: [role] },
    ORIGIN,
  );
  return { ...admin, actor: auth.actAs({ ...admin, actor: { kind: 'system', name: 'cli' } }, email) };
}

/** A real SMTP server that keeps what arrives. */
async function postOffice(): Promise<{ url: string; letters: ParsedMail[] }> {
  const letters: ParsedMail[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onData: (stream, _session, done) =>
      void simpleParser(stream).then((mail) => (letters.push(mail), done(null, 'Ok: antre'))),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = server.server.address() as { port: number };
  return { url: `smtp://127.0.0.1:${address.port}`, letters };
}

const pem = (der: Buffer) =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----`;
const wib = (instant: number) => new Date(instant + 7 * HOUR).toISOString().slice(0, 16);
