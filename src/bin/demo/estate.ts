// Which certificates the sample city has: a plan of plain values, made before anything is signed. Dates are relative to
// the day of seeding. It holds what a real office finds: an expiry cliff, expired and superseded ones, revoked ones,
// some held by leavers, weak and odd ones, records whose file never came.
import type { Person } from './people.ts';
import type { Random } from './random.ts';

const DAY = 86_400_000;
const SECOND = 1000;
/** BSrE's signer lifetime: 730 days less a second. */
export const LIFETIME = 730 * DAY - SECOND;

export type Plan = {
  person: Person | null;
  /** CN of the certificate. */
  commonName: string;
  agencyCode: string;
  use: 'signature' | 'email' | 'tls_server';
  host?: string;
  notBefore: number;
  lifetime: number;
  /** What is odd about it. */
  odd?: 'rsa1024' | 'sha1' | 'no_key_usage' | 'nik' | 'server_auth' | 'long' | 'no_pointer' | 'shared_key';
  /** Days before today at which the CA revoked it, and why (RFC 5280 §5.3.1). */
  revoked?: { daysAgo: number; reason: number };
  /** Known from a sheet only. */
  dataOnly?: boolean;
};

const HOSTS = [
  ['sso', 'DISKOMINFO'],
  ['srikandi', 'DISKOMINFO'],
  ['tte', 'DISKOMINFO'],
  ['portal', 'DISKOMINFO'],
  ['ppid', 'DISKOMINFO'],
  ['surel', 'DISKOMINFO'],
  ['sipd', 'BPKAD'],
  ['pajak', 'BAPENDA'],
  ['simpeg', 'BKPSDM'],
  ['dukcapil', 'DISDUKCAPIL'],
  ['perizinan', 'DPMPTSP'],
  ['rsud', 'RSUDEF'],
  ['ppdb', 'DISDIK'],
  ['lpse', 'SETDA-PBJ'],
  ['jdih', 'SETDA-HUKUM'],
  ['arsip', 'DPA'],
  ['bencana', 'BPBD'],
  ['dprd', 'SETWAN'],
] as const;

/** @param today first instant of the day of seeding */
export function planEstate(
  people: readonly Person[],
  agencies: ReadonlySet<string>,
  dice: Random,
  today: number,
): Plan[] {
  const plans: Plan[] = [];
  for (const person of people) {
    if (person.position === 'Pelaksana' && dice.chance(0.12)) continue;
    plans.push(...forPerson(person, dice, today));
  }
  plans.push(...systems(agencies, dice, today), ...mailboxes(people, dice, today));
  revokeSome(plans, dice, today);
  return plans.sort((a, b) => a.notBefore - b.notBefore);
}

function forPerson(person: Person, dice: Random, today: number): Plan[] {
  const base = {
    person,
    commonName: dice.chance(0.5) ? person.name.toUpperCase() : person.name,
    agencyCode: person.agency.code,
    use: 'signature' as const,
    lifetime: LIFETIME,
  };
  // The education office enrolled in one drive: its certificates end within the same ten days, five months from now.
  const cliff = person.agency.code === 'DISDIK' && dice.chance(0.7);
  const remaining = cliff ? 148 + dice.below(10) : spread(dice);
  const end = today + remaining * DAY + (9 + dice.below(8)) * 3_600_000;
  // Nobody who had left was given one (Pasal 8: an applicant is in service).
  const left = person.statusSince ? Date.parse(person.statusSince) - 30 * DAY : Infinity;
  const current: Plan = { ...base, notBefore: Math.min(end - LIFETIME, left) };
  const result = [current];
  // A predecessor, renewed up to two months before its end: still running if the renewal is recent, else ended.
  if (remaining > 90 && dice.chance(0.24))
    result.push({ ...base, notBefore: current.notBefore - LIFETIME + dice.below(60) * DAY });
  if (dice.chance(0.014)) current.dataOnly = true;
  if (dice.chance(0.006))
    current.odd = dice.pick(['rsa1024', 'sha1', 'no_key_usage', 'nik', 'server_auth', 'long', 'no_pointer'] as const);
  return result;
}

/** Days left: mostly somewhere in the two years, some near the end, some past it. */
function spread(dice: Random): number {
  if (dice.chance(0.05)) return -1 - dice.below(120);
  if (dice.chance(0.05)) return 1 + dice.below(29);
  return 30 + dice.below(700);
}

function systems(agencies: ReadonlySet<string>, dice: Random, today: number): Plan[] {
  return HOSTS.filter(([, code]) => agencies.has(code)).map(([host, code], i) => ({
    person: null,
    commonName: `${host}.batam.example`,
    host: `${host}.batam.example`,
    agencyCode: code,
    use: 'tls_server' as const,
    lifetime: 365 * DAY - SECOND,
    notBefore: today - (365 - (i === 0 ? 5 : i === 1 ? -9 : 20 + dice.below(330))) * DAY,
  }));
}

function mailboxes(people: readonly Person[], dice: Random, today: number): Plan[] {
  return people
    .filter((person) => person.agency.code === 'DISKOMINFO' && person.status === 'aktif')
    .slice(0, 18)
    .map((person) => ({
      person,
      commonName: person.name,
      agencyCode: person.agency.code,
      use: 'email' as const,
      lifetime: LIFETIME,
      notBefore: today - dice.below(700) * DAY,
    }));
}

function revokeSome(plans: Plan[], dice: Random, today: number): void {
  for (const plan of plans) {
    const age = Math.floor((today - plan.notBefore) / DAY);
    if (plan.dataOnly || age < 40) continue;
    // Half of the leavers had theirs revoked; the rest is work for the supervisor.
    const leaver = plan.person && plan.person.status !== 'aktif' && dice.chance(0.5);
    if (!leaver && !dice.chance(0.018)) continue;
    plan.revoked = {
      daysAgo: 2 + dice.below(Math.min(age - 5, 300)),
      reason: leaver ? 5 : dice.pick([1, 1, 3, 4, 5, 0]),
    };
  }
  // Two clerks once shared one token: the same key under two names.
  const pair = plans.filter((plan) => plan.use === 'signature' && !plan.revoked && !plan.dataOnly).slice(10, 12);
  for (const plan of pair) plan.odd = 'shared_key';
}
