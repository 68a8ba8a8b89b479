// Langkah Awal: the seven steps of the first hour. Each is done when its rows are there; nothing is ticked by hand, so
// a step opens again by itself when its result goes away.
import { and, count, eq, isNull } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { number } from '#lib/format.ts';
import * as agencies from '../agencies/index.ts';
import * as auth from '../auth/index.ts';
import { authority, certificate, holder } from '../certificates/schema.ts';
import type { Context } from '../context.ts';
import { message } from '../notifications/schema.ts';
import { can, demand } from '../permission.ts';
import * as settings from '../settings/index.ts';

export type Step = {
  label: string;
  done: boolean;
  /** Its live result, or what it is for while it is open. */
  result: string;
  href: string;
  button: string;
};

/** The steps in their order with what each has brought so far. */
export function steps(ctx: Context): Step[] {
  demand(ctx.actor, 'settings.view');
  return [office, people, issuers, personnel, certificates, addresses, mail].map((step) => step(ctx));
}

/** Whether the administrator still sees Langkah Awal at home. */
export const isOpen = (ctx: Context): boolean =>
  can(ctx.actor, 'settings.edit') && steps(ctx).some((step) => !step.done);

function office(ctx: Context): Step {
  const { name, address } = settings.get(ctx, 'office');
  const { name: head } = settings.get(ctx, 'signatory');
  const missing = [!name && 'nama Dinas', !address && 'alamat', !head && 'penanda tangan'].filter(Boolean) as string[];
  return {
    label: 'Identitas Dinas dan kop surat',
    done: missing.length === 0,
    result: missing.length
      ? `Belum diisi: ${missing.join(', ')}.`
      : `${name}; penanda tangan ${head}${head.endsWith('.') ? '' : '.'}`,
    href: missing.length === 1 && !head ? '/system/settings/signatory' : '/system/settings/office',
    button: 'Isi Identitas',
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
    result: missing.length ? `Belum ada: ${missing.join(', ')}.` : `${have}.`,
    href: '/system/users',
    button: 'Undang Orang',
  };
}

function issuers(ctx: Context): Step {
  const anchors = rows(ctx, authority, eq(authority.trust, 'anchor'));
  const proposed = rows(ctx, authority, eq(authority.trust, 'proposed'));
  return {
    label: 'Percayai penerbit sertifikat',
    done: anchors > 0,
    result: anchors
      ? `${number(anchors)} penerbit dipercaya${proposed ? `; ${number(proposed)} usulan menunggu` : ''}.`
      : 'Bandingkan sidik penerbit dengan sumber resminya, lalu terima. Tanpa ini tidak ada sertifikat yang terbukti sah.',
    href: '/trust',
    button: 'Periksa Penerbit',
  };
}

function personnel(ctx: Context): Step {
  const persons = rows(ctx, holder, eq(holder.kind, 'person'));
  return {
    label: 'Impor daftar pegawai',
    done: persons > 0,
    result: persons
      ? `${number(persons)} orang tercatat.`
      : 'Lembar Excel atau CSV: nama, NIP, jabatan, Perangkat Daerah, surel, keadaan.',
    href: '/certificates/import?kind=personnel',
    button: 'Impor Pegawai',
  };
}

function certificates(ctx: Context): Step {
  const all = rows(ctx, certificate);
  const unowned = rows(ctx, certificate, and(isNull(certificate.holderId), isNull(certificate.agencyId)));
  return {
    label: 'Impor sertifikat',
    done: all > 0,
    result: all
      ? `${number(all)} sertifikat${unowned ? `, ${number(unowned)} belum punya pemilik` : ', semua punya pemilik'}.`
      : 'Dari lembar Excel, berkas sertifikat, ZIP, atau satu surat bertanda tangan.',
    href: '/certificates/import',
    button: 'Impor Sertifikat',
  };
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
  };
}

function mail(ctx: Context): Step {
  const { enabled, from } = settings.get(ctx, 'mail');
  const sent = rows(ctx, message, eq(message.state, 'sent'));
  return {
    label: 'Uji surel, lalu nyalakan pengiriman',
    done: enabled,
    result: enabled
      ? `Menyala; pengirim ${from || 'belum diisi'}.`
      : sent
        ? 'Uji kirim berhasil; pengiriman belum dinyalakan, surel lain ditahan.'
        : 'Kirim satu surel uji. Sebelum dinyalakan, semua surel ditahan dan tidak ada yang keluar.',
    href: '/system/mail',
    button: 'Uji Surel',
  };
}

const rows = (ctx: Context, table: SQLiteTable, where?: ReturnType<typeof eq>): number =>
  ctx.db.select({ n: count() }).from(table).where(where).get()?.n ?? 0;
