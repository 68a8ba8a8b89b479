import { describe, expect, test } from 'vitest';
import * as audit from '../audit/index.ts';
import * as agencies from '../agencies/index.ts';
import { DAY, HOUR, MINUTE, period } from '../calendar.ts';
import { message } from '../notifications/schema.ts';
import * as settings from '../settings/index.ts';
import {
  addCertificate,
  deliver,
  letterTo,
  makeIncidentWorld,
  openIncident,
  REASONED,
  REPORT,
  revoke,
  type IncidentWorld,
} from '#tests/support/incident-world.ts';
import { articles } from './legal.ts';
import * as incidents from './index.ts';

const REVIEW: incidents.ReviewInput = {
  rootCause: 'HP tanpa kunci layar dan passphrase ditulis di catatan.',
  causeKind: 'human',
  outcome: 'revoked_replaced',
  lessons: 'Pelaporan cepat; penyimpanan passphrase buruk.',
  actions: 'Sosialisasi pengelolaan passphrase oleh kecamatan, bulan depan.',
};

/** Everything up to a recovered incident with both heads told. */
async function handled(world: IncidentWorld): Promise<string> {
  const number = openIncident(world);
  incidents.assess(world.handler, number, { impact: 2, urgency: 3, highOffice: true });
  incidents.linkCertificate(world.handler, number, world.certificateId);
  const request = incidents.requestRevocation(world.handler, number, {
    certificateId: world.certificateId,
    reasonCode: 'KEY_LOST',
  });
  world.clock.advance(5 * MINUTE);
  incidents.forwardRevocation(world.handler, request, { number: 'PCB-2026-0044' });
  await letterTo(world, number, 'bssn');
  await letterTo(world, number, 'bsre');
  await deliver(world);
  world.clock.advance(HOUR);
  revoke(world);
  incidents.observeRevocation(world.ctx());
  return number;
}

test('from a report on a phone to a closed incident: both heads are told, the revocation is seen, the trail tells it', async () => {
  const world = makeIncidentWorld();
  const { handler, supervisor, head, clock } = world;
  incidents.setDuty(handler, {
    name: 'Rizky Aditya Ginting',
    phone: '0778-555-0142',
    from: '2026-11-22T07:30',
    to: '2026-11-23T07:30',
  });
  const { number: lap, token } = incidents.report(world.open, REPORT);
  expect(lap).toBe('LAP-2026-0001');
  expect(incidents.receipt(world.open, token)).toMatchObject({
    number: lap,
    agency: 'Kecamatan Sekupang',
    phone: '0812-••••-0134',
    verified: false,
    duty: { name: 'Rizky Aditya Ginting', phone: '0778-555-0142' },
  });
  expect(incidents.tasks(handler)[0]).toMatchObject({ kind: 'intake', dueAt: clock.at + 240 * MINUTE });

  clock.advance(6 * MINUTE);
  const number = incidents.promote(handler, lap, {
    type: 'key_lost',
    title: 'HP Camat Sekupang hilang, passphrase mungkin diketahui',
    agencyId: world.agency.id,
    description: 'HP berisi aplikasi tanda tangan hilang di pelabuhan.',
  });
  expect(number).toBe('INS-2026-0001');
  const born = incidents.get(handler, number);
  expect(born.state).toBe('triaged');
  expect(born.obligations.map((o) => [o.party, o.stage, o.legalText, o.clock.dueAt - o.clock.startAt])).toEqual([
    ['bssn', 'early_notice', articles['19(1)'], DAY],
    ['bsre', 'early_notice', articles['19(1)'], DAY],
  ]);
  expect(born.knownAt).toBe(clock.at - 6 * MINUTE);
  expect(born.steps[0]).toMatchObject({ key: 'call' });

  incidents.assess(handler, number, { impact: 2, urgency: 3, highOffice: true });
  incidents.tick(handler, number, 'owner_called');
  expect(incidents.get(handler, number)).toMatchObject({ state: 'handled', level: 'high' });
  expect(incidents.get(handler, number).steps[0]).toMatchObject({ key: 'link' });
  incidents.linkCertificate(handler, number, world.certificateId);
  const request = incidents.requestRevocation(handler, number, {
    certificateId: world.certificateId,
    reasonCode: 'KEY_LOST',
  });
  clock.advance(8 * MINUTE);
  incidents.forwardRevocation(handler, request, { number: 'PCB-2026-0044' });
  expect(incidents.get(handler, number).state).toBe('contained');
  expect(() => incidents.close(handler, number)).toThrow(
    /pemberitahuan awal ke Kepala BSSN.*pencabutan.*akar masalah.*pelapor/,
  );

  const letter = await letterTo(world, number, 'bssn');
  expect(incidents.getLetter(handler, letter).letter).toMatchObject({
    approvedBy: audit.actorKey(head.actor),
    pdfSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect((await incidents.letterPdf(handler, letter)).bytes.subarray(0, 5).toString()).toBe('%PDF-');
  await letterTo(world, number, 'bsre');
  await deliver(world, { result: 'sent', reply: '250 ok' }, { result: 'permanent', reply: '550 alamat tidak dikenal' });
  const half = incidents.get(handler, number);
  expect(half.obligations.map((o) => [o.party, o.progress.grade, o.progress.failedAt !== null])).toEqual([
    ['bssn', 2, false],
    ['bsre', 1, true],
  ]);
  expect(half.steps[0]?.title).toBe('Sampaikan pemberitahuan awal ke Kepala BSrE lewat jalur lain');
  const proof = await incidents.addEvidence(handler, number, {
    name: 'cap.png',
    bytes: Buffer.from('cap'),
    mediaType: 'image/png',
    description: 'Cap loket BSrE',
  });
  const bsre = half.obligations[1]!.id;
  expect(() => incidents.carry(handler, bsre, { channel: 'courier', address: 'Loket BSrE' })).toThrow(/Penyampaian/);
  incidents.carry(handler, bsre, {
    channel: 'courier',
    address: 'Loket BSrE',
    person: 'Petugas loket',
    evidenceId: proof.id,
  });
  incidents.recordReceipt(handler, half.obligations[0]!.id, { grade: 4, authorityNumber: 'BSSN-118204' });

  expect(incidents.observeRevocation(world.ctx())).toBe(0);
  clock.advance(HOUR);
  revoke(world);
  expect(incidents.observeRevocation(world.ctx())).toBe(1);
  expect(incidents.observeRevocation(world.ctx())).toBe(0);
  const told = incidents.get(handler, number);
  expect(told.state).toBe('reviewed');
  expect(told.requests[0]!.steps.at(-1)).toMatchObject({ kind: 'seen', evidenceId: 'bukti-1' });

  incidents.writeReview(handler, number, REVIEW);
  expect(() => incidents.close(handler, number)).toThrow(/disetujui orang kedua/);
  incidents.approveReview(supervisor, number);
  incidents.tick(handler, number, 'reporter_informed');
  expect(incidents.get(handler, number).steps.find((s) => !s.waiting)?.key).toBe('close');
  incidents.close(handler, number);
  expect(incidents.get(handler, number)).toMatchObject({ state: 'closed', clock: null, steps: [] });
  expect(incidents.custody(handler, proof.id)).toMatchObject({
    whole: true,
    events: [{ kind: 'collected' }, { kind: 'rehashed' }],
  });
  expect(incidents.figures(handler, period('2026')!)).toMatchObject({
    total: 1,
    closed: 1,
    reportedOnTime: { met: 2, of: 2 },
    requestedToSeen: { median: 68, of: 1 },
    intakes: { received: 1, promoted: 1 },
  });
  const trail = audit
    .list(handler, { target: ['incident', born.id], limit: 100 }, () => 'Rizky')
    .map((row) => row.sentence);
  expect(trail[0]).toBe('Rizky menutup INS-2026-0001');
  expect(trail.join('\n')).not.toMatch(/\{|undefined|Bagus/);
  expect(audit.verify(world.ctx()).ok).toBe(true);
});

describe('the open door', () => {
  test.each([
    ['no phone number', { phone: '0812' }, 'phone'],
    ['a time to come', { detectedAt: '2026-11-23T10:00' }, 'detectedAt'],
    ['no time', { detectedAt: 'kemarin' }, 'detectedAt'],
    ['no name', { ownerName: ' ' }, 'ownerName'],
    ['an unknown kind', { kind: 'x' as never }, 'kind'],
    ['a filled honeypot', { website: 'http://spam' as never }, 'website'],
    ['a novel', { story: 'x'.repeat(5000) }, 'story'],
  ])('%s is refused beside its field', (_, wrong, field) => {
    const { open } = makeIncidentWorld();
    expect(() => incidents.report(open, { ...REPORT, ...wrong })).toThrow(
      expect.objectContaining({ code: 'invalid', fields: expect.objectContaining({ [field]: expect.any(String) }) }),
    );
  });

  test('hostile text is kept as text and breaks neither trail, page nor letter', async () => {
    const world = makeIncidentWorld();
    const story = '<script>alert(1)</script> \ud800 \u202e{actor} **tebal** \u0000 ' + "'; DROP TABLE intake;--";
    const { number, token } = incidents.report(world.open, { ...REPORT, ownerName: '<b>Bagus</b> {*phone}', story });
    expect(incidents.receipt(world.open, token).ownerName).toBe('<b>Bagus</b> {*phone}');
    expect(incidents.getIntake(world.handler, number).story).toContain('<script>');
    const incident = incidents.promote(world.handler, number, {
      type: 'repudiation',
      title: '<img src=x onerror=alert(1)> judul',
      agencyId: world.agency.id,
      description: story,
    });
    const o = incidents.get(world.handler, incident).obligations[0]!;
    const letter = incidents.draft(world.handler, o.id);
    expect((await incidents.letterPdf(world.handler, letter)).bytes.length).toBeGreaterThan(5000);
    expect(audit.verify(world.ctx()).ok).toBe(true);
  });

  test('a token cannot be guessed, and the stored one is only a hash', () => {
    const world = makeIncidentWorld();
    const { token } = incidents.report(world.open, REPORT);
    expect(token).toMatch(/^[\w-]{32}$/);
    for (const wrong of ['', 'x'.repeat(32), `${token.slice(0, 31)}!`, '../../etc'])
      expect(() => incidents.receipt(world.open, wrong)).toThrow(/tidak ditemukan/);
    const dump = JSON.stringify(world.db.$client.prepare('select * from intake').all());
    expect(dump).not.toContain(token);
  });

  test('nobody who has not signed in reads or decides anything', () => {
    const world = makeIncidentWorld();
    const { number } = incidents.report(world.open, REPORT);
    for (const act of [
      () => incidents.intakes(world.open),
      () => incidents.list(world.open),
      () => incidents.dismissIntake(world.open, number, REASONED),
      () => incidents.get(world.open, 'INS-2026-0001'),
    ]) {
      expect(act).toThrow(expect.objectContaining({ code: 'forbidden' }));
    }
  });
});

describe('what becomes of a report', () => {
  test('it is decided once: closed, merged or promoted', () => {
    const world = makeIncidentWorld();
    const number = openIncident(world);
    const again = incidents.report(world.open, REPORT).number;
    expect(incidents.similar(world.handler, again)).toHaveLength(0);
    incidents.linkCertificate(world.handler, number, world.certificateId);
    expect(incidents.similar(world.handler, again)).toMatchObject([{ kind: 'incident', number, why: 'pemilik sama' }]);
    incidents.mergeIntake(world.handler, again, { incident: number.toLowerCase(), ...REASONED });
    expect(incidents.get(world.handler, number).intakes).toHaveLength(2);
    expect(() => incidents.dismissIntake(world.handler, again, REASONED)).toThrow(/sudah diputuskan/);
    expect(() =>
      incidents.dismissIntake(world.handler, incidents.report(world.open, REPORT).number, { reason: 'x' }),
    ).toThrow(/belum ditutup/);
  });

  test('a different time of knowledge needs a reason', () => {
    const world = makeIncidentWorld();
    expect(() => openIncident(world, { knownAt: '2026-11-22T13:35' })).toThrow(
      expect.objectContaining({ fields: { knownReason: expect.any(String) } }),
    );
    const number = openIncident(world, { knownAt: '2026-11-22T13:35', knownReason: 'Ditelepon pemilik lebih dahulu' });
    expect(incidents.get(world.handler, number).obligations[0]!.clock.startAt).toBe(Date.parse('2026-11-22T06:35:00Z'));
  });

  test('a refused promotion gives its number back', () => {
    const world = makeIncidentWorld();
    const { number } = incidents.report(world.open, { ...REPORT, certificateId: '' });
    expect(() =>
      incidents.promote(world.handler, number, {
        type: 'key_lost',
        title: 'Judul yang cukup',
        agencyId: 'tidak-ada',
        description: 'Deskripsi yang cukup',
      }),
    ).toThrow();
    expect(incidents.get(world.handler, openIncident(world)).number).toBe('INS-2026-0001');
  });
});

describe('who sees what', () => {
  test('an officer sees the incidents of the own agency, adds notes, and nothing else', () => {
    const world = makeIncidentWorld();
    const number = openIncident(world);
    expect(incidents.list(world.officer).rows).toHaveLength(1);
    expect(incidents.list(world.stranger)).toMatchObject({ rows: [], total: 0, counts: { open: 0, closed: 0 } });
    expect(() => incidents.get(world.stranger, number)).toThrow(expect.objectContaining({ code: 'not_found' }));
    incidents.note(world.officer, number, { text: 'Pemilik sudah mengunci nomor HP.' });
    expect(() => incidents.assess(world.officer, number, { impact: 1, urgency: 1 })).toThrow(/hak/);
    expect(() => incidents.note(world.stranger, number, { text: 'Catatan orang lain.' })).toThrow(/tidak ada/);
    const o = incidents.get(world.handler, number).obligations[0]!;
    incidents.draft(world.handler, o.id);
    expect(incidents.get(world.officer, number).obligations[0]!.letters).toEqual([]);
    expect(() => incidents.getLetter(world.officer, o.id)).toThrow(/hak/);
  });

  test('a certificate of another agency cannot be linked through the report form', () => {
    const world = makeIncidentWorld();
    const { number } = incidents.report(world.stranger, { ...REPORT, certificateId: world.certificateId });
    expect(incidents.getIntake(world.handler, number).certificateId).toBeNull();
  });
});

describe('obligations', () => {
  test('a dispute owes BSrE a request for help besides both notices', () => {
    const world = makeIncidentWorld();
    const view = incidents.get(world.handler, openIncident(world, { type: 'repudiation' }));
    expect(view.clause).toBe('b');
    expect(view.obligations.map((o) => [o.party, o.stage, o.basis])).toEqual([
      ['bssn', 'early_notice', 'Perwali Batam 27/2020 Pasal 19 ayat (1)'],
      ['bsre', 'early_notice', 'Perwali Batam 27/2020 Pasal 19 ayat (1)'],
      ['bsre', 'technical_help', 'Perwali Batam 27/2020 Pasal 20 ayat (2)'],
    ]);
  });

  test('budgets come from the settings and stay as they were at birth', () => {
    const world = makeIncidentWorld();
    const first = openIncident(world);
    settings.set(
      world.admin,
      'incidentClocks',
      { ...settings.get(world.admin, 'incidentClocks'), earlyNotice: 720 },
      { source: 'SK Kepala Dinas' },
    );
    const second = openIncident(world);
    const due = (number: string) => incidents.get(world.handler, number).obligations[0]!.clock;
    expect(due(first).dueAt - due(first).startAt).toBe(DAY);
    expect(due(second).dueAt - due(second).startAt).toBe(12 * HOUR);
    expect(incidents.get(world.handler, second).obligations[0]!.budgetSource).toMatch(/kebijakan Dinas/);
  });

  test('a corrected time of knowledge moves the clocks visibly and never silently', () => {
    const world = makeIncidentWorld();
    const number = openIncident(world);
    incidents.correct(world.handler, number, 'known', { at: '2026-11-22T13:05', ...REASONED });
    const [o] = incidents.get(world.handler, number).obligations;
    expect(o!.rebases).toMatchObject([{ oldDue: o!.dueAt, newDue: Date.parse('2026-11-22T06:05:00Z') + DAY }]);
    expect(o!.clock.dueAt).toBe(o!.dueAt - HOUR);
    expect(() => world.db.$client.prepare('update obligation set due_at = 0').run()).toThrow(/never edited/);
  });

  test('not reporting takes a reason and a second person', () => {
    const world = makeIncidentWorld();
    const boss = world.person(['handler', 'supervisor']);
    const number = openIncident(world);
    const [o] = incidents.get(world.handler, number).obligations;
    expect(() => incidents.proposeWaiver(boss, o!.id, { reason: 'malas' })).toThrow(/belum disimpan/);
    incidents.proposeWaiver(boss, o!.id, REASONED);
    expect(() => incidents.proposeWaiver(world.handler, o!.id, REASONED)).toThrow(/menunggu/);
    expect(() => incidents.decideWaiver(boss, o!.id, true)).toThrow(/milik Anda sendiri/);
    expect(() => incidents.decideWaiver(world.handler, o!.id, true)).toThrow(/hak/);
    expect(() => incidents.decideWaiver(world.ctx(), o!.id, true)).toThrow(/hak/);
    incidents.decideWaiver(world.supervisor, o!.id, false);
    expect(incidents.get(world.handler, number).obligations[0]!.settledAt).toBeNull();
    incidents.proposeWaiver(boss, o!.id, REASONED);
    incidents.decideWaiver(world.head, o!.id, true);
    expect(incidents.get(world.handler, number).obligations[0]).toMatchObject({ waived: true });
  });

  test('no incident after all is possible only when nobody waits for a letter', () => {
    const world = makeIncidentWorld();
    const number = openIncident(world);
    expect(() => incidents.dismiss(world.handler, number, REASONED)).toThrow(/orang kedua/);
    for (const o of incidents.get(world.handler, number).obligations) {
      incidents.proposeWaiver(world.handler, o.id, REASONED);
      incidents.decideWaiver(world.head, o.id, true);
    }
    incidents.dismiss(world.handler, number, REASONED);
    expect(incidents.get(world.handler, number).state).toBe('not_incident');
    expect(incidents.figures(world.handler, period('2026')!)).toMatchObject({ total: 0 });
  });
});

describe('letters', () => {
  test('nobody approves own words, a letter without number is not approved, an approved one is locked', async () => {
    const world = makeIncidentWorld();
    const both = world.person(['handler', 'supervisor']);
    const number = openIncident(world);
    const [o] = incidents.get(world.handler, number).obligations;
    const id = incidents.draft(both, o!.id);
    expect(() => incidents.draft(world.handler, o!.id)).toThrow(/Masih ada draf/);
    await expect(incidents.approve(both, id)).rejects.toThrow(/Anda tulis/);
    await expect(incidents.approve(world.head, id)).rejects.toThrow(/belum dapat disetujui/);
    await expect(incidents.send(world.handler, id)).rejects.toThrow(/belum disetujui/);
    const proposal = incidents.getLetter(both, id).letter;
    incidents.edit(world.handler, id, { ...proposal.content, number: '500.12/1/X', date: proposal.date });
    await expect(incidents.approve(both, id)).rejects.toThrow(/Anda tulis/);
    await incidents.approve(world.head, id);
    expect(() => incidents.edit(world.handler, id, { ...proposal.content, number: '2', date: proposal.date })).toThrow(
      /sudah dikunci/,
    );
    expect(() => world.db.$client.prepare("update letter set number = 'x'").run()).toThrow(/locked/);
    await incidents.send(world.handler, id);
    await expect(incidents.send(world.handler, id)).rejects.toThrow(/sudah dikirim/);
    expect(
      world.db
        .select()
        .from(message)
        .all()
        .filter((m) => m.lane === 'letter'),
    ).toMatchObject([{ recipient: 'bssn@example.test', attachments: [{ mediaType: 'application/pdf' }] }]);
  });

  test('what was changed while it was read is not approved', async () => {
    const world = makeIncidentWorld();
    const [o] = incidents.get(world.handler, openIncident(world)).obligations;
    const id = incidents.draft(world.handler, o!.id, {
      ...incidents.letterProposal(world.handler, o!.id),
      number: '1',
    });
    const approval = incidents.approve(world.head, id);
    world.clock.advance(1000);
    incidents.edit(world.handler, id, {
      ...incidents.getLetter(world.handler, id).letter.content,
      number: '2',
      date: '2026-11-22',
    });
    await expect(approval).rejects.toThrow(/berubah sementara/);
    expect(incidents.getLetter(world.handler, id).letter.lockedAt).toBeNull();
  });

  test('under standing delegation the early notice leaves at once and is approved afterwards', async () => {
    const world = makeIncidentWorld();
    const [o] = incidents.get(world.handler, openIncident(world)).obligations;
    const id = incidents.draft(world.handler, o!.id);
    settings.set(world.admin, 'delegation', { decree: 'SK 188/2026', earlyNotice: true }, { source: 'SK 188/2026' });
    await incidents.send(world.handler, id);
    await deliver(world);
    expect(incidents.getLetter(world.handler, id).letter).toMatchObject({
      delegation: 'SK 188/2026',
      approvedAt: null,
    });
    expect(incidents.getLetter(world.handler, id).obligation.transmissions[0]!.mail!.state).toBe('sent');
    await incidents.approve(world.head, id);
    expect(incidents.getLetter(world.handler, id).letter.approvedBy).toBe(audit.actorKey(world.head.actor));
  });

  test('a letter keeps the address it went to; a new version takes the new one', async () => {
    const world = makeIncidentWorld();
    const number = openIncident(world);
    const id = await letterTo(world, number, 'bssn');
    await deliver(world, { result: 'permanent', reply: '550' });
    agencies.contacts.set(world.admin, 'bssn', {
      addressee: 'Kepala Badan Siber dan Sandi Negara',
      address: 'di Jakarta',
      email: 'baru@example.test',
      phone: '',
      outOfHours: '',
    });
    expect(incidents.getLetter(world.handler, id).letter.content.email).toBe('bssn@example.test');
    expect(agencies.contacts.history(world.admin, 'bssn')).toHaveLength(2);
    expect(agencies.contacts.contactTasks(world.ctx()).map((task) => task.title)).toContain(
      'Periksa kebenaran alamat Kepala BSSN',
    );
  });
});

describe('clocks', () => {
  test('what is wrong with one incident silences no other, and the run says which', () => {
    const world = makeIncidentWorld();
    const broken = openIncident(world);
    const sound = openIncident(world);
    world.db.delete(message).run();
    const { id } = incidents.get(world.handler, broken);
    world.db.$client.exec(
      `create trigger broken before insert on clock_step when new.incident_id = '${id}' begin select raise(abort, 'rusak'); end`,
    );
    world.clock.advance(13 * HOUR);
    expect(() => incidents.remind(world.ctx())).toThrow(`pengingat gagal untuk 1 insiden (${broken}`);
    const mails = world.db.select().from(message).all();
    expect(mails.some((mail) => mail.subject.startsWith(sound))).toBe(true);
    expect(mails.some((mail) => mail.subject.startsWith(broken))).toBe(false);
    world.db.$client.exec('drop trigger broken');
    expect(incidents.remind(world.ctx())).toBeGreaterThan(0);
  });

  test('each step of the ladder speaks once, and what an outage missed becomes one message', () => {
    const world = makeIncidentWorld();
    const number = openIncident(world);
    world.db.delete(message).run();
    expect(incidents.remind(world.ctx())).toBe(0);
    world.clock.advance(13 * HOUR);
    // Revocation request (1 h, all three steps collapsed into one) and both notices at 50 percent.
    expect(incidents.remind(world.ctx())).toBe(3);
    expect(incidents.remind(world.ctx())).toBe(0);
    const mails = world.db.select().from(message).all();
    expect(
      mails.filter((m) => m.body.includes('langkah 50, 80 persen terlewati')).map((m) => m.recipient),
    ).toHaveLength(3);
    world.clock.advance(12 * HOUR);
    expect(incidents.remind(world.ctx())).toBe(2);
    expect(incidents.get(world.handler, number).clock?.dueAt).toBeLessThan(world.clock.at);
    expect(
      incidents.tasks(world.handler).some((task) => task.kind === 'obligation' && task.dueAt! < world.clock.at),
    ).toBe(true);
  });

  test('the list shows the shortest clock first and counts by state', () => {
    const world = makeIncidentWorld();
    const plain = openIncident(world, { type: 'key_damaged' });
    world.clock.advance(MINUTE);
    const lost = openIncident(world, {}, { ownerName: 'Orang Lain' });
    const list = incidents.list(world.handler);
    expect(list.rows.map((row) => row.number)).toEqual([lost, plain]);
    expect(list).toMatchObject({ total: 2, counts: { open: 2, closed: 0 }, states: { triaged: 2 } });
    expect(incidents.list(world.handler, { type: 'key_damaged' }).rows).toHaveLength(1);
    expect(incidents.list(world.handler, { text: '100%_' }).rows).toHaveLength(0);
  });
});

describe('closing', () => {
  test('evidence that was changed on the disk keeps the incident open', async () => {
    const world = makeIncidentWorld();
    const number = await handled(world);
    const { sha256 } = await incidents.addEvidence(world.handler, number, {
      name: 'a.txt',
      bytes: Buffer.from('asli'),
      mediaType: 'text/plain',
      description: 'Bukti asli',
    });
    incidents.writeReview(world.handler, number, REVIEW);
    incidents.approveReview(world.supervisor, number);
    incidents.tick(world.handler, number, 'reporter_informed');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(`${world.dir}/files/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`, 'palsu');
    expect(() => incidents.close(world.handler, number)).toThrow(/tidak lagi sesuai/);
    expect(incidents.get(world.handler, number).state).toBe('reviewed');
  });

  test('a closed incident refuses every act, opens with a reason, and then wants a new review', async () => {
    const world = makeIncidentWorld();
    const number = await handled(world);
    incidents.writeReview(world.handler, number, REVIEW);
    expect(() => incidents.approveReview(world.handler, number)).toThrow(/hak/);
    incidents.approveReview(world.supervisor, number);
    incidents.tick(world.handler, number, 'reporter_informed');
    incidents.close(world.handler, number);
    expect(() => incidents.note(world.handler, number, { text: 'Terlambat menulis.' })).toThrow(/sudah ditutup/);
    world.clock.advance(DAY);
    incidents.reopen(world.handler, number, REASONED);
    const view = incidents.get(world.handler, number);
    expect(view.state).toBe('reviewed');
    expect(view.gate.filter((item) => !item.met).map((item) => item.key)).toEqual(['review', 'review.approved']);
    expect(incidents.ofCertificate(world.handler, world.certificateId)).toHaveLength(1);
  });

  test('a short path closes without a second person: damaged, low, no revocation', async () => {
    const world = makeIncidentWorld();
    const number = openIncident(world, { type: 'key_inaccessible' });
    incidents.assess(world.handler, number, { impact: 1, urgency: 1 });
    await letterTo(world, number, 'bssn');
    await letterTo(world, number, 'bsre');
    await deliver(world);
    incidents.tick(world.handler, number, 'recovered', { note: 'Passphrase disetel ulang BSrE' });
    incidents.writeReview(world.handler, number, { ...REVIEW, outcome: 'access_restored' });
    incidents.tick(world.handler, number, 'reporter_informed');
    incidents.close(world.handler, number);
    expect(incidents.get(world.handler, number).state).toBe('closed');
  });

  test('severity is lowered only with a reason', () => {
    const world = makeIncidentWorld();
    const number = openIncident(world);
    incidents.assess(world.handler, number, { impact: 4, urgency: 4 });
    expect(() => incidents.assess(world.handler, number, { impact: 1, urgency: 1 })).toThrow(/alasan/);
    incidents.assess(world.handler, number, { impact: 1, urgency: 1, ...REASONED });
    expect(incidents.get(world.handler, number)).toMatchObject({ level: 'low', assessments: { length: 2 } });
  });

  test('a revocation of the wrong certificate is not seen, and a documented exception suffices', () => {
    const world = makeIncidentWorld();
    const number = openIncident(world);
    const other = addCertificate(world.ctx(), world.agency.id, 'ORANG LAIN');
    expect(() =>
      incidents.requestRevocation(world.handler, number, { certificateId: other, reasonCode: 'KEY_LOST' }),
    ).toThrow(/belum dicatat/);
    incidents.linkCertificates(world.handler, number, [world.certificateId]);
    const id = incidents.requestRevocation(world.handler, number, {
      certificateId: world.certificateId,
      reasonCode: 'KEY_LOST',
    });
    revoke(world, other);
    expect(incidents.observeRevocation(world.ctx())).toBe(0);
    incidents.exceptRevocation(world.handler, id, REASONED);
    expect(incidents.get(world.handler, number).gate.find((item) => item.key === `revocation:${id}`)?.met).toBe(true);
  });
});

test('facts of an incident cannot be changed behind the doors', () => {
  const world = makeIncidentWorld();
  openIncident(world);
  for (const table of ['incident_stamp', 'incident_assignment', 'obligation']) {
    expect(() => world.db.$client.prepare(`delete from ${table}`).run()).toThrow(/never edited/);
  }
});

test('the same form sent twice is one report; another text with its token is another', () => {
  const world = makeIncidentWorld();
  const once = incidents.newToken();
  const first = incidents.report(world.open, { ...REPORT, once });
  expect(first.token).toBe(once);
  expect(incidents.report(world.open, { ...REPORT, once })).toEqual(first);
  const other = incidents.report(world.open, { ...REPORT, story: 'Hilangnya di feri.', once });
  expect(other.number).not.toBe(first.number);
  expect(other.token).not.toBe(once);
  expect(() => incidents.report(world.open, { ...REPORT, once: 'pendek' })).toThrow();
});
