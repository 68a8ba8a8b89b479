// Who may do what, in one table, and which agencies an actor sees. A verb's first line asks `demand`; queries ask
// `scope`. Roles are those of the interface; acts are capabilities, named room.verb.
import type { Actor } from './context.ts';
import { forbidden } from './errors.ts';

export const ROLES = [
  'supervisor',
  'handler',
  'verifier',
  'leader',
  'head',
  'auditor',
  'officer',
  'administrator',
] as const;
/** supervisor Pengawas, handler Penangan Insiden, verifier Verifikator, leader Pimpinan, head Kepala Dinas (penyetuju),
 * auditor Auditor, officer Petugas Perangkat Daerah, administrator Administrator. */
export type Role = (typeof ROLES)[number];

const everyone = ROLES;

const table = {
  // certificates, holders, issuers
  // The administrator imports (Langkah Awal 4 and 5) and must see what became of it.
  'certificates.view': ['supervisor', 'handler', 'verifier', 'head', 'auditor', 'officer', 'administrator'],
  'certificates.import': ['supervisor', 'verifier', 'administrator'],
  'imports.view': ['supervisor', 'verifier', 'auditor', 'administrator'],
  'certificates.edit': ['supervisor', 'verifier'],
  // Whoever imports names owners already (NIP, e-mail), so the first owner of what an import brought may be theirs too:
  // the first hour needs no second person. The administrator, who decides whom to trust and who has an account, changes
  // or ends no ownership that stands, archives nothing and takes back no import or match of others: `certificates.edit`.
  'certificates.match': ['supervisor', 'verifier', 'administrator'],
  'certificates.export': ['supervisor', 'verifier', 'handler', 'auditor', 'officer'],
  'holders.view': ['supervisor', 'handler', 'verifier', 'auditor', 'officer', 'administrator'],
  'holders.edit': ['supervisor', 'verifier', 'administrator'],
  'trust.view': ['supervisor', 'handler', 'verifier', 'head', 'auditor', 'administrator'],
  'trust.decide': ['administrator'],
  'agencies.view': everyone,
  'agencies.edit': ['administrator', 'supervisor'],
  'contacts.view': ['supervisor', 'handler', 'head', 'auditor', 'administrator'],
  'contacts.edit': ['administrator', 'supervisor', 'handler'],
  // revocation and monitoring
  'revocation.view': ['supervisor', 'handler', 'verifier', 'auditor', 'administrator'],
  'revocation.check': ['supervisor', 'handler', 'verifier'],
  // Whoever lets a CA's numbering of lists begin anew answers for it; what was proved stays.
  'revocation.renumber': ['supervisor', 'administrator'],
  // The firewall is the administrator's work, what is published behind it is not.
  'reach.test': ['supervisor', 'handler', 'verifier', 'administrator'],
  'evidence.add': ['supervisor', 'handler', 'verifier', 'administrator'],
  'alerts.view': ['supervisor', 'handler', 'verifier', 'officer'],
  'alerts.acknowledge': ['supervisor', 'handler', 'verifier', 'officer'],
  // incidents
  'incidents.report': everyone,
  'incidents.view': ['supervisor', 'handler', 'head', 'auditor', 'officer'],
  'incidents.triage': ['handler', 'supervisor'],
  'incidents.handle': ['handler', 'supervisor'],
  'incidents.decide': ['handler', 'supervisor'],
  'incidents.note': ['handler', 'supervisor', 'head', 'officer'],
  'incidents.second': ['supervisor', 'head'],
  'incidents.close': ['handler', 'supervisor'],
  'letters.view': ['supervisor', 'handler', 'head', 'auditor'],
  'letters.write': ['handler', 'supervisor'],
  'letters.approve': ['head', 'supervisor'],
  'letters.send': ['handler', 'supervisor'],
  'letters.receipt': ['handler', 'supervisor'],
  // evaluations
  'evaluations.view': ['supervisor', 'handler', 'verifier', 'leader', 'head', 'auditor', 'officer'],
  'evaluations.open': ['supervisor'],
  'evaluations.answer': ['officer', 'supervisor'],
  'evaluations.judge': ['supervisor'],
  'evaluations.close': ['supervisor'],
  'evaluations.second': ['supervisor', 'head'],
  'findings.adopt': ['supervisor'],
  'findings.answer': ['officer', 'supervisor'],
  'findings.verify': ['supervisor', 'head'],
  // reports
  'reports.view': ['supervisor', 'leader', 'head', 'auditor', 'handler'],
  'reports.take': ['supervisor'],
  'reports.approve': ['head'],
  'reports.send': ['supervisor', 'head'],
  // what was before Siaga
  'history.view': ['supervisor', 'handler', 'verifier', 'leader', 'head', 'auditor', 'administrator'],
  'history.record': ['supervisor', 'administrator'],
  'brief.download': ['leader', 'head', 'supervisor', 'auditor'],
  // office
  // Langkah Awal: everyone of the office sees how far it is. An officer of an agency sees no city-wide figures.
  'start.view': ['supervisor', 'handler', 'verifier', 'leader', 'head', 'auditor', 'administrator'],
  'compliance.view': ['supervisor', 'handler', 'verifier', 'leader', 'head', 'auditor', 'administrator'],
  'audit.view': ['supervisor', 'auditor', 'administrator'],
  'audit.export': ['auditor', 'supervisor'],
  'users.manage': ['administrator'],
  'settings.view': ['supervisor', 'administrator', 'auditor', 'head'],
  'settings.edit': ['administrator'],
  'jobs.view': ['supervisor', 'administrator', 'auditor'],
  'jobs.run': ['supervisor', 'administrator'],
  'mail.view': ['supervisor', 'handler', 'administrator', 'auditor'],
  'mail.switch': ['administrator'],
} as const satisfies Record<string, readonly Role[]>;

export type Act = keyof typeof table;
export const ACTS = Object.keys(table) as Act[];

/** The roles that may do an act: who is to be asked for it. */
export const rolesFor = (act: Act): readonly Role[] => table[act];

/** Acts that need a person who answers for them: no system actor may do them (architecture: facts, decisions). */
const personal: readonly Act[] = [
  'incidents.second',
  'letters.approve',
  'evaluations.second',
  'findings.verify',
  'reports.approve',
  'trust.decide',
  'revocation.renumber',
];

/** What somebody who has not signed in may do. */
const open: readonly Act[] = ['incidents.report'];

/** Whether the actor may do the act at all; the object check (own agency, second person) is the verb's. */
export function can(actor: Actor, act: Act): boolean {
  if (actor.kind === 'system') return !personal.includes(act);
  if (actor.kind === 'public') return open.includes(act);
  const roles: readonly Role[] = table[act];
  return actor.roles.some((role) => roles.includes(role));
}

/** @throws AppError forbidden, with a sentence for people */
export function demand(actor: Actor, act: Act): void {
  if (can(actor, act)) return;
  throw forbidden('Anda tidak memiliki hak untuk tindakan ini. Hubungi administrator bila seharusnya punya.');
}

/** The agencies an actor sees: 'all', or ids. Somebody without agency and without an office role sees none. */
export function scope(actor: Actor): 'all' | readonly string[] {
  if (actor.kind === 'system') return 'all';
  if (actor.kind === 'public') return [];
  return actor.agencies;
}

/** Roles that see the whole city; an officer sees own agency and its descendants. */
export const seesWholeCity = (roles: readonly Role[]): boolean => roles.some((role) => role !== 'officer');

/** The act that opening a page asks for, longest address first; a page that is not here is for everyone signed in. */
const pages: readonly (readonly [address: string, act: Act])[] = [
  ['/system/users', 'users.manage'],
  ['/system/mail', 'mail.view'],
  ['/system/contacts', 'contacts.view'],
  ['/system/backup', 'jobs.view'],
  ['/system/jobs', 'jobs.view'],
  ['/system/settings', 'settings.view'],
  ['/certificates/import', 'certificates.import'],
  ['/certificates/bulk', 'certificates.edit'],
  ['/certificates/new', 'certificates.edit'],
  ['/certificates', 'certificates.view'],
  ['/matching', 'certificates.match'],
  ['/renewals', 'certificates.view'],
  ['/calendar', 'certificates.view'],
  ['/imports', 'imports.view'],
  ['/holders/new', 'holders.edit'],
  ['/holders', 'holders.view'],
  ['/incidents', 'incidents.view'],
  ['/intakes', 'incidents.view'],
  ['/evaluations', 'evaluations.view'],
  ['/findings', 'evaluations.view'],
  ['/reports', 'reports.view'],
  ['/sources', 'revocation.view'],
  ['/evidence', 'certificates.view'],
  ['/problems', 'certificates.view'],
  ['/trust', 'trust.view'],
  ['/audit', 'audit.view'],
  ['/brief', 'brief.download'],
  ['/history', 'history.view'],
  ['/alerts', 'alerts.view'],
  ['/start', 'start.view'],
];

/** Whether a link leads somewhere for this actor, so that no page offers a way to a closed door. */
export function mayOpen(actor: Actor, href: string): boolean {
  const page = pages.find(
    ([address]) => href === address || href.startsWith(`${address}/`) || href.startsWith(`${address}?`),
  );
  return !page || can(actor, page[1]);
}
