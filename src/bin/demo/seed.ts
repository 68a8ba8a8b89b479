// Seeds the sample city through the doors, with a clock that starts some sixteen months ago and moves to today: so that
// everything has a trail, states follow from facts, and last year's report rests on last year's figures. Dates are
// relative to today; the city itself is always the same.
import path from 'node:path';
import type { Actor, Context } from '#lib/server/context.ts';
import { databaseFile, migrate, openDatabase } from '#lib/server/db/index.ts';
import { DAY, startOfDay, wibDate } from '#lib/server/calendar.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import * as notifications from '#lib/server/notifications/index.ts';
import { outbound } from '#lib/server/outbound/index.ts';
import { keepIn } from './mail-catcher.ts';
import { openCa, type LocalCa } from './ca-server.ts';
import { random, type Random } from './random.ts';
import type { Person } from './people.ts';
import type { Issued } from './certificates.ts';
import { planOffice } from './seed-office.ts';
import { planCertificates } from './seed-certificates.ts';
import { planIncidents } from './seed-incidents.ts';
import { planEvaluations } from './seed-evaluations.ts';
import { planReports } from './seed-reports.ts';

export type Options = { dir: string; authorityPort: number; say: (text: string) => void };

/** What the parts of the seeding share. */
export type City = {
  /** The moving clock. */
  clock: { at: number };
  /** First instant of today (WIB), and the moment seeding began: the clock never passes it. */
  today: number;
  now: number;
  system: Context;
  /** A context that acts as a person of the office. */
  as: (who: Who) => Context;
  actors: Map<Who, Actor>;
  ca: LocalCa;
  dice: Random;
  /** Sends what is queued; the letters end in the demo's mail folder. */
  deliver: () => Promise<unknown>;
  people: Person[];
  issued: Issued[];
  /** What the CA publishes now, carried in: a sweep without a network in the past. */
  sweep: () => Promise<void>;
  /** Puts something on the calendar of the seeding. */
  at: (instant: number, work: () => void | Promise<void>) => void;
};
export type Who =
  | 'admin'
  | 'admin2'
  | 'supervisor'
  | 'supervisor2'
  | 'handler'
  | 'handler2'
  | 'verifier'
  | 'leader'
  | 'head'
  | 'auditor'
  | 'officer';

export async function seedCity(options: Options): Promise<void> {
  const now = Date.now();
  const today = startOfDay(wibDate(now));
  const db = openDatabase(databaseFile(options.dir));
  migrate(db);
  // A sample city can be made anew: it need not survive a power cut while it is being made.
  db.$client.pragma('synchronous = OFF');
  const clock = { at: today - 500 * DAY };
  const system: Context = { db, dir: options.dir, now: () => clock.at, actor: { kind: 'system', name: 'setup' } };
  const sendMail = keepIn(path.join(options.dir, 'mail'));
  const calendar: { at: number; work: () => void | Promise<void> }[] = [];
  const actors = new Map<Who, Actor>();
  const city: City = {
    clock,
    today,
    now,
    system,
    actors,
    as: (who) => {
      const actor = actors.get(who);
      if (!actor) throw new Error(`nobody is ${who} yet`);
      return { ...system, actor };
    },
    ca: openCa(path.join(options.dir, 'authority'), { base: `http://127.0.0.1:${options.authorityPort}`, now }),
    dice: random(27_2020),
    deliver: () => notifications.deliver(system, { outbound: { ...outbound, sendMail }, smtpUrl: 'smtp://localhost' }),
    people: [],
    issued: [],
    sweep: async () => {
      for (const [name, list] of [
        ['ca.crl', city.ca.crl(clock.at)],
        ['root.crl', city.ca.rootCrl(clock.at)],
      ] as const) {
        await revocation.addEvidence(system, { name, bytes: list.der });
      }
    },
    at: (instant, work) => void calendar.push({ at: Math.min(instant, now), work }),
  };

  await planOffice(city);
  options.say('Dinas, akun, Perangkat Daerah, dan alamat');
  await planCertificates(city);
  options.say(`${city.people.length} pegawai dan ${city.issued.length} sertifikat`);
  planIncidents(city);
  planEvaluations(city);
  planReports(city);

  // Sorting is stable: what was put on the calendar first happens first among equals.
  for (let next = takeNext(calendar); next; next = takeNext(calendar)) {
    clock.at = Math.max(clock.at, next.at);
    await next.work();
  }
  clock.at = now;
  await city.deliver();
  options.say('Insiden, evaluasi, dan laporan');
  db.$client.pragma('synchronous = FULL');
  db.$client.pragma('wal_checkpoint(TRUNCATE)');
  db.$client.close();
}

/** The earliest entry; entries may be added while others run. */
function takeNext<T extends { at: number }>(calendar: T[]): T | undefined {
  let earliest = 0;
  for (let i = 1; i < calendar.length; i++) if (calendar[i]!.at < calendar[earliest]!.at) earliest = i;
  return calendar.splice(earliest, 1)[0];
}
