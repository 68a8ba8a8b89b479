// Langkah Awal: the seven steps of the first hour. Each is done when its rows are there; nothing is ticked by hand, so
// a step opens again by itself when its result goes away.
import { and, count, desc, eq, inArray, isNull, type SQL } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { number } from '#lib/format.ts';
import * as agencies from '../agencies/index.ts';
import * as auth from '../auth/index.ts';
import { holder, position } from '../certificates/schema-holder.ts';
import { importRun } from '../certificates/schema-import.ts';
import { authority, certificate } from '../certificates/schema.ts';
import type { Context } from '../context.ts';
import { message } from '../notifications/schema.ts';
import { can, demand, mayOpen } from '../permission.ts';
import * as settings from '../settings/index.ts';

export type Step = {
  label: string;
  done: boolean;
  /** Its live result, or what it is for while it is open. */
  result: string;
  href: string;
  button: string;
  /** The rows behind the result, and work of this step that was begun and waits. */
  links: { label: string; href: string }[];
};

/** The steps in their order with what each has brought so far. */
export function steps(ctx: Context): Step[] {
  demand(ctx.actor, 'settings.view');
  const all = [office, people, issuers, personnel, certificates, addresses, mail].map((step) => step(ctx));
  return all.map((step) => ({ ...step, links: step.links.filter(({ href }) => mayOpen(ctx.actor, href)) }));
}

/** Whether the administrator still sees Langkah Awal at home. */
export const isOpen = (ctx: Context): boolean =>
  can(ctx.actor, 'settings.edit') && steps(ctx).some((step) => !step.done);

function office(ctx: Context): Step {
  const { name, address } = settings.get(ctx, 'office');
  const { name: head } = settings.get(ctx, 'signatory');
  const { paper } = settings.get(ctx, 'document');
  const missing = [!name && 'nama Dinas', !address && 'alamat', !head && 'penanda tangan'].filter(Boolean) as string[];
  return {
    label: 'Identitas Dinas dan kop surat',
    done: missing.length === 0,
    result: missing.length ? `Belum diisi: ${missing.join(', ')}.` : sentence(`${name}; penanda tangan ${head}`),
    href: missing.length === 1 && !head ? '/system/settings/signatory' : '/system/settings/office',
    button: 'Isi Identitas',
    links: [
      { label: 'Identitas dan kop surat', href: '/system/settings/office' },
      { label: 'Penanda tangan', href: '/system/settings/signatory' },
      { label: `Kertas ${paper} dan bentuk dokumen`, href: '/system/settings/document' },
    ],
  };
}

function people(ctx: Context): Step {
  const counts = auth.roleCounts(ctx);
  const of = (role: 'head' | 'supervisor' | 'handler') => counts.get(role) ?? 0;
  const missing = [
    !of('head') && 'Kepala Dinas',
    !of('supervisor') && 'Pengawas',
    !of('handler') && 'Penangan Insiden',
  ].filter(Boolean) as string[];
  const have = `${of('head')} Kepala Dinas, ${of('supervisor')} Pengawas, ${of('handler')} Penangan Insiden`;
  return {
    label: 'Kepala Dinas, Pengawas, dan petugas piket',
    done: missing.length === 0,
    result: missing.length ? `Belum ada: ${missing.join(', ')}. Tercatat ${have}.` : `${have}.`,
    href: missing.length ? '/system/users/new' : '/system/users',
    button: 'Undang Orang',
    links: [{ label: 'Semua pengguna', href: '/system/users' }],
  };
}

function issuers(ctx: Context): Step {
  const anchors = rows(ctx, authority, eq(authority.trust, 'anchor'));
  const proposed = rows(ctx, authority, eq(authority.trust, 'proposed'));
  const waiting = proposed ? ` ${number(proposed)} usulan menunggu.` : '';
  return {
    label: 'Percayai penerbit sertifikat',
    done: anchors > 0,
    result: anchors
      ? `${number(anchors)} penerbit dipercaya.${waiting}`
      : `Bandingkan sidik penerbit dengan sumber resminya, lalu terima. Tanpa ini tidak ada sertifikat yang terbukti sah.${waiting}`,
    href: '/trust',
    button: 'Periksa Penerbit',
    links: [],
  };
}

const PERSONNEL = '/certificates/import?kind=personnel';

function personnel(ctx: Context): Step {
  const persons = rows(ctx, holder, and(eq(holder.kind, 'person'), isNull(holder.archivedAt)));
  const placed = rows(ctx, position, isNull(position.to));
  return {
    label: 'Impor daftar pegawai',
    done: persons > 0,
    result: persons
      ? `${number(persons)} orang tercatat, ${number(placed)} jabatan.`
      : 'Lembar Excel atau CSV: nama, NIP, jabatan, Perangkat Daerah, surel, keadaan.',
    href: persons ? '/holders' : PERSONNEL,
    button: 'Impor Pegawai',
    links: [...begun(ctx, ['personnel']), ...(persons ? [{ label: 'Impor daftar baru', href: PERSONNEL }] : [])],
  };
}

function certificates(ctx: Context): Step {
  const listed = isNull(certificate.archivedAt);
  const all = rows(ctx, certificate, listed);
  const unowned = rows(ctx, certificate, and(listed, isNull(certificate.holderId)));
  return {
    label: 'Impor sertifikat',
    done: all > 0,
    result: all
      ? `${number(all)} sertifikat${unowned ? `, ${number(unowned)} belum punya pemilik` : ', semua punya pemilik'}.`
      : 'Dari lembar Excel, berkas sertifikat, ZIP, atau satu surat bertanda tangan.',
    href: all ? '/certificates' : '/certificates/import',
    button: 'Impor Sertifikat',
    links: [
      ...begun(ctx, ['certificates', 'certificate_sheet']),
      ...(all ? [{ label: 'Impor lagi', href: '/certificates/import' }] : []),
      ...(unowned ? [{ label: 'Cocokkan pemilik', href: '/matching' }] : []),
    ],
  };
}

/** Imports that run or wait for a decision: where to go on. Newest first. */
function begun(ctx: Context, kinds: (typeof importRun.$inferSelect)['kind'][]): Step['links'] {
  return ctx.db
    .select()
    .from(importRun)
    .where(and(inArray(importRun.kind, kinds), inArray(importRun.state, ['requested', 'preview', 'running'])))
    .orderBy(desc(importRun.requestedAt))
    .limit(3)
    .all()
    .map((run) => ({
      label:
        run.state === 'preview'
          ? `${run.number} menunggu keputusan Anda`
          : run.state === 'requested'
            ? `${run.number} menunggu giliran`
            : `${run.number} sedang diimpor: ${number(run.done)} dari ${number(run.total)}`,
      href: `/imports/${run.id}`,
    }));
}

function addresses(ctx: Context): Step {
  const missing = [
    !agencies.contacts.current(ctx, 'bssn') && 'Kepala BSSN',
    !agencies.contacts.current(ctx, 'bsre') && 'Kepala BSrE',
  ].filter(Boolean) as string[];
  return {
    label: 'Alamat BSSN dan BSrE',
    done: missing.length === 0,
    result: missing.length
      ? `Belum diisi: ${missing.join(' dan ')}. Laporan insiden (Pasal 19) tidak punya tujuan tanpa alamat ini.`
      : 'Keduanya tercatat; periksa kebenarannya tiap enam bulan.',
    href: '/system/contacts',
    button: 'Isi Alamat',
    links: [],
  };
}

function mail(ctx: Context): Step {
  const { enabled, from } = settings.get(ctx, 'mail');
  const sent = rows(ctx, message, eq(message.state, 'sent'));
  const held = rows(ctx, message, eq(message.state, 'held'));
  return {
    label: 'Uji surel, lalu nyalakan pengiriman',
    done: enabled,
    result: enabled
      ? sentence(`Menyala; pengirim ${from || 'belum diisi'}; ${number(sent)} surel terkirim`)
      : sent
        ? `Uji kirim berhasil. Baca ${number(held)} surel yang akan dikirim, lalu nyalakan.`
        : 'Kirim satu surel uji. Sebelum dinyalakan, semua surel ditahan dan tidak ada yang keluar.',
    href: '/system/mail',
    button: sent ? 'Nyalakan Pengiriman' : 'Uji Surel',
    links: held ? [{ label: `Yang akan dikirim (${number(held)})`, href: '/system/mail?state=held' }] : [],
  };
}

/** A sentence whose last word may be an abbreviation that ends with a point already. */
const sentence = (words: string): string => (words.endsWith('.') ? words : `${words}.`);

const rows = (ctx: Context, table: SQLiteTable, where?: SQL): number =>
  ctx.db.select({ n: count() }).from(table).where(where).get()?.n ?? 0;
