import { describe, expect, test } from 'vitest';
import { makeWorld, NOW, type World } from '#tests/support/world.ts';
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import * as files from '../files/index.ts';
import { DAY, HOUR } from '../calendar.ts';
import { holder } from '../certificates/schema-holder.ts';
import { certificate } from '../certificates/schema.ts';
import type { Context } from '../context.ts';
import { newId } from '../db/index.ts';
import type { AppError } from '../errors.ts';
import { contact } from '../agencies/schema.ts';
import { collectRound } from './collecting.ts';
import * as evaluations from './index.ts';
import { evaluationMeasure, evaluationRound } from './schema.ts';

const PERIOD = '2026-S2';

function makeCity() {
  const world = makeWorld();
  agencies.seed(world.ctx());
  const supervisor = world.person('supervisor', { name: 'Laila' });
  const head = world.person('head', { name: 'Surya' });
  const idOf = (code: string) => agencies.get(world.ctx(), code).id;
  const officer = (code: string) => world.person('officer', { agencyId: idOf(code), agencies: [idOf(code)] });
  return { world, supervisor, head, idOf, officer };
}

let serial = 0;
function addCertificate(
  world: World,
  agencyId: string,
  row: Partial<typeof certificate.$inferInsert> = {},
  owner?: Partial<typeof holder.$inferInsert>,
): string {
  serial += 1;
  const id = newId(world.clock.at);
  const holderId = newId(world.clock.at);
  if (owner) {
    const person = {
      kind: 'person',
      name: 'X',
      nameKey: 'X',
      status: 'active',
      createdAt: NOW,
      nip: String(serial).padStart(18, '0'),
    } as const;
    world.db
      .insert(holder)
      .values({ id: holderId, ...person, ...owner })
      .run();
  }
  world.db
    .insert(certificate)
    .values({
      id,
      issuer: 'CN=BSrE',
      serial: String(serial),
      subject: `CN=${serial}`,
      commonName: String(serial),
      use: 'signature',
      source: 'file',
      notBefore: NOW - 100 * DAY,
      notAfter: NOW + 300 * DAY,
      revocation: 'good',
      freshUntil: NOW + 400 * DAY,
      agencyId,
      holderId: owner ? holderId : null,
      addedAt: NOW,
      updatedAt: NOW,
      ...row,
    })
    .run();
  return id;
}

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'done';
  } catch (error) {
    return (error as AppError).code;
  }
};
const item = (ctx: Context, agency: string, criterion: string) =>
  evaluations.sheet(ctx, PERIOD, agency).sheet.items.find((i) => i.criterion.code === criterion)!;

const checkContacts = (world: World) => {
  const row = {
    addressee: '',
    address: '',
    email: '',
    phone: '',
    outOfHours: '',
    validFrom: NOW,
    verifiedAt: NOW + 300 * DAY,
  };
  for (const party of ['bssn', 'bsre', 'mayor', 'governor'] as const)
    world.db
      .insert(contact)
      .values({ id: newId(NOW), party, ...row })
      .run();
};

describe('a round', () => {
  test('covers all 110 agencies, units count for the agency above them', () => {
    const { world, supervisor, idOf } = makeCity();
    addCertificate(world, idOf('SETDA-HUKUM'), {}, {});
    evaluations.openRound(supervisor, PERIOD);
    const page = evaluations.round(supervisor, PERIOD);
    expect(page.sheets).toHaveLength(110);
    expect(item(supervisor, 'SETDA', 'verified_holder').measure).toMatchObject({
      numerator: 1,
      denominator: 1,
      value: 10_000,
    });
  });

  test('an agency without any record is unknown, not zero and not a pass', () => {
    const { supervisor } = makeCity();
    evaluations.openRound(supervisor, PERIOD);
    const { sheet } = evaluations.sheet(supervisor, PERIOD, 'DISHUB');
    expect(sheet.items.find((i) => i.criterion.code === 'verified_holder')!.outcome).toMatchObject({
      result: 'unknown',
      value: null,
    });
    expect(sheet).toMatchObject({ score: null, coverage: 0 });
  });

  test('the figures of a sheet are those of the rows', () => {
    const { world, supervisor, idOf } = makeCity();
    const at = idOf('DISHUB');
    addCertificate(world, at, {}, {});
    const leaver = addCertificate(world, at, {}, { status: 'moved' });
    const ending = addCertificate(world, at, { notAfter: NOW + 10 * DAY, freshUntil: NOW - 1 }, {});
    const orphan = addCertificate(world, at);
    evaluations.openRound(supervisor, PERIOD);
    const at3 = (code: string) => {
      const { numerator, denominator, misses } = item(supervisor, 'DISHUB', code).measure!;
      return [numerator, denominator, misses.map(([, id]) => id)];
    };
    expect(at3('verified_holder')).toEqual([3, 4, [orphan]]);
    expect(at3('leavers')).toEqual([2, 3, [leaver]]);
    expect(at3('renewal')).toEqual([0, 1, [ending]]);
    expect(at3('freshness')).toEqual([3, 4, [ending]]);
    expect(at3('records')).toEqual([0, 4, expect.any(Array)]);
    expect(item(supervisor, 'DISHUB', 'follow_up').outcome.result).toBe('not_applicable');
    // (15×7500 + 15×0 + 20×6667 + 10×7500 + 10×0) / 70
    expect(evaluations.sheet(supervisor, PERIOD, 'DISHUB').sheet).toMatchObject({
      score: 4_583,
      coverage: 10_000,
      known: 5,
      applicable: 5,
    });
  });

  test('measuring twice gives the same and leaves no second trace', () => {
    const { world, supervisor, idOf } = makeCity();
    addCertificate(world, idOf('DISHUB'), {}, { status: 'retired' });
    evaluations.openRound(supervisor, PERIOD);
    const count = () => world.db.select().from(evaluationMeasure).all().length;
    const before = [count(), audit.head(world.ctx()).size, evaluations.findings.proposals(supervisor).length];
    world.clock.advance(HOUR);
    expect(evaluations.collect(world.ctx())).toBe(0);
    expect([count(), audit.head(world.ctx()).size, evaluations.findings.proposals(supervisor).length]).toEqual(before);
    addCertificate(world, idOf('DISHUB'), {}, {});
    expect(evaluations.collect(world.ctx())).toBeGreaterThan(0);
    expect(evaluations.collect(world.ctx())).toBe(0);
    expect(audit.verify(world.ctx()).ok).toBe(true);
  });

  test('is opened once for a semester, never for the future, only by a supervisor', () => {
    const { supervisor, officer } = makeCity();
    expect(codeOf(() => evaluations.openRound(officer('DISHUB'), PERIOD))).toBe('forbidden');
    expect(codeOf(() => evaluations.openRound(supervisor, '2027-S1'))).toBe('invalid');
    expect(codeOf(() => evaluations.openRound(supervisor, '2026'))).toBe('invalid');
    expect(codeOf(() => evaluations.openRound(supervisor, "2026-S2'; drop table agency"))).toBe('invalid');
    evaluations.openRound(supervisor, PERIOD);
    expect(codeOf(() => evaluations.openRound(supervisor, PERIOD))).toBe('conflict');
  });

  test('an incidental round covers the chosen agencies and has a number of its own', () => {
    const { supervisor } = makeCity();
    const round = evaluations.openIncidental(supervisor, { reason: 'Insiden berulang', agencies: ['DISHUB', 'SETDA'] });
    expect(round.code).toBe('2026-S2-I1');
    expect(evaluations.round(supervisor, round.code).sheets).toHaveLength(2);
    expect(codeOf(() => evaluations.openIncidental(supervisor, { reason: 'x', agencies: ['NONE'] }))).toBe('invalid');
    expect(evaluations.openIncidental(supervisor, { reason: 'Lagi', agencies: ['SETDA'] }).code).toBe('2026-S2-I2');
  });

  test('an officer sees only own sheets; a foreign one is not found', () => {
    const { supervisor, officer } = makeCity();
    evaluations.openRound(supervisor, PERIOD);
    const dishub = officer('DISHUB');
    expect(evaluations.round(dishub, PERIOD).sheets.map((s) => s.agency.code)).toEqual(['DISHUB']);
    expect(evaluations.sheet(dishub, PERIOD, 'DISHUB').sheet.agency.code).toBe('DISHUB');
    expect(codeOf(() => evaluations.sheet(dishub, PERIOD, 'SETDA'))).toBe('not_found');
    expect(
      codeOf(() => evaluations.answer(dishub, PERIOD, 'SETDA', { answers: [{ criterion: 'leavers', agrees: true }] })),
    ).toBe('not_found');
    expect(evaluations.coverage(dishub).rows).toHaveLength(1);
    expect(evaluations.figures(dishub, '2026').scores!.agencies).toHaveLength(1);
  });
});

describe('answers and judgements', () => {
  test('an objection needs its reason, and a judgement settles it until its rows change', () => {
    const { world, supervisor, officer, idOf } = makeCity();
    addCertificate(world, idOf('DISHUB'), {}, { status: 'moved' });
    evaluations.openRound(supervisor, PERIOD);
    const dishub = officer('DISHUB');
    const say = (text: string) =>
      evaluations.answer(dishub, PERIOD, 'DISHUB', { answers: [{ criterion: 'leavers', agrees: false, text }] });
    expect(codeOf(() => say(' '))).toBe('invalid');
    say('Yang bersangkutan ditugaskan kembali per 1 November.');
    expect(item(supervisor, 'DISHUB', 'leavers').objection).toBe(true);
    expect(codeOf(() => evaluations.review(supervisor, PERIOD, ['DISHUB']))).toBe('conflict');
    world.clock.advance(HOUR);
    expect(
      codeOf(() => evaluations.judge(supervisor, PERIOD, 'DISHUB', 'leavers', { result: 'conform', remark: '' })),
    ).toBe('invalid');
    evaluations.judge(supervisor, PERIOD, 'DISHUB', 'leavers', {
      result: 'conform',
      remark: 'SK penugasan kembali diperiksa.',
    });
    expect(item(supervisor, 'DISHUB', 'leavers')).toMatchObject({
      objection: false,
      lapsed: false,
      outcome: { result: 'conform', value: 10_000, by: 'judgement' },
    });
    addCertificate(world, idOf('DISHUB'), {}, { status: 'retired' });
    evaluations.collect(world.ctx());
    expect(item(supervisor, 'DISHUB', 'leavers')).toMatchObject({
      lapsed: true,
      outcome: { result: 'nonconform', by: 'measure' },
    });
  });

  test('a sheet nobody answered is reviewed only after its time', () => {
    const { world, supervisor } = makeCity();
    evaluations.openRound(supervisor, PERIOD);
    expect(codeOf(() => evaluations.review(supervisor, PERIOD, ['DISHUB']))).toBe('conflict');
    world.clock.advance(30 * DAY);
    expect(evaluations.review(supervisor, PERIOD, ['DISHUB', 'SETDA'])).toBe(2);
    expect(evaluations.figures(supervisor, PERIOD).coverage).toMatchObject({
      total: 110,
      semesters: [{ period: PERIOD, evaluated: 2 }],
    });
    expect(codeOf(() => evaluations.review(supervisor, PERIOD, ['DISHUB', 'NONE']))).toBe('invalid');
  });

  test('the right of reply runs five working days, and a dispute is answered', () => {
    const { world, supervisor, officer } = makeCity();
    evaluations.openRound(supervisor, PERIOD);
    const dishub = officer('DISHUB');
    evaluations.answer(dishub, PERIOD, 'DISHUB', { answers: [{ criterion: 'leavers', agrees: true }] });
    evaluations.review(supervisor, PERIOD, ['DISHUB']);
    // 22 November 2026 is a Sunday.
    expect(evaluations.sheet(dishub, PERIOD, 'DISHUB').sheet).toMatchObject({ state: 'reply', replyDue: '2026-11-27' });
    expect(
      codeOf(() => evaluations.answer(dishub, PERIOD, 'DISHUB', { answers: [{ criterion: 'leavers', agrees: true }] })),
    ).toBe('conflict');
    expect(codeOf(() => evaluations.reply(dishub, PERIOD, 'DISHUB', { accepts: false, text: '' }))).toBe('invalid');
    evaluations.reply(dishub, PERIOD, 'DISHUB', { accepts: false, text: 'Hasil belum memuat berkas baru.' });
    expect(evaluations.sheet(dishub, PERIOD, 'DISHUB').sheet.state).toBe('objected');
    evaluations.answerReply(
      supervisor,
      PERIOD,
      'DISHUB',
      'Berkas diterima setelah pengukuran; dicatat untuk semester depan.',
    );
    expect(evaluations.sheet(dishub, PERIOD, 'DISHUB').sheet.state).toBe('settled');
    evaluations.openIncidental(supervisor, { reason: 'Uji', agencies: ['SETDA'] });
    world.clock.advance(40 * DAY);
    evaluations.review(supervisor, '2026-S2-I1', ['SETDA']);
    world.clock.advance(20 * DAY);
    expect(evaluations.sheet(supervisor, '2026-S2-I1', 'SETDA').sheet.state).toBe('settled');
  });
});

describe('closing', () => {
  function readyToClose() {
    const city = makeCity();
    const { world, supervisor } = city;
    checkContacts(world);
    evaluations.openRound(supervisor, PERIOD);
    world.clock.advance(30 * DAY);
    const all = evaluations.round(supervisor, PERIOD).sheets.map((s) => s.agency.code);
    evaluations.review(supervisor, PERIOD, all);
    world.clock.advance(20 * DAY);
    evaluations.collect(world.ctx());
    return city;
  }

  test('takes two people, and freezes the measures in between', () => {
    const { world, supervisor, head, idOf } = readyToClose();
    evaluations.proposeClose(supervisor, PERIOD);
    expect(codeOf(() => evaluations.collect(supervisor, PERIOD))).toBe('conflict');
    addCertificate(world, idOf('DISHUB'), {}, { status: 'moved' });
    expect(evaluations.collect(world.ctx())).toBe(0);
    expect(codeOf(() => evaluations.close(supervisor, PERIOD))).toBe('forbidden');
    expect(codeOf(() => evaluations.close(world.ctx(), PERIOD))).toBe('forbidden');
    evaluations.close(head, PERIOD);
    expect(evaluations.round(head, PERIOD).state).toBe('closed');
    expect(
      codeOf(() => evaluations.judge(supervisor, PERIOD, 'DISHUB', 'leavers', { result: 'conform', remark: 'x' })),
    ).toBe('conflict');
    expect(codeOf(() => evaluations.close(head, PERIOD))).toBe('conflict');
    expect(evaluations.collect(world.ctx())).toBe(0);
  });

  test('a measuring run that began before the proposal writes nothing after it', () => {
    const { world, supervisor, idOf } = readyToClose();
    const begun = evaluations.round(supervisor, PERIOD).round;
    evaluations.proposeClose(supervisor, PERIOD);
    addCertificate(world, idOf('DISHUB'), {}, { status: 'moved' });
    expect(collectRound(world.ctx(), begun)).toBe(0);
    expect(evaluations.round(supervisor, PERIOD).round.collectedAt).toBe(begun.collectedAt);
  });

  test('the database itself refuses one person as both', () => {
    const { world, supervisor } = readyToClose();
    evaluations.proposeClose(supervisor, PERIOD);
    const by = audit.actorKey(supervisor.actor);
    expect(() => world.db.update(evaluationRound).set({ closedAt: NOW, closedBy: by }).run()).toThrow('CHECK');
  });

  test('a returned proposal lets the work go on', () => {
    const { supervisor, head } = readyToClose();
    evaluations.proposeClose(supervisor, PERIOD);
    evaluations.returnClose(head, PERIOD, 'Lengkapi catatan Dishub.');
    expect(evaluations.round(supervisor, PERIOD).state).toBe('open');
    expect(codeOf(() => evaluations.close(head, PERIOD))).toBe('conflict');
  });

  test('the x-ray stands in the way until it is clean or waived with a reason', () => {
    const { world, supervisor, idOf } = makeCity();
    addCertificate(world, idOf('DISHUB'), {}, { status: 'moved' });
    evaluations.openRound(supervisor, PERIOD);
    const open = () =>
      evaluations
        .round(supervisor, PERIOD)
        .xray.filter((i) => i.open)
        .map((i) => i.rule);
    expect(open()).toEqual(['proposal_open', 'not_reviewed']);
    expect(codeOf(() => evaluations.proposeClose(supervisor, PERIOD))).toBe('conflict');
    expect(codeOf(() => evaluations.waive(supervisor, PERIOD, 'not_reviewed', 'tidak sempat'))).toBe('forbidden');
    expect(codeOf(() => evaluations.waive(supervisor, PERIOD, 'proposal_open', ' '))).toBe('invalid');
    evaluations.waive(supervisor, PERIOD, 'proposal_open', 'Diputuskan bersama evaluasi berikut.');
    expect(open()).toEqual(['not_reviewed']);
    // One more than was waived: it speaks again.
    addCertificate(world, idOf('SETDA'), {}, { status: 'moved' });
    evaluations.collect(world.ctx());
    expect(open()).toEqual(['proposal_open', 'not_reviewed']);
  });
});

describe('findings', () => {
  function withProposal() {
    const city = makeCity();
    addCertificate(city.world, city.idOf('DISHUB'), { fingerprint: null }, { status: 'moved' });
    evaluations.openRound(city.supervisor, PERIOD);
    const proposal = evaluations.findings.proposals(city.supervisor).find((p) => p.rule === 'leavers')!;
    return { ...city, proposal };
  }
  const adopted = () => {
    const city = withProposal();
    const draft = evaluations.findings.draft(city.supervisor, city.proposal.id).input;
    const number = evaluations.findings.adopt(city.supervisor, city.proposal.id, {
      ...draft,
      cause: 'Serah terima tidak memuat sertifikat.',
    });
    return { ...city, number, dishub: city.officer('DISHUB') };
  };
  const state = (ctx: Context, number: string) => evaluations.findings.get(ctx, number).finding.standing;

  test('a proposal becomes a numbered finding once', () => {
    const { supervisor, proposal, number } = adopted();
    expect(number).toBe('T-2026-0001');
    expect(proposal.condition).toContain('0 dari 1');
    const draft = { ...evaluations.findings.get(supervisor, number).finding };
    expect(codeOf(() => evaluations.findings.adopt(supervisor, proposal.id, draft))).toBe('conflict');
    expect(codeOf(() => evaluations.findings.dismiss(supervisor, proposal.id, 'x'))).toBe('conflict');
    expect(evaluations.collect(supervisor)).toBe(0);
    expect(evaluations.findings.proposals(supervisor).some((p) => p.rule === 'leavers')).toBe(false);
  });

  test('a proposal goes away with its cause and is dismissed only with a reason', () => {
    const { world, supervisor, proposal } = withProposal();
    expect(codeOf(() => evaluations.findings.dismiss(supervisor, proposal.id, ''))).toBe('invalid');
    world.db.update(holder).set({ status: 'active' }).run();
    evaluations.collect(world.ctx());
    expect(codeOf(() => evaluations.findings.dismiss(supervisor, proposal.id, 'Sudah pulih'))).toBe('conflict');
    world.db.update(holder).set({ status: 'moved' }).run();
    evaluations.collect(world.ctx());
    evaluations.findings.dismiss(supervisor, proposal.id, 'Tugas rangkap, SK ada.');
    evaluations.collect(world.ctx());
    expect(evaluations.findings.proposals(supervisor).some((p) => p.rule === 'leavers')).toBe(false);
  });

  test('is planned and done by the agency, and closed by a second person', () => {
    const { supervisor, head, dishub, number, officer } = adopted();
    const other = officer('SETDA');
    expect(codeOf(() => evaluations.findings.get(other, number))).toBe('not_found');
    expect(codeOf(() => evaluations.findings.submit(other, number, { text: 'x' }))).toBe('not_found');
    evaluations.findings.plan(dishub, number, { text: 'Ajukan pencabutan.', dueOn: '2026-12-15' });
    evaluations.findings.progress(dishub, number, { text: 'Surat dikirim.' });
    expect(codeOf(() => evaluations.findings.verify(supervisor, number, { code: 1, text: 'ok' }))).toBe('conflict');
    // A supervisor who records the follow-up for the agency is no longer the second person.
    evaluations.findings.submit(supervisor, number, { text: 'Dicabut, terlihat pada CRL.' });
    expect(codeOf(() => evaluations.findings.verify(supervisor, number, { code: 1, text: 'ok' }))).toBe('forbidden');
    expect(codeOf(() => evaluations.findings.verify(dishub, number, { code: 1, text: 'ok' }))).toBe('forbidden');
    evaluations.findings.verify(head, number, { code: 2, text: 'Baru satu dari dua.' });
    expect(state(head, number)).toMatchObject({ state: 'in_progress', code: 2 });
    evaluations.findings.submit(dishub, number, { text: 'Keduanya dicabut.' });
    evaluations.findings.verify(head, number, { code: 1, text: 'Terlihat pada CRL 22 November.' });
    expect(state(head, number)).toMatchObject({ state: 'closed', code: 1, onTime: true });
    expect(codeOf(() => evaluations.findings.submit(dishub, number, { text: 'x' }))).toBe('conflict');
  });

  test('code 4 needs ground, proof and the head', () => {
    const { supervisor, head, number } = adopted();
    const stored = files.put(head, Buffer.from('%PDF-1.7 putusan'));
    const evidence = { ...stored, name: 'putusan.pdf', mediaType: 'application/pdf' };
    const four = { code: 4, text: 'Putusan pengadilan.' } as const;
    expect(codeOf(() => evaluations.findings.verify(head, number, four))).toBe('invalid');
    expect(codeOf(() => evaluations.findings.verify(head, number, { ...four, ground: 'court' }))).toBe('invalid');
    expect(codeOf(() => evaluations.findings.verify(supervisor, number, { ...four, ground: 'court', evidence }))).toBe(
      'forbidden',
    );
    evaluations.findings.verify(head, number, { ...four, ground: 'court', evidence });
    expect(state(head, number)).toMatchObject({ state: 'closed', code: 4 });
  });

  test('an extension is decided by somebody else, and lateness is computed from it', () => {
    const { world, supervisor, head, dishub, number } = adopted();
    const due = state(head, number).dueOn;
    expect(codeOf(() => evaluations.findings.askExtension(dishub, number, { dueOn: due, text: 'x' }))).toBe('invalid');
    evaluations.findings.askExtension(supervisor, number, { dueOn: '2027-03-31', text: 'Menunggu BSrE.' });
    expect(codeOf(() => evaluations.findings.decideExtension(supervisor, number, true, 'ok'))).toBe('forbidden');
    world.clock.advance(70 * DAY);
    expect(state(head, number).overdue).toBe(true);
    evaluations.findings.decideExtension(head, number, true, 'Alasan dapat diterima.');
    expect(state(head, number)).toMatchObject({ overdue: false, extensions: 1, dueOn: '2027-03-31' });
  });

  test('what did not help comes back as a new, more serious finding', () => {
    const { head, dishub, number } = adopted();
    evaluations.findings.submit(dishub, number, { text: 'Selesai.' });
    evaluations.findings.verify(head, number, { code: 1, text: 'Sesuai.' });
    const again = evaluations.findings.checkEffect(head, number, {
      effective: false,
      text: 'Tiga sertifikat pejabat lama ditemukan lagi.',
    })!;
    expect(evaluations.findings.get(head, again)).toMatchObject({ repeats: number, finding: { risk: 'high' } });
    expect(evaluations.findings.get(head, number).repeatedBy).toEqual([again]);
    expect(codeOf(() => evaluations.findings.checkEffect(head, number, { effective: true, text: 'x' }))).toBe(
      'conflict',
    );
  });

  test('what was closed as conforming is looked at again after a while, by somebody who did not do it', () => {
    const { world, head, dishub, number } = adopted();
    evaluations.findings.submit(dishub, number, { text: 'Selesai.' });
    evaluations.findings.verify(head, number, { code: 1, text: 'Sesuai.' });
    const effect = (who: Parameters<typeof evaluations.tasks>[0]) =>
      evaluations.tasks(who).filter((task) => task.key.startsWith('finding:effect:'));
    expect(effect(head)).toEqual([]);
    world.clock.advance(90 * DAY);
    expect(effect(head)).toEqual([
      expect.objectContaining({ href: `/findings/${number}`, act: 'findings.verify', dueAt: expect.any(Number) }),
    ]);
    expect(effect(dishub)).toEqual([]);
    evaluations.findings.checkEffect(head, number, { effective: true, text: 'Tidak terulang.' });
    expect(effect(head)).toEqual([]);
  });

  test('a step cannot be changed or removed, even in the database', () => {
    const { world, dishub, number } = adopted();
    evaluations.findings.submit(dishub, number, { text: 'Selesai.' });
    expect(() => world.db.$client.exec("update finding_step set text = 'x'")).toThrow('appended');
    expect(() => world.db.$client.exec('delete from finding_step')).toThrow('appended');
  });

  test('an overdue finding of an earlier round lowers the next one', () => {
    const { world, supervisor, number } = adopted();
    world.clock.at = Date.parse('2027-02-15T03:00:00Z');
    evaluations.openRound(supervisor, '2027-S1');
    const sheet = evaluations.sheet(supervisor, '2027-S1', 'DISHUB').sheet;
    expect(sheet.items.find((i) => i.criterion.code === 'follow_up')).toMatchObject({
      measure: { numerator: 0, denominator: 1, misses: [['finding', number]] },
      outcome: { result: 'nonconform' },
    });
  });
});

describe('figures and tasks', () => {
  test('every share has its denominator', () => {
    const { world, supervisor, head, idOf, officer } = makeCity();
    addCertificate(world, idOf('DISHUB'), {}, { status: 'moved' });
    addCertificate(world, idOf('DISHUB'), {}, {});
    evaluations.openRound(supervisor, PERIOD);
    const before = evaluations.figures(supervisor, '2026');
    expect(before.coverage).toEqual({
      total: 110,
      semesters: [
        { period: '2026-S1', evaluated: 0 },
        { period: PERIOD, evaluated: 0 },
      ],
      all: 0,
    });
    expect(before.scores).toMatchObject({ scored: 1, round: PERIOD });
    expect(before.scores!.criteria.find((c) => c.code === 'leavers')).toMatchObject({
      numerator: 1,
      denominator: 2,
      share: 5_000,
      nonconform: 1,
      unknown: 109,
    });
    expect(before.scores!.byKind.reduce((sum, kind) => sum + kind.agencies, 0)).toBe(110);
    expect(before.findings).toMatchObject({ raised: 0, due: 0, onTimeShare: null });
    const proposal = evaluations.findings.proposals(supervisor).find((p) => p.rule === 'leavers')!;
    const draft = evaluations.findings.draft(supervisor, proposal.id).input;
    const number = evaluations.findings.adopt(supervisor, proposal.id, { ...draft, dueOn: '2026-12-01' });
    evaluations.findings.submit(officer('DISHUB'), number, { text: 'Selesai.' });
    evaluations.findings.verify(head, number, { code: 1, text: 'Sesuai.' });
    expect(evaluations.figures(supervisor, '2026').findings).toMatchObject({
      raised: 1,
      closed: 1,
      open: 0,
      due: 1,
      onTime: 1,
      onTimeShare: 10_000,
      codes: { 1: 1 },
    });
    expect(codeOf(() => evaluations.figures(supervisor, 'semua'))).toBe('invalid');
  });

  test('tasks appear for whom they wait and vanish with their cause', () => {
    const { supervisor, officer, world } = makeCity();
    const titles = (ctx: Context) => evaluations.tasks(ctx).map((task) => task.title);
    expect(titles(supervisor)).toEqual(['Buka evaluasi Semester II 2026']);
    evaluations.openRound(supervisor, PERIOD);
    expect(titles(supervisor)).toEqual([]);
    const dishub = officer('DISHUB');
    expect(titles(dishub)).toEqual(['Jawab lembar evaluasi']);
    evaluations.answer(dishub, PERIOD, 'DISHUB', { answers: [{ criterion: 'leavers', agrees: true }] });
    expect(titles(dishub)).toEqual([]);
    expect(titles(supervisor)).toEqual(['Tinjau lembar evaluasi Perangkat Daerah (1)']);
    expect(evaluations.tasks(world.ctx({ kind: 'public' }))).toEqual([]);
  });

  test('a round over 110 agencies and 1,800 certificates is measured in well under a second', () => {
    const { world, supervisor } = makeCity();
    const ids = agencies.list(world.ctx()).map((a) => a.id);
    world.db.$client.transaction(() => {
      for (let i = 0; i < 1800; i++) addCertificate(world, ids[i % ids.length]!, {}, i % 9 ? {} : { status: 'moved' });
    })();
    evaluations.openRound(supervisor, PERIOD);
    const start = performance.now();
    evaluations.collect(world.ctx());
    evaluations.round(supervisor, PERIOD);
    expect(performance.now() - start).toBeLessThan(1500);
  });
});
