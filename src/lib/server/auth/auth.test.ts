import { describe, expect, test } from 'vitest';
import * as audit from '#lib/server/audit/index.ts';
import { HOUR, MINUTE } from '#lib/server/calendar.ts';
import { as, type Context } from '#lib/server/context.ts';
import { ACTS, can, ROLES, type Act } from '#lib/server/permission.ts';
import { agency, agencyName } from '#lib/server/agencies/schema.ts';
import { makeWorld, type World } from '#tests/support/world.ts';
import * as auth from './index.ts';
import { session, user } from './schema.ts';

const PASSWORD = 'perahu kayu tiba di dermaga';
const OTHER = 'tujuh layang-layang di atas gudang';
const visitor = (world: World, network = '10.1.2.0/24'): Context => ({
  ...world.ctx({ kind: 'public' }),
  request: { id: 'r', network },
});
const setup = (world: World) => world.ctx({ kind: 'system', name: 'setup' });

/** A person who accepted the invitation and is signed in. */
async function member(
  world: World,
  roles: (typeof ROLES)[number][],
  email = 'siti@batam.example',
  agencyId: string | null = null,
) {
  const invited = auth.invite(setup(world), { name: 'Siti Aminah', email, roles, agencyId }, '');
  const { token } = await auth.acceptInvitation(visitor(world), invited.token, PASSWORD, 'Chrome di Windows');
  return { id: invited.id, email, token };
}
const acting = (world: World, token: string): Context => {
  const actor = auth.validate(world.ctx({ kind: 'public' }), token);
  if (!actor) throw new Error('the session is over');
  return as(world.ctx(), actor);
};
const sentences = (world: World) =>
  audit.list(world.ctx(), { limit: 50 }, auth.names(world.ctx())).map((row) => row.sentence);
const places = (world: World) => {
  const add = (id: string, parentId: string | null) => {
    const kind = parentId ? ('KELURAHAN' as const) : ('KECAMATAN' as const);
    world.db.insert(agency).values({ id, code: id, kind, level: 'agency', parentId, validFrom: '2020-01-01' }).run();
    world.db
      .insert(agencyName)
      .values({ id: `n${id}`, agencyId: id, name: id, shortName: id, from: '2020-01-01', source: 'uji' })
      .run();
  };
  add('A', null);
  add('A1', 'A');
  add('B', null);
};

describe('the first hour', () => {
  test('the set-up link makes the first administrator once, and never again', async () => {
    const world = makeWorld();
    const token = auth.setupLink(setup(world))!;
    expect(auth.linkHolder(visitor(world), 'setup', token)).toEqual({ name: '', email: '' });
    const founder = { name: 'Budi Santoso', email: 'Budi@Batam.example', password: PASSWORD };
    const both = await Promise.allSettled([
      auth.completeSetup(visitor(world), token, founder),
      auth.completeSetup(visitor(world), token, { ...founder, email: 'lain@batam.example' }),
    ]);
    expect(both.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(world.db.select().from(user).all()).toHaveLength(1);
    expect(auth.setupLink(setup(world))).toBeNull();
    expect(auth.linkHolder(visitor(world), 'setup', token)).toBeNull();
    const signedIn = both.find((result) => result.status === 'fulfilled')!;
    expect(acting(world, signedIn.value.token).actor).toMatchObject({ roles: ['administrator'], agencies: 'all' });
    expect(audit.verify(world.ctx())).toMatchObject({ ok: true });
  });

  test('a newer set-up link ends the older one, and a person cannot ask for one', () => {
    const world = makeWorld();
    const older = auth.setupLink(setup(world))!;
    auth.setupLink(setup(world));
    expect(auth.linkHolder(visitor(world), 'setup', older)).toBeNull();
    expect(() => auth.setupLink(visitor(world))).toThrow('hanya dibuat oleh sistem');
  });

  test('a refused password leaves the set-up link usable', async () => {
    const world = makeWorld();
    const token = auth.setupLink(setup(world))!;
    const founder = { name: 'Budi Santoso', email: 'budi@batam.example' };
    await expect(
      auth.completeSetup(visitor(world), token, { ...founder, password: 'BudiSantoso2026!' }),
    ).rejects.toMatchObject({
      fields: { password: expect.stringContaining('nama atau surel') },
    });
    await expect(auth.completeSetup(visitor(world), token, { ...founder, password: PASSWORD })).resolves.toBeTruthy();
  });
});

describe('signing in', () => {
  test('a right password opens a session; the table holds only the hash of its token', async () => {
    const world = makeWorld();
    const { email } = await member(world, ['supervisor']);
    const { token, endsAt } = await auth.signIn(
      visitor(world),
      { email: ` ${email.toUpperCase()}`, password: PASSWORD },
      'Firefox di Linux',
    );
    expect(acting(world, token).actor).toMatchObject({ name: 'Siti Aminah', roles: ['supervisor'] });
    expect(endsAt).toBe(world.clock.at + 24 * HOUR);
    expect(
      world.db
        .select()
        .from(session)
        .all()
        .map((row) => row.id),
    ).not.toContain(token);
    expect(sentences(world)[0]).toBe('Siti Aminah masuk dari Firefox di Linux');
  });

  test('the answer is the same for a wrong password, an unknown, a disabled and an uninvited account', async () => {
    const world = makeWorld();
    const { id, email } = await member(world, ['supervisor']);
    auth.invite(setup(world), { name: 'Belum Datang', email: 'belum@batam.example', roles: ['leader'] }, '');
    const attempt = (address: string, password = PASSWORD) =>
      auth.signIn(visitor(world), { email: address, password }).catch((error: Error) => error.message);
    const wrong = await attempt(email, 'bukan kata sandinya');
    expect(wrong).toContain('tidak cocok');
    expect(await attempt('tidak.ada@batam.example')).toBe(wrong);
    expect(await attempt('belum@batam.example')).toBe(wrong);
    auth.disable(setup(world), id, 'pindah tugas');
    expect(await attempt(email)).toBe(wrong);
  });

  test('after six failures this person waits here, others and the right password elsewhere do not', async () => {
    const world = makeWorld();
    const { email } = await member(world, ['supervisor']);
    const here = visitor(world);
    const attempt = (ctx: Context, password: string) =>
      auth.signIn(ctx, { email, password }).then(
        () => 'in',
        (error: Error) => error.message,
      );
    for (let i = 0; i < 6; i++) expect(await attempt(here, 'salah sekali ini')).toContain('tidak cocok');
    expect(await attempt(here, PASSWORD)).toContain('Terlalu banyak percobaan. Coba lagi setelah pukul 14.21 WIB');
    expect(sentences(world)[0]).toContain('ditahan sementara');
    expect(await attempt(visitor(world, '10.9.9.0/24'), PASSWORD)).toBe('in');
    world.clock.advance(15 * MINUTE + 1);
    expect(await attempt(here, PASSWORD)).toBe('in');
  });

  test('many at once are no way around: tries count before the password is checked', async () => {
    const world = makeWorld();
    const { email } = await member(world, ['supervisor']);
    const tries = Array.from({ length: 12 }, () =>
      auth.signIn(visitor(world), { email, password: 'salah sekali ini' }),
    );
    const answers = (await Promise.allSettled(tries)).map(
      (result) => (result as PromiseRejectedResult).reason.message as string,
    );
    expect(answers.filter((text) => text.includes('Terlalu banyak'))).toHaveLength(6);
  });

  test('guessing through a list of addresses from one network is stopped, also for addresses that do not exist', async () => {
    const world = makeWorld();
    const limit = { key: 'sign-in-net:10.1.2.0/24', rule: { limit: 60, window: 15 * MINUTE } };
    for (let i = 0; i < 60; i++) auth.admit(visitor(world), [limit]);
    await expect(auth.signIn(visitor(world), { email: 'siapa@batam.example', password: 'x' })).rejects.toThrow(
      'Terlalu banyak',
    );
  });

  test.each([
    ['an empty form', { email: '', password: '' }],
    ['SQL in the address', { email: "' or 1=1 --", password: PASSWORD }],
    ['a megabyte of password', { email: 'a@b.id', password: 'x'.repeat(1_000_000) }],
    ['control characters', { email: 'a\u0000@b.id', password: '\u0000' }],
    ['something that is not text', { email: 7 as never, password: {} as never }],
  ])('%s is an answer, not a crash', async (_, credentials) => {
    const world = makeWorld();
    await expect(auth.signIn(visitor(world), credentials)).rejects.toMatchObject({ name: 'AppError', code: 'invalid' });
  });
});

describe('sessions', () => {
  test('a session ends after 8 hours away', async () => {
    const world = makeWorld();
    const { token } = await member(world, ['supervisor']);
    world.clock.advance(8 * HOUR - 1);
    expect(auth.validate(world.ctx(), token)).not.toBeNull();
    world.clock.advance(8 * HOUR);
    expect(auth.validate(world.ctx(), token)).toBeNull();
  });

  test('however busy, it ends: after 24 hours, for an administrator after 12', async () => {
    const world = makeWorld();
    const officeWorker = await member(world, ['supervisor']);
    const administrator = await member(world, ['administrator'], 'admin@batam.example');
    const alive = (token: string) => auth.validate(world.ctx(), token) !== null;
    for (let hour = 1; hour < 12; hour++) {
      world.clock.advance(HOUR);
      expect(alive(officeWorker.token) && alive(administrator.token)).toBe(true);
    }
    world.clock.advance(HOUR);
    expect([alive(officeWorker.token), alive(administrator.token)]).toEqual([true, false]);
    for (let hour = 13; hour < 24; hour++) {
      world.clock.advance(HOUR);
      expect(alive(officeWorker.token)).toBe(true);
    }
    world.clock.advance(HOUR);
    expect(alive(officeWorker.token)).toBe(false);
  });

  test('a request writes at most every five minutes', async () => {
    const world = makeWorld();
    const { token } = await member(world, ['supervisor']);
    const lastSeen = () => world.db.select().from(session).get()!.lastSeenAt;
    const start = lastSeen();
    world.clock.advance(5 * MINUTE - 1);
    auth.validate(world.ctx(), token);
    expect(lastSeen()).toBe(start);
    world.clock.advance(1);
    auth.validate(world.ctx(), token);
    expect(lastSeen()).toBe(start + 5 * MINUTE);
  });

  test('own sessions are listed and ended; those of others are out of reach', async () => {
    const world = makeWorld();
    const { token, email } = await member(world, ['supervisor']);
    const phone = await auth.signIn(visitor(world), { email, password: PASSWORD }, 'Safari di iPhone');
    const stranger = await member(world, ['leader'], 'lain@batam.example');
    const ctx = acting(world, token);
    expect(auth.sessions(ctx).map((row) => [row.device, row.current])).toEqual([
      ['Chrome di Windows', true],
      ['Safari di iPhone', false],
    ]);
    const foreign = auth.sessions(acting(world, stranger.token))[0]!;
    expect(auth.revoke(ctx, { name: foreign.name })).toBe(0);
    expect(auth.revoke(ctx, { name: '%' })).toBe(0);
    expect(auth.revoke(ctx, 'others')).toBe(1);
    expect(auth.validate(world.ctx(), phone.token)).toBeNull();
    expect(auth.validate(world.ctx(), token)).not.toBeNull();
    auth.signOut(ctx);
    expect(auth.validate(world.ctx(), token)).toBeNull();
    expect(auth.validate(world.ctx(), stranger.token)).not.toBeNull();
  });

  test('what has ended is swept, twice gives the same', async () => {
    const world = makeWorld();
    await member(world, ['supervisor']);
    await auth.signIn(visitor(world), { email: 'x@batam.example', password: 'salah sekali ini' }).catch(() => {});
    expect(auth.sweep(world.ctx())).toBe(0);
    world.clock.advance(25 * HOUR);
    expect(auth.sweep(world.ctx())).toBe(4);
    expect(auth.sweep(world.ctx())).toBe(0);
  });
});

describe('links and passwords', () => {
  test('an invitation works once, for 72 hours, and a newer one replaces it', async () => {
    const world = makeWorld();
    const { id, token } = auth.invite(
      setup(world),
      { name: 'Siti Aminah', email: 's@batam.example', roles: ['leader'] },
      '',
    );
    const administrator = world.person('administrator');
    const newer = auth.resetLink(administrator, id, '');
    expect(newer.path).toMatch(/^\/invitation\//);
    await expect(auth.acceptInvitation(visitor(world), token, PASSWORD)).rejects.toThrow('Tautan ini sudah dipakai');
    world.clock.advance(72 * HOUR);
    await expect(auth.acceptInvitation(visitor(world), newer.token, PASSWORD)).rejects.toThrow(
      'Tautan ini sudah dipakai',
    );
    const newest = auth.resetLink(administrator, id, '');
    world.clock.advance(72 * HOUR - 1);
    const both = await Promise.allSettled(
      [1, 2].map(() => auth.acceptInvitation(visitor(world), newest.token, PASSWORD)),
    );
    expect(both.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('a reset ends every session and the old password; an invitation token is no reset token', async () => {
    const world = makeWorld();
    const { id, email, token } = await member(world, ['supervisor']);
    const link = auth.resetLink(world.person('administrator'), id, '');
    await expect(auth.acceptInvitation(visitor(world), link.token, OTHER)).rejects.toThrow('Tautan ini');
    await auth.resetPassword(visitor(world), link.token, OTHER);
    expect(auth.validate(world.ctx(), token)).toBeNull();
    await expect(auth.signIn(visitor(world), { email, password: PASSWORD })).rejects.toThrow('tidak cocok');
    await expect(auth.signIn(visitor(world), { email, password: OTHER })).resolves.toBeTruthy();
    await expect(auth.resetPassword(visitor(world), link.token, PASSWORD)).rejects.toThrow('Tautan ini');
  });

  test('the database never holds a token or a password', async () => {
    const world = makeWorld();
    const invited = auth.invite(setup(world), { name: 'Siti', email: 's@batam.example', roles: ['leader'] }, '');
    const { token } = await auth.acceptInvitation(visitor(world), invited.token, PASSWORD);
    const everything = world.db.$client.serialize().toString('latin1');
    expect(everything).not.toContain(token);
    expect(everything).not.toContain(invited.token);
    expect(everything).not.toContain(PASSWORD);
  });

  test('changing the own password asks for the present one and ends the other sessions', async () => {
    const world = makeWorld();
    const { email, token } = await member(world, ['supervisor']);
    const phone = await auth.signIn(visitor(world), { email, password: PASSWORD });
    const ctx = acting(world, token);
    await expect(auth.changePassword(ctx, { current: 'tebakan', password: OTHER })).rejects.toMatchObject({
      fields: { current: expect.any(String) },
    });
    await expect(auth.changePassword(ctx, { current: PASSWORD, password: PASSWORD })).rejects.toMatchObject({
      fields: { password: expect.stringContaining('Sama') },
    });
    await auth.changePassword(ctx, { current: PASSWORD, password: OTHER });
    expect(auth.validate(world.ctx(), token)).not.toBeNull();
    expect(auth.validate(world.ctx(), phone.token)).toBeNull();
  });

  test('"lupa kata sandi" says the same whoever asks, mails only to an active account, and needs a fixed address', async () => {
    const world = makeWorld();
    const { email } = await member(world, ['supervisor']);
    expect(() => auth.requestReset(visitor(world), email, 'https://siaga.example')).toThrow('administrator');
    world.db.$client.exec(
      `insert into setting values ('s', 'mail', 1, '{"enabled":true,"from":"siaga@batam.example","replyTo":""}', 'uji', '2026-01-01', 'system:setup', 0)`,
    );
    expect(() => auth.requestReset(visitor(world), email, '')).toThrow('administrator');
    auth.requestReset(visitor(world), email, 'https://siaga.example');
    auth.requestReset(visitor(world), 'tidak.ada@batam.example', 'https://siaga.example');
    const bodies = world.db.$client.prepare('select recipient, body from message').all() as {
      recipient: string;
      body: string;
    }[];
    expect(bodies.map((row) => row.recipient)).toEqual([email]);
    expect(bodies[0]!.body).toMatch(/https:\/\/siaga\.example\/reset\/[\w-]{43}\n/);
    auth.requestReset(visitor(world), email, 'https://siaga.example');
    auth.requestReset(visitor(world), email, 'https://siaga.example');
    expect(() => auth.requestReset(visitor(world), email, 'https://siaga.example')).toThrow('Terlalu banyak');
  });
});

describe('rights', () => {
  test('a role that is given or ended counts at the next request', async () => {
    const world = makeWorld();
    const { id, token } = await member(world, ['leader']);
    const administrator = world.person('administrator');
    auth.grantRole(administrator, id, 'handler');
    expect(acting(world, token).actor).toMatchObject({ roles: ['handler', 'leader'] });
    auth.endRole(administrator, id, 'leader');
    expect(acting(world, token).actor).toMatchObject({ roles: ['handler'] });
    auth.disable(administrator, id, 'pensiun bulan ini');
    expect(auth.validate(world.ctx(), token)).toBeNull();
    auth.enable(administrator, id);
    expect(auth.validate(world.ctx(), token)).toBeNull();
    expect(sentences(world)).toContain('Orang 1 memberi peran Penangan Insiden kepada Siti Aminah');
    expect(sentences(world)).toContain('Orang 1 menonaktifkan akun Siti Aminah, karena pensiun bulan ini');
  });

  test('an officer sees the own agency and what lies below, nothing beside', async () => {
    const world = makeWorld();
    places(world);
    const { token } = await member(world, ['officer'], 'o@batam.example', 'A');
    const { actor } = acting(world, token);
    expect(actor.kind === 'user' && [...actor.agencies].sort()).toEqual(['A', 'A1']);
    expect(() =>
      auth.invite(setup(world), { name: 'Tanpa PD', email: 't@batam.example', roles: ['officer'] }, ''),
    ).toThrow('Isian');
  });

  test('nobody grants to oneself, and no process grants for a person', async () => {
    const world = makeWorld();
    const { id, token } = await member(world, ['administrator']);
    const someone = world.person('leader');
    expect(() => auth.grantRole(acting(world, token), id, 'head')).toThrow('administrator lain');
    const cli = world.ctx({ kind: 'system', name: 'cli' });
    expect(() => auth.grantRole(cli, someone.actor.id, 'head')).toThrow('--as');
    auth.grantRole(as(cli, auth.actAs(cli, 'siti@batam.example')), someone.actor.id, 'head');
    expect(auth.people(cli, { role: 'head' }).map((row) => row.id)).toEqual([someone.actor.id]);
  });

  test('the command line gives a Siaga without administrator one back, and nothing more', () => {
    const world = makeWorld();
    const someone = world.person('leader');
    const cli = world.ctx({ kind: 'system', name: 'cli' });
    expect(() => auth.grantRole(cli, someone.actor.id, 'head')).toThrow('--as');
    auth.grantRole(cli, someone.actor.id, 'administrator');
    expect(auth.account(cli, someone.actor.id).roles.map((row) => row.role)).toContain('administrator');
  });

  test('the last administrator stays', async () => {
    const world = makeWorld();
    const first = await member(world, ['administrator']);
    const second = world.person('administrator');
    expect(() => auth.endRole(second, first.id, 'administrator')).toThrow('administrator terakhir');
    expect(() => auth.disable(second, first.id, 'salah orang')).toThrow('administrator terakhir');
    expect(() => auth.disable(acting(world, first.token), first.id, 'salah orang')).toThrow('akun sendiri');
    await member(world, ['administrator'], 'kedua@batam.example');
    auth.endRole(second, first.id, 'administrator');
    expect(() => acting(world, first.token)).not.toThrow();
  });

  test('accounts are kept by administrators only', async () => {
    const world = makeWorld();
    const { id } = await member(world, ['leader']);
    for (const role of ROLES.filter((name) => name !== 'administrator')) {
      const ctx = world.person(role);
      expect(() => auth.accounts(ctx)).toThrow('tidak memiliki hak');
      expect(() => auth.invite(ctx, { name: 'A B', email: 'a@b.id', roles: ['leader'] }, '')).toThrow(
        'tidak memiliki hak',
      );
      expect(() => auth.resetLink(ctx, id, '')).toThrow('tidak memiliki hak');
      expect(() => auth.grantRole(ctx, id, role)).toThrow('tidak memiliki hak');
    }
  });

  test('what a person may see from now on stands in the trail when the agency changes', async () => {
    const world = makeWorld();
    places(world);
    const admin = world.person('administrator');
    const { id } = await member(world, ['officer'], undefined, 'A');
    const { name, email, position, phone } = auth.account(admin, id);
    const last = () =>
      JSON.parse(audit.list(admin, { target: ['user', id], limit: 1 }, (key) => key)[0]!.leaf) as { details?: object };
    auth.change(admin, id, { name, email, position, phone, agencyId: 'B' });
    expect(last().details).toEqual({ from: 'A', to: 'B' });
    auth.change(admin, id, { name, email, position, phone: '0812-5550-0100', agencyId: 'B' });
    expect(last().details).toBeUndefined();
  });

  test('an address that no mail could be sent to makes no account: it would stop every message to its group', () => {
    const admin = makeWorld().person('administrator');
    const email = `${'a'.repeat(65)}@batam.example`;
    expect(() => auth.invite(admin, { name: 'Siti', email, roles: ['handler'] }, '')).toThrow('Isian belum');
  });

  test('a demo card works in the demo on this machine only', () => {
    const world = makeWorld();
    world.person(['supervisor', 'handler'], { name: 'Dua Peran' });
    world.person('handler', { name: 'Satu Peran' });
    expect(() => auth.demoSignIn(visitor(world), 'handler', { demo: false, loopback: true })).toThrow('data contoh');
    expect(() => auth.demoSignIn(visitor(world), 'handler', { demo: true, loopback: false })).toThrow('data contoh');
    expect(() => auth.demoSignIn(visitor(world), 'auditor', { demo: true, loopback: true })).toThrow('Belum ada');
    expect(() => auth.demoSignIn(visitor(world), 'raja' as never, { demo: true, loopback: true })).toThrow('Isian');
    const { token } = auth.demoSignIn(visitor(world), 'handler', { demo: true, loopback: true });
    expect(acting(world, token).actor).toMatchObject({ name: 'Satu Peran' });
  });
});

describe('the list of accounts', () => {
  test('is searched, filtered, counted and paged without losing anybody', async () => {
    const world = makeWorld();
    const administrator = world.person('administrator', { name: 'Zed' });
    for (let i = 0; i < 7; i++) {
      auth.invite(
        setup(world),
        { name: 'Nama Sama', email: `n${i}@batam.example`, roles: i % 2 ? ['leader'] : ['handler'] },
        '',
      );
    }
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = auth.accounts(administrator, { q: 'nama sama', after, limit: 3 });
      seen.push(...page.rows.map((row) => row.email));
      after = page.next ?? undefined;
    } while (after);
    expect(seen.sort()).toEqual(Array.from({ length: 7 }, (_, i) => `n${i}@batam.example`));
    expect(auth.accounts(administrator, { role: 'leader' }).rows).toHaveLength(3);
    expect(auth.accounts(administrator, { q: '%' }).rows).toHaveLength(0);
    expect(auth.accounts(administrator).counts).toEqual({ active: 0, invited: 8, disabled: 0 });
  });

  test('an export holds all that match, and stands in the trail with their number', () => {
    const world = makeWorld();
    const administrator = world.person('administrator');
    world.person('leader');
    expect(auth.exportAccounts(administrator, {}, 'csv')).toHaveLength(2);
    expect(sentences(world)[0]).toContain('mengekspor daftar 2 pengguna (csv)');
    expect(() => auth.exportAccounts(world.person('leader'), {}, 'csv')).toThrow('hak');
  });
});

describe('the permission table', () => {
  const all = ROLES.flatMap((role) => [role]);
  const acts = [
    'incidents.second',
    'letters.approve',
    'evaluations.second',
    'findings.verify',
    'reports.approve',
    'trust.decide',
  ] as const satisfies Act[];

  test('acts of a second person are closed to every process and open to somebody', () => {
    const world = makeWorld();
    for (const act of acts) {
      for (const name of ['jobs', 'cli', 'setup'] as const) expect(can({ kind: 'system', name }, act)).toBe(false);
      expect(all.some((role) => can(world.person(role).actor, act))).toBe(true);
    }
  });

  test('every act has somebody who may do it, and nobody may do everything', () => {
    const world = makeWorld();
    const people = ROLES.map((role) => world.person(role).actor);
    for (const act of ACTS) expect([act, people.some((actor) => can(actor, act))]).toEqual([act, true]);
    for (const actor of people) expect(ACTS.every((act) => can(actor, act))).toBe(false);
  });

  test('who has not signed in may report and nothing else; who has no role may do nothing', () => {
    const world = makeWorld();
    const nobody = world.person([]);
    expect(can({ kind: 'public' }, 'incidents.report')).toBe(true);
    for (const act of ACTS) {
      expect(can({ kind: 'public' }, act)).toBe(act === 'incidents.report');
      expect(can(nobody.actor, act)).toBe(false);
    }
  });
});
