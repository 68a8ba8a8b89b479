// How the machine is: scheduled work, backup, disk, database, mail, trail; each with the page where it is put right.
// Read by /system and by the administrator's home.
import { stat, statfs } from 'node:fs/promises';
import type { IconName } from '#lib/components/icons.ts';
import { bytes, dateTime, number } from '#lib/format.ts';
import * as audit from '#lib/server/audit/index.ts';
import { HOUR } from '#lib/server/calendar.ts';
import type { Context } from '#lib/server/context.ts';
import { databaseFile } from '#lib/server/db/index.ts';
import * as jobs from '#lib/server/jobs/index.ts';
import * as notifications from '#lib/server/notifications/index.ts';
import { can } from '#lib/server/permission.ts';
import { open } from '#lib/server/runtime.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import * as settings from '#lib/server/settings/index.ts';
import type { Tone } from '#lib/terms.ts';

export type Health = { name: string; href: string; tone: Tone; icon: IconName; word: string; text: string };

const GB = 1_000_000_000;
const good = { tone: 'ok', icon: 'circle-check' } as const;
const wary = { tone: 'warn', icon: 'triangle-alert' } as const;
const bad = { tone: 'bad', icon: 'circle-x' } as const;

export async function health(ctx: Context): Promise<Health[]> {
  const parts = [
    ...(can(ctx.actor, 'jobs.view') ? [scheduled(ctx), backup(ctx)] : []),
    await disk(ctx),
    clock(ctx),
    ...(can(ctx.actor, 'mail.view') ? [mail(ctx)] : []),
    trail(ctx),
  ];
  return parts;
}

function scheduled(ctx: Context): Health {
  const pulse = jobs.pulseOf(ctx);
  const place = { name: 'Tugas berkala', href: '/system/jobs' };
  const failed = jobs.list(ctx).filter((job) => job.last?.finishedAt && !job.last.ok);
  if (!pulse.alive) {
    const since = pulse.lastAt === null ? 'belum pernah memberi tanda' : `tanda terakhir ${dateTime(pulse.lastAt)}`;
    return {
      ...place,
      ...bad,
      word: 'Tidak berjalan',
      text: `Proses tugas ${since}. Periksa apakah npm start masih berjalan.`,
    };
  }
  if (pulse.silent)
    return { ...place, ...bad, word: 'Pemeriksaan berhenti', text: `Terakhir ${dateTime(pulse.lastReviewAt)}.` };
  if (failed.length) {
    return { ...place, ...wary, word: `${failed.length} gagal`, text: failed.map((job) => job.title).join('; ') };
  }
  return { ...place, ...good, word: 'Berjalan', text: `Tanda terakhir ${dateTime(pulse.lastAt)}.` };
}

function backup(ctx: Context): Health {
  const place = { name: 'Cadangan', href: '/system/backup' };
  const last = jobs.backup.list(ctx).find((run) => run.ok);
  if (!last) return { ...place, ...bad, word: 'Belum ada', text: 'Belum ada cadangan yang lolos pemeriksaan.' };
  const text = `Terakhir ${dateTime(last.at)}, ${bytes(last.bytes)}, sudah dibuka dan diperiksa.`;
  const old = ctx.now() - last.at > 30 * HOUR;
  return old ? { ...place, ...bad, word: 'Usang', text } : { ...place, ...good, word: 'Baik', text };
}

async function disk(ctx: Context): Promise<Health> {
  const place = { name: 'Disk dan basis data', href: '/system/backup' };
  const file = databaseFile(ctx.dir);
  const room = await statfs(ctx.dir);
  // What was written last lies in the log beside the file.
  const sizes = await Promise.all(
    [file, `${file}-wal`].map((name) =>
      stat(name).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  const size = sizes.reduce((sum, one) => sum + one, 0);
  const free = room.bavail * room.bsize;
  const share = room.bavail / Math.max(1, room.blocks);
  const forecast = can(ctx.actor, 'revocation.view') ? revocation.diskForecast(ctx) : null;
  const text = [`Sisa ${bytes(free)}; basis data ${bytes(size)}.`, forecast?.text].filter(Boolean).join(' ');
  if (forecast?.daysLeft != null && forecast.daysLeft < 90) return { ...place, ...wary, word: 'Akan penuh', text };
  if (free < GB) return { ...place, ...bad, word: 'Hampir penuh', text };
  return share < 0.1 ? { ...place, ...wary, word: 'Menipis', text } : { ...place, ...good, word: 'Cukup', text };
}

/** Our own clock, compared with that of the hosts that are asked anyway (certificate-status §8). */
function clock(ctx: Context): Health {
  const { state, text } = revocation.clock(ctx);
  const place = { name: 'Jam server', href: '/sources', text };
  if (state === 'frozen') return { ...place, ...bad, word: 'Salah' };
  if (state === 'ok') return { ...place, ...good, word: 'Cocok' };
  return { ...place, ...wary, word: state === 'warn' ? 'Berselisih' : 'Belum diketahui' };
}

function mail(ctx: Context): Health {
  const place = { name: 'Surat elektronik', href: '/system/mail' };
  const { held, failed, queued } = notifications.counts(ctx);
  if (!open().config.smtpUrl) {
    return {
      ...place,
      ...bad,
      word: 'Belum diatur',
      text: 'SIAGA_SMTP_URL kosong: tidak ada surel yang dapat keluar.',
    };
  }
  const text = `${number(queued)} antre, ${number(held)} ditahan, ${number(failed)} gagal.`;
  if (!settings.get(ctx, 'mail').enabled) return { ...place, ...wary, word: 'Sakelar mati', text };
  return failed ? { ...place, ...wary, word: `${failed} gagal`, text } : { ...place, ...good, word: 'Menyala', text };
}

function trail(ctx: Context): Health {
  const { size } = audit.head(ctx);
  return {
    name: 'Jejak audit',
    href: '/audit',
    ...good,
    word: 'Mencatat',
    text: `${number(size)} entri dalam satu rantai sidik.`,
  };
}
