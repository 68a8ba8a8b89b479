// The texts of mails about alerts: to whoever works in Siaga, and to owners of certificates, who have no account. Pure.
import { capital, fullDate, join, midSentence, number, serial, time } from '#lib/format.ts';
import { reasonWord } from '#lib/status-words.ts';
import { alike } from './alike.ts';
import { FORMER, freedItem, overLine, overSubject } from './over-words.ts';
import { ownerCertificate, ownerItem, type OwnerItem } from './owner-words.ts';
import type { Over, Pending } from './notice-store.ts';
import { subjectOf } from './topics.ts';
import { aboutOf, alertKinds, sentenceOf } from './words.ts';

export type Mail = { subject: string; body: string };

/** Who writes, and how to reach them: an owner cannot open Siaga. */
export type Sender = { office: string; government: string; contacts: readonly string[] };

export type Doubt = {
  /** Certificates that kept evidence takes out of use once our clock is right (revocation/taking-out.ts). */
  waiting: ReadonlySet<string>;
};

/** How many of them the reader's own lists show. */
export type Seen = { seen: { count: number; everywhere: boolean } };

/** At most so many items stand in one message; the rest is a number and the way to them. */
const ITEMS = 40;
/** So many names stand for a group. */
const NAMES = 5;

/**
 * @param own of `alerts`, those that reach the reader as owner alone
 * @param now instant of writing, UTC ms
 */
export function officeMail(
  to: { name: string; lane: 'digest' | 'immediate' },
  alerts: readonly Pending[],
  own: ReadonlySet<string>,
  { office, government, waiting, seen }: Sender & Doubt & Seen,
  now: number,
): Mail {
  const groups = alike(alerts.filter(({ id }) => !own.has(id)));
  const rest = groups.slice(ITEMS).reduce((sum, group) => sum + group.length, 0);
  const mine = alerts.filter(({ id }) => own.has(id));
  const body = [
    `Yth. ${to.name},`,
    '',
    `Per ${fullDate(now)} pukul ${time(now)} WIB, ini yang perlu perhatian Anda:`,
    '',
    ...groups.slice(0, ITEMS).map((group) => (group.length > 1 ? groupItem(group) : item(group[0]!, now, waiting))),
    ...beyond(rest),
    ...(mine.length
      ? ['', 'Tentang sertifikat Anda sendiri:', '', ...sections(mine.map((one) => told(one, now, waiting)))]
      : []),
    // The alert about the clock says it itself.
    ...(seen.count && alerts.every(({ kind }) => kind !== 'clock') ? ['', concealed(seen)] : []),
    '',
    'Surel ini dikirim sekali untuk setiap keadaan. Tandai "sudah diketahui" di Siaga bila sedang ditangani.',
    '',
    `${office}, ${government}`,
  ];
  return { subject: subjectOf(alerts, to.lane, now), body: body.join('\n') };
}

/** The way to what does not stand in a message to an office. */
const beyond = (rest: number): string[] =>
  rest > 0 ? [`- dan ${number(rest)} lainnya; lihat halaman Peringatan di Siaga.`] : [];

const isConcealed = (a: Pending, waiting: ReadonlySet<string>): boolean =>
  a.certificateId !== null && waiting.has(a.certificateId);
const CONCEALED =
  'Bukti yang menunggu jam server menyebut sertifikat ini dicabut atau ditangguhkan: jangan dipakai, dan jangan diperbarui sebelum jelas.';
const OWNER_CONCEALED =
  'Menurut bukti baru yang belum dapat kami terapkan, sertifikat ini sudah dicabut atau ditangguhkan: berhenti memakainya dan hubungi kami.';
const concealed = ({ count, everywhere }: Seen['seen']): string =>
  `Jam server Siaga salah: ${number(count)} sertifikat ${everywhere ? 'di seluruh kota' : 'Perangkat Daerah Anda'} disebut dicabut oleh bukti yang menunggu, dan masih tampak dengan status lamanya. Daftarnya ada di Siaga: Sertifikat, Menunggu Jam Server.`;

/** One line of a mail: name, agency, sentence. */
const item = (a: Pending, now: number, waiting: ReadonlySet<string>): string =>
  `- ${aboutOf(a)}${a.agency ? ` (${a.agency})` : ''}${a.serial ? `, seri ${serial(a.serial)}` : ''}\n  ${sentenceOf(a, now)}${isConcealed(a, waiting) ? `\n  ${CONCEALED}` : ''}`;

function groupItem(group: readonly Pending[]): string {
  const first = group[0]!;
  const names = group.slice(0, NAMES).map((a) => `${aboutOf(a)}${a.agency ? ` (${a.agency})` : ''}`);
  const rest = group.length - names.length;
  return [
    `- ${number(group.length)} sertifikat: ${alertKinds[first.kind].word}${first.evidence ? `, menurut ${first.evidence}` : ''}`,
    `  ${first.kind === 'revoked' ? manyRevoked(group) : sentenceOf(first, first.renewedAt)}`,
    `  ${rest ? `${names.join(', ')}, dan ${number(rest)} lainnya` : join(names)}.`,
  ].join('\n');
}

function manyRevoked(group: readonly Pending[]): string {
  const reasons = [...Map.groupBy(group, (a) => Number(a.detail.reason ?? 0))]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([code, some]) => `${number(some.length)} ${reasonWord(code)}`);
  return `Alasan: ${join(reasons)}. Pastikan para pemilik berhenti memakainya; bila bukan permintaan Dinas, laporkan sebagai insiden.`;
}

/** To somebody who only owns what it is about. */
export function ownerMail(name: string, alerts: readonly Pending[], sender: Sender & Doubt, now: number): Mail {
  return ownerLetter(
    name,
    alerts.map((one) => told(one, now, sender.waiting)),
    sender,
    now,
  );
}

/** To an owner who waits for word that a hold is over. */
export function freedMail(name: string, freed: readonly Over[], sender: Sender, now: number): Mail {
  return ownerLetter(
    name,
    freed.map((one) => ({ certificate: ownerCertificate(one), ...freedItem(one, now) })),
    sender,
    now,
  );
}

/** To somebody who was told to stop and owns it no more. */
export function formerMail(name: string, ended: readonly Over[], sender: Sender, now: number): Mail {
  const items = ended.map((one) => ({ certificate: ownerCertificate(one), ...FORMER }));
  return ownerLetter(name, items, sender, now, 'sertifikat yang dahulu tercatat atas nama Anda');
}

type Told = OwnerItem & { certificate: string };

function told(a: Pending, now: number, waiting: ReadonlySet<string>): Told {
  const item = ownerItem(a, now);
  const happened = `${item.happened}${isConcealed(a, waiting) ? ` ${OWNER_CONCEALED}` : ''}`;
  return { ...item, happened, certificate: ownerCertificate(a) };
}

function ownerLetter(
  name: string,
  items: readonly Told[],
  sender: Sender,
  now: number,
  what = 'sertifikat elektronik Anda',
): Mail {
  const body = [
    `Yth. ${name},`,
    '',
    `Surel ini tentang ${what} yang diawasi ${sender.office}, ${sender.government}. Keadaan per ${fullDate(now)} pukul ${time(now)} WIB:`,
    '',
    ...sections(items),
    'Hubungi kami:',
    ...sender.contacts.map((line) => `- ${line}`),
    '',
    'Surel ini dikirim sekali untuk setiap keadaan.',
    '',
    `${sender.office}, ${sender.government}`,
  ];
  const subject = items.length === 1 ? items[0]!.subject : manySubject(what, items);
  return { subject, body: body.join('\n') };
}

function manySubject(what: string, items: readonly Told[]): string {
  const counted = [...Map.groupBy(items, ({ title }) => title)].map(
    ([title, some]) => `${number(some.length)} ${midSentence(title)}`,
  );
  return `${capital(what)}: ${counted.join(', ')}`;
}

/** Who keeps the certificates of many servers gets a letter, not a book. */
function sections(items: readonly Told[]): string[] {
  const rest = items.length - ITEMS;
  const first = items.slice(0, ITEMS).flatMap(section);
  return rest > 0 ? [...first, `… dan ${number(rest)} sertifikat lainnya; mintalah daftarnya kepada kami.`, ''] : first;
}

const section = ({ title, certificate, happened, todo }: Told): string[] => [
  title.toUpperCase(),
  `Sertifikat: ${certificate}`,
  `Yang terjadi: ${happened}`,
  'Yang perlu Anda lakukan:',
  ...todo.map((step, at) => `${at + 1}. ${step}`),
  '',
];

/** To whoever works in Siaga: what is over since they were told of it. */
export function overMail(name: string, ended: readonly Over[], { office, government }: Sender): Mail {
  const rest = ended.length - ITEMS;
  const body = [
    `Yth. ${name},`,
    '',
    'Yang pernah diberitahukan kepada Anda sudah berakhir:',
    '',
    ...ended.slice(0, ITEMS).map((one) => `- ${overLine(one)}`),
    ...beyond(rest),
    '',
    `${office}, ${government}`,
  ];
  return { subject: `Siaga: ${overSubject(ended)}`, body: body.join('\n') };
}
