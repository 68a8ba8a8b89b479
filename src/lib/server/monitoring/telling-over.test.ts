// What was told is told to be over: a hold to the owner who was asked to stop, once; and what the CA changed of a revocation.
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { dateTime } from '#lib/format.ts';
import { plansOf } from '#tests/support/plans.ts';
import { entry, issuer, list, office, urls } from '#tests/support/revocation-office.ts';
import * as agencies from '../agencies/index.ts';
import { DAY, HOUR } from '../calendar.ts';
import { DISOWNED } from '../certificates/schema.ts';
import type { Context } from '../context.ts';
import { connection } from '../db/index.ts';
import * as notifications from '../notifications/index.ts';
import { message } from '../notifications/schema.ts';
import * as revocation from '../revocation/index.ts';
import { NOW, type World } from '#tests/support/world.ts';
import * as monitoring from './index.ts';
import { over } from './notice-store.ts';

/** Two certificates whose owners have addresses; mail is on. */
async function owned() {
  const made = await office(['4a01', '4a02']);
  const { world, ctx, net, ids, sweep } = made;
  notifications.switchOn(world.person('administrator'), { from: 'siaga@a.example', replyTo: '', source: 'nota' }, []);
  const supervisor = world.person('supervisor');
  ids.forEach((id, at) => {
    const client = connection(world.db);
    client
      .prepare(
        `insert into holder (id, kind, name, name_key, email, status, created_at) values (?, 'person', ?, ?, ?, 'active', 1)`,
      )
      .run(`h${at}`, `Pemilik ${at}`, `PEMILIK ${at}`, `pemilik${at}@a.example`);
    client.prepare('update certificate set holder_id = ? where id = ?').run(`h${at}`, id);
  });
  await sweep();
  let read = world.db.select().from(message).all().length;
  /** An hour later the CA publishes these; what is then written, by recipient. */
  const published = async (entries: ca.RevokedEntry[] | null) => {
    world.clock.advance(HOUR);
    if (entries) {
      net.pages.set(urls.crl, list(world, entries));
      await sweep();
    }
    monitoring.review(ctx);
    const all = world.db.select().from(message).all();
    const fresh = all.slice(read);
    read = all.length;
    return {
      count: fresh.length,
      owner: fresh.find(({ recipient }) => recipient === 'pemilik0@a.example'),
      office: fresh.find(({ recipient }) => !recipient.startsWith('pemilik')),
    };
  };
  return { ...made, published, supervisor };
}
const held = entry('4a01', { reason: 6 });

/** An hour later somebody brings the responder's answer about the first. */
async function answered({ clock }: World, ctx: Context, status: ca.OcspAnswer['status']) {
  clock.advance(HOUR);
  const thisUpdate = Math.floor(clock.at / 1000) * 1000 - 1000;
  const answers = [{ id: ca.certId(issuer, '4a01'), status, thisUpdate, nextUpdate: thisUpdate + 8 * HOUR }];
  const bytes = ca.makeOcspResponse(issuer, { answers, producedAt: thisUpdate, certificates: [] });
  await revocation.addEvidence(ctx, { name: 'jawaban.ors', bytes });
}

test('who was told to stop while a certificate is on hold is told once that it may be used again, as is the office', async () => {
  const { published } = await owned();
  expect((await published([held])).owner!.body).toContain(
    'sampai kami memberi tahu bahwa penangguhannya sudah dilepas',
  );
  expect(await published([held])).toMatchObject({ count: 0 });
  const over = await published([]);
  expect(over.owner).toMatchObject({ subject: 'Sertifikat elektronik Anda boleh dipakai lagi' });
  expect(over.owner!.body).toMatch(/PENANGGUHAN DILEPAS\nSertifikat: .*4A:01/);
  expect(over.owner!.body).toMatch(/Penangguhannya dilepas penerbitnya \(.*\), diketahui .* WIB\./);
  expect(over.office).toMatchObject({ subject: expect.stringMatching(/^Siaga: penangguhan .* dilepas$/) as string });
  expect(over.office!.body).toContain('penangguhan dilepas penerbit');
  expect(await published([])).toMatchObject({ count: 0 });
  // A second hold and its end are news again.
  expect((await published([held])).owner!.subject).toContain('ditangguhkan');
  expect((await published([])).owner!.subject).toContain('boleh dipakai lagi');
  expect(await published(null)).toMatchObject({ count: 0 });
});

test('a hold that somebody settled is not raised again while it lasts, and its owner still hears when it is over', async () => {
  const { published, supervisor } = await owned();
  await published([held]);
  const [alert] = monitoring.list(supervisor, { kind: 'on_hold' }).rows;
  monitoring.settle(supervisor, alert!.id, 'Diminta oleh pemilik');
  expect(await published([held])).toMatchObject({ count: 0 });
  expect(monitoring.list(supervisor, { kind: 'on_hold' }).rows).toEqual([]);
  expect((await published([])).owner!.subject).toContain('boleh dipakai lagi');
});

test('a hold that became a revocation is told as that, and never as released', async () => {
  const { published, supervisor } = await owned();
  await published([held]);
  const over = await published([entry('4a01', { reason: 1 })]);
  expect(over.owner!.subject).toBe('Segera: sertifikat elektronik Anda dicabut, kunci privat bocor atau hilang');
  expect(monitoring.list(supervisor, { state: 'settled', kind: 'on_hold' }).rows).toMatchObject([
    { settledWhy: 'revoked' },
  ]);
  expect(await published(null)).toMatchObject({ count: 0 });
});

test('a released certificate that may not be used for another reason, or has ended, is not called usable', async () => {
  const { published, world, ids } = await owned();
  await published([held, entry('4a02', { reason: 6 })]);
  const client = connection(world.db);
  ids.forEach((id, at) =>
    client
      .prepare(
        `insert into status_event (id, certificate_id, at, facet, "from", "to", detail) values (?, ?, ?, 'revocation', 'on_hold', 'released', '{}')`,
      )
      .run(`e${at}`, id, world.clock.at + 1),
  );
  client.prepare(`update certificate set revocation = 'released'`).run();
  client.prepare(`update certificate set chain = 'ca_revoked' where id = ?`).run(ids[0]);
  client.prepare(`update certificate set not_after = ? where id = ?`).run(world.clock.at + 1, ids[1]);
  const { owner } = await published(null);
  expect(owner!.subject).toBe('Kabar tentang sertifikat elektronik Anda: belum boleh dipakai');
  expect(owner!.body).toContain('1. Jangan memakainya dahulu; hubungi kami.');
  const other = world.db
    .select()
    .from(message)
    .all()
    .findLast(({ recipient }) => recipient === 'pemilik1@a.example')!;
  expect(other.body).toMatch(/Masa berlakunya sementara itu habis/);
  expect(other.body).not.toContain('boleh dipakai lagi');
});

test('a reason that the CA changed to a compromised key, with an earlier date, reaches the owner with what it was', async () => {
  const { published } = await owned();
  const first = await published([entry('4a01', { reason: 0, revokedAt: NOW - DAY })]);
  expect(first.owner!.body).toContain('Penerbit tidak menyebut alasannya');
  const second = await published([entry('4a01', { reason: 1, revokedAt: NOW - 5 * DAY })]);
  expect(second.owner!.subject).toContain('kunci privat bocor atau hilang');
  expect(second.owner!.body).toMatch(
    /Penerbit mengubah keterangannya: semula tanpa alasan tertentu, sejak \d+ November 2026/,
  );
  expect(second.owner!.body).toContain('sejak kapan kunci');
  expect(second.office!.body).toMatch(/\(kunci privat bocor atau hilang; semula tanpa alasan tertentu, sejak /);
  expect(await published(null)).toMatchObject({ count: 0 });
});

test('the owner of what a CA says it never issued is told what that means, and when the CA says otherwise', async () => {
  const { published, world, ctx } = await owned();
  await answered(world, ctx, { revokedAt: 0, reason: 6 });
  const told = await published(null);
  expect(told.owner!.subject).toBe(
    'Segera: jangan pakai sertifikat elektronik Anda, penerbit menyatakan tidak pernah menerbitkannya',
  );
  expect(told.owner!.body).toMatch(/1\. Berhenti memakai sertifikat ini sampai ada kabar dari kami\./);
  expect(told.owner!.body).not.toMatch(/1970|ditangguhkan|Siaga|OCSP/);
  await answered(world, ctx, 'good');
  const over = await published(null);
  expect(over.owner!.body).toContain('tidak lagi disebut tidak pernah diterbitkan');
  expect(await published(null)).toMatchObject({ count: 0 });
});

test('what a CA says twice that it never issued is told twice, and twice that it says so no more', async () => {
  const { published, world, ctx, supervisor } = await owned();
  const subjects: (string | undefined)[] = [];
  const open: number[] = [];
  for (const status of [{ revokedAt: 0, reason: 6 }, 'good', { revokedAt: 0, reason: 6 }, 'good'] as const) {
    await answered(world, ctx, status);
    subjects.push((await published(null)).owner?.subject);
    open.push(monitoring.list(supervisor, { kind: 'non_issued' }).rows.length);
    expect(await published(null)).toMatchObject({ count: 0 });
  }
  const stop = 'Segera: jangan pakai sertifikat elektronik Anda, penerbit menyatakan tidak pernah menerbitkannya';
  const over = 'Sertifikat elektronik Anda boleh dipakai lagi';
  expect(subjects).toEqual([stop, over, stop, over]);
  expect(open).toEqual([1, 0, 1, 0]);
});

test('a hold that ended and began again between two looks is over when it ended last', async () => {
  const { published, world, net, sweep } = await owned();
  await published([held]);
  for (const entries of [[], [held]]) {
    world.clock.advance(HOUR);
    net.pages.set(urls.crl, list(world, entries));
    await sweep();
  }
  expect(await published(null)).toMatchObject({ count: 0 });
  world.clock.advance(31 * DAY);
  const { owner } = await published([]);
  expect(owner!.subject).toBe('Sertifikat elektronik Anda boleh dipakai lagi');
  expect(owner!.body).toContain(`diketahui ${dateTime(world.clock.at)}`);
});

test('an officer who moved to another agency is told nothing about what is over in the old one', async () => {
  const { published, world, ids } = await owned();
  agencies.seed(world.ctx());
  const [here, there] = agencies.list(world.ctx());
  const client = connection(world.db);
  client.prepare('update certificate set agency_id = ? where id = ?').run(here!.id, ids[0]);
  const addressOf = ({ actor }: Context) =>
    client
      .prepare('select email from user where id = ?')
      .pluck()
      .get((actor as { id: string }).id) as string;
  const [moved, stayed] = [
    world.person('officer', { agencyId: here!.id }),
    world.person('officer', { agencyId: here!.id }),
  ];
  const mailsTo = (who: Context) =>
    world.db
      .select()
      .from(message)
      .all()
      .filter(({ recipient }) => recipient === addressOf(who)).length;
  await published([held]);
  expect([mailsTo(moved), mailsTo(stayed)]).toEqual([1, 1]);
  client.prepare('update user set agency_id = ? where id = ?').run(there!.id, (moved.actor as { id: string }).id);
  await published([]);
  expect([mailsTo(moved), mailsTo(stayed)]).toEqual([1, 2]);
  // Nor later, should the officer come back.
  client.prepare('update user set agency_id = ? where id = ?').run(here!.id, (moved.actor as { id: string }).id);
  expect(await published(null)).toMatchObject({ count: 0 });
});

test('who owns a certificate no more is told that the matter is over and no more; who owns it now, that it may be used', async () => {
  const { published, world, ids } = await owned();
  await published([held]);
  connection(world.db).prepare('update certificate set holder_id = ? where id = ?').run('h1', ids[0]);
  const { owner } = await published([]);
  expect(owner!.subject).toBe('Tidak perlu menunggu kabar lagi tentang sertifikat yang dahulu atas nama Anda');
  expect(owner!.body).toContain('tidak lagi tercatat atas nama Anda');
  expect(owner!.body).not.toMatch(/boleh dipakai|dilepas|sertifikat elektronik Anda/);
  const now = world.db
    .select()
    .from(message)
    .all()
    .filter(({ recipient }) => recipient === 'pemilik1@a.example');
  expect(now.map(({ subject }) => subject)).toEqual(['Sertifikat elektronik Anda boleh dipakai lagi']);
  expect(await published(null)).toMatchObject({ count: 0 });
});

test('a hold that another CA meant is not called released by the issuer', async () => {
  const { published, world, ids } = await owned();
  await published([held]);
  const client = connection(world.db);
  client
    .prepare(
      `insert into status_event (id, certificate_id, at, facet, "from", "to", detail) values ('e0', ?, ?, 'revocation', 'on_hold', 'good', ?)`,
    )
    .run(ids[0], world.clock.at + 1, JSON.stringify({ why: DISOWNED }));
  client.prepare(`update certificate set revocation = 'good' where id = ?`).run(ids[0]);
  const { owner, office } = await published(null);
  expect(owner!.body).toContain('Penangguhan itu ternyata tentang sertifikat penerbit lain');
  expect(`${owner!.body}${office!.body}${office!.subject}`).not.toMatch(/dilepas p/);
});

test('signatures that are doubted since an earlier day are told anew, of a revocation and of a hold, also where it was settled', async () => {
  const { published, world, ctx, ids } = await owned();
  const revoked = (extra: Partial<ca.RevokedEntry>) => [entry('4a01', { revokedAt: NOW - 3 * DAY, ...extra })];
  await published(revoked({}));
  const settle = () => {
    for (const { id } of monitoring.list(ctx, { certificateId: ids[0]!, kind: 'revoked' }).rows)
      monitoring.settle(world.person('verifier'), id, 'Sudah ditangani');
  };
  settle();
  const told = await published(revoked({ invalidityDate: NOW - 20 * DAY }));
  expect(told.owner!.body).toMatch(/tanda tangan diragukan sejak \d+ November 2026 .*, semula sejak \d+ November 2026/);
  expect(told.office!.body).toContain('tanda tangan diragukan sejak');
  // A later day, or the same once more, is none.
  expect((await published(revoked({ invalidityDate: NOW - 10 * DAY }))).count).toBe(0);
  expect((await published(null)).count).toBe(0);
  const other = await owned();
  const hold = (days: number) => [entry('4a01', { reason: 6, revokedAt: NOW - days * DAY })];
  await other.published(hold(2));
  expect((await other.published(hold(5))).owner!.body).toMatch(
    /Penerbit mengubah keterangannya: semula sejak \d+ November 2026/,
  );
  expect((await other.published(hold(4))).count).toBe(0);
});

test('what an earlier release told without such a day is no news by itself, and an earlier one is from then on', async () => {
  const { published, world } = await owned();
  const revoked = (days: number) => [entry('4a01', { revokedAt: NOW - 3 * DAY, invalidityDate: NOW - days * DAY })];
  await published(revoked(10));
  connection(world.db).prepare("update alert set detail = json_remove(detail, '$.suspect')").run();
  expect((await published(null)).count).toBe(0);
  expect((await published(revoked(30))).owner!.body).toContain('tanda tangan diragukan sejak');
});

test('a hint that the issuer answered with no is over for its owner too; answered otherwise, nobody is told to go on', async () => {
  const hinted = async () => {
    const made = await owned();
    const unusable = { extra: [{ oid: '2.5.29.99', critical: true, value: Buffer.from('0500', 'hex') }] };
    made.world.clock.advance(HOUR);
    made.net.pages.set(urls.crl, list(made.world, [entry('4a01')], unusable));
    await made.sweep();
    const told = await made.published(null);
    expect(told.owner!.subject).toContain('mungkin dicabut');
    const [hint] = revocation.signals(made.ctx);
    expect(hint!.kind).toBe('hint');
    made.world.clock.advance(HOUR);
    const settle = (cleared: boolean) =>
      revocation.settleSignal(made.world.person('verifier'), hint!.id, 'Dijawab BSrE lewat surat', cleared);
    return { ...made, settle };
  };
  const cleared = await hinted();
  cleared.settle(true);
  const { owner, office: line } = await cleared.published(null);
  expect(owner!.subject).toBe('Sertifikat elektronik Anda boleh dipakai lagi');
  expect(owner!.body).toMatch(/sudah dijawab penerbitnya .*: ia tidak dicabut/);
  expect(line!.body).toContain('bukan pencabutan');
  expect((await cleared.published(null)).count).toBe(0);
  const kept = await hinted();
  kept.settle(false);
  expect((await kept.published(null)).count).toBe(0);
});

test('a hint that was cleared lets nobody go on while another about the certificate was answered otherwise', async () => {
  const made = await owned();
  const unusable = { extra: [{ oid: '2.5.29.99', critical: true, value: Buffer.from('0500', 'hex') }] };
  const hintBy = async (reason: 1 | 4) => {
    made.world.clock.advance(HOUR);
    made.net.pages.set(urls.crl, list(made.world, [entry('4a01', { reason })], unusable));
    await made.sweep();
  };
  await hintBy(1);
  await made.published(null);
  const open = () => revocation.signals(made.ctx)[0]!.id;
  const settle = (cleared: boolean | null) =>
    revocation.settleSignal(made.world.person('verifier'), open(), 'Dijawab BSrE lewat surat', cleared);
  made.world.clock.advance(HOUR);
  expect(() => settle(null)).toThrow('pilih jawaban penerbit');
  settle(true);
  await hintBy(4);
  settle(false);
  expect((await made.published(null)).count).toBe(0);
});

test('what is over is looked for among what was alerted about, not in every certificate', async () => {
  const { world } = await owned();
  const plan = plansOf(world.db, () => over(world.db, { recovered: 0, freed: 0 }, world.clock.at));
  expect(plan).not.toContain('SCAN c');
  expect(plan.join('\n')).toContain('SEARCH c USING INDEX sqlite_autoindex_certificate_1');
});
