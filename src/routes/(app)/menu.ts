// The menu of a person: what the roles may open, in the order of the interface. Leaders and agency officers have short
// menus of their own.
import type { IconName } from '#lib/components/icons.ts';
import type { UserActor } from '#lib/server/context.ts';
import { can, type Act } from '#lib/server/permission.ts';

/** A number beside an entry, which leads to exactly what it counts. */
export type Hot = { count: number; href: string; label: string };
export type MenuItem = { href: string; label: string; icon: IconName; hot?: Hot; also?: readonly string[] };
export type Menu = { main: MenuItem[]; more: MenuItem[] };

type Entry = MenuItem & { act?: Act | readonly Act[] };

const home: Entry = { href: '/', label: 'Beranda', icon: 'house' };
const certificates: Entry = {
  href: '/certificates',
  label: 'Sertifikat',
  icon: 'file-badge',
  act: 'certificates.view',
  also: ['/holders', '/matching', '/renewals', '/calendar', '/imports'],
};
const incidents: Entry = { href: '/incidents', label: 'Insiden', icon: 'siren', act: 'incidents.view' };
const evaluations: Entry = {
  href: '/evaluations',
  label: 'Evaluasi',
  icon: 'clipboard-check',
  act: 'evaluations.view',
};
const reports: Entry = { href: '/reports', label: 'Laporan', icon: 'file-text', act: 'reports.view' };
const agencies: Entry = { href: '/agencies', label: 'Perangkat Daerah', icon: 'building-2', act: 'agencies.view' };

const more: Entry[] = [
  { href: '/registers', label: 'Register', icon: 'book-open', act: 'compliance.view' },
  { href: '/compliance', label: 'Kepatuhan per Pasal', icon: 'scale', act: 'compliance.view' },
  { href: '/sources', label: 'Sumber Pencabutan', icon: 'activity', act: 'revocation.view' },
  { href: '/trust', label: 'Penerbit Tepercaya', icon: 'shield-check', act: 'trust.view' },
  { href: '/problems', label: 'Catatan Teknis', icon: 'list-checks', act: 'certificates.view' },
  { href: '/audit', label: 'Jejak Audit', icon: 'history', act: 'audit.view' },
  {
    href: '/system',
    label: 'Sistem',
    icon: 'sliders-horizontal',
    act: ['settings.view', 'jobs.view', 'users.manage', 'mail.view'],
  },
];

const only = (person: UserActor, role: string) => person.roles.every((own) => own === role);

/** @param urgent incident work that is due today or late, shown beside Insiden */
export function menuOf(person: UserActor, urgent: number): Menu {
  if (only(person, 'leader')) return { main: [{ ...home, label: 'Ringkasan' }, bare(reports)], more: [] };
  if (only(person, 'officer')) {
    const report: MenuItem = { href: '/lapor', label: 'Lapor', icon: 'siren' };
    return { main: [home, { ...bare(certificates), label: 'Sertifikat Kami' }, report, bare(evaluations)], more: [] };
  }
  const allowed = (entry: Entry) => !entry.act || [entry.act].flat().some((act) => can(person, act as Act));
  const main = [
    home,
    certificates,
    { ...incidents, ...(urgent ? { hot: urgentWork(urgent) } : {}) },
    evaluations,
    reports,
    agencies,
  ];
  return { main: main.filter(allowed).map(bare), more: more.filter(allowed).map(bare) };
}

const urgentWork = (count: number): Hot => ({
  count,
  href: '/work?about=incidents&due=now',
  label: 'pekerjaan insiden terlambat atau jatuh tempo hari ini',
});

const bare = ({ href, label, icon, hot, also }: Entry): MenuItem => ({
  href,
  label,
  icon,
  ...(hot ? { hot } : {}),
  ...(also ? { also } : {}),
});
