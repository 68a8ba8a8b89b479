import { expect, test } from 'vitest';
import { addCertificate, makeIncidentWorld } from '#tests/support/incident-world.ts';
import { eq } from 'drizzle-orm';
import { user } from '../auth/schema.ts';
import { DAY } from '../calendar.ts';
import { connection } from '../db/index.ts';
import { message } from '../notifications/schema.ts';
import * as monitoring from './index.ts';

/** Monday 23 November 2026, 07.30 WIB: a working day. */
const MONDAY = Date.parse('2026-11-23T00:30:00Z');

/** A certificate of the agency that ends in 20 days, with its owner's address if there is one. */
function ending(world: ReturnType<typeof makeIncidentWorld>, name: string, email?: string): void {
  const id = addCertificate(world.ctx(), world.agency.id, name);
  const client = connection(world.db);
  client
    .prepare('update certificate set not_after = ?, not_before = ? where id = ?')
    .run(MONDAY + 20 * DAY, MONDAY - 700 * DAY, id);
  if (!email) return;
  client
    .prepare(
      `insert into holder (id, kind, name, name_key, email, status, created_at) values (?, 'person', ?, ?, ?, 'active', 1)`,
    )
    .run(`h-${id}`, name, name, email);
  client.prepare('update certificate set holder_id = ? where id = ?').run(`h-${id}`, id);
}

const to = (world: ReturnType<typeof makeIncidentWorld>, recipient: string) =>
  world.db.select().from(message).where(eq(message.recipient, recipient)).all();

test('a second digest on the same day tells what came since, and nothing is marked as told that was not', () => {
  const world = makeIncidentWorld();
  world.clock.at = MONDAY;
  const [mine] = world.db.select().from(user).where(eq(user.id, world.officer.actor.id)).all();
  ending(world, 'SITI AMINAH');
  monitoring.digest(world.ctx());
  ending(world, 'JOKO WIDAGDO');
  monitoring.digest(world.ctx());
  expect(monitoring.digest(world.ctx())).toBe(0);
  const told = to(world, mine!.email);
  expect(told).toHaveLength(2);
  expect(told.map((m) => [m.body.includes('SITI AMINAH'), m.body.includes('JOKO WIDAGDO')])).toEqual([
    [true, false],
    [false, true],
  ]);
});

test('who owns the certificate and is the officer of its agency is told once, not once as each', () => {
  const world = makeIncidentWorld();
  world.clock.at = MONDAY;
  const [mine] = world.db.select().from(user).where(eq(user.id, world.officer.actor.id)).all();
  ending(world, 'PETUGAS SEKUPANG', mine!.email);
  monitoring.digest(world.ctx());
  world.clock.advance(DAY);
  monitoring.digest(world.ctx());
  expect(to(world, mine!.email)).toHaveLength(1);
});

test('the owner of a person’s certificate is led to the portal, the keeper of a server to its issuer', () => {
  const world = makeIncidentWorld();
  world.clock.at = MONDAY;
  const [mine] = world.db.select().from(user).where(eq(user.id, world.officer.actor.id)).all();
  ending(world, 'SITI AMINAH');
  ending(world, 'www.batam.example');
  const client = connection(world.db);
  client.prepare(`update certificate set use = 'tls_server' where common_name = 'www.batam.example'`).run();
  monitoring.digest(world.ctx());
  const lines = to(world, mine!.email)[0]!.body.split('\n- ');
  expect(lines.find((line) => line.startsWith('SITI'))).toContain('portal BSrE');
  const server = lines.find((line) => line.startsWith('www.'))!;
  expect(server).toContain('CSR');
  expect(server).not.toContain('BSrE');
});
