// The seven steps of Langkah Awal: whose work each is, when it is done, what it has brought so far. A step is done when
// its rows are there; nothing is ticked by hand, so it opens again by itself when its result goes away.
import { and, count, desc, eq, inArray, isNull, sql, type SQL } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { number } from '#lib/format.ts';
import * as agencies from '../agencies/index.ts';
import * as auth from '../auth/index.ts';
import { holder, position } from '../certificates/schema-holder.ts';
import { importRun } from '../certificates/schema-import.ts';
import { authority, certificate } from '../certificates/schema.ts';
import type { Context } from '../context.ts';
import { message } from '../notifications/schema.ts';
import type { Act } from '../permission.ts';
import * as settings from '../settings/index.ts';

export type Told = {
  /** Its live result, or what it is for while it is open. */
  result: string;
  href: string;
  button: string;
  /** The rows behind the result, and work of this step that was begun and waits. */
  links: { label: string; href: string }[];
};

export type StartStep = {
  label: string;
  /** What its work needs. */
  act: Act;
  /** Asked on every visit to a home page, hence never a count of many rows. */
  done: (ctx: Context) => boolean;
  tell: (ctx: Context, done: boolean) => Told;
};

const office: StartStep = {
  label: 'Identitas Dinas dan kop surat',
  act: 'settings.edit',
  done: (ctx) => officeMissing(ctx).length === 0,
  tell(ctx) {
    const missing = officeMissing(ctx);
    const { paper } = settings.get(ctx, 'document');
    const [{ name }, { name: head }] = [settings.get(ctx, 'office'), settings.get(ctx, 'signatory')];
    return {
      result: missing.length ? `Belum diisi: ${missing.join(', ')}.` : sentence(`${name}; penanda tangan ${head}`),
      href: missing.length === 1 && !head ? '/system/settings/signatory' : '/system/settings/office',
      button: 'Isi Identitas',
      links: [
        { label: 'Identitas dan kop surat', href: '/system/settings/office' },
        { label: 'Penanda tangan', href: '/system/settings/signatory' },
        { label: `Kertas ${paper} dan bentuk dokumen`, href: '/system/settings/document' },
      ],
    };
  },
};

function officeMissing(ctx: Context): string[] {
  const { name, address } = settings.get(ctx, 'office');
  const { name: head } = settings.get(ctx, 'signatory');
  return named([
    [name, 'nama Dinas'],
    [address, 'alamat'],
    [head, 'penanda tangan'],
  ]);
}

const people: StartStep = {
  label: 'Kepala Dinas, Pengawas, dan petugas piket',
  act: 'users.manage',
  done: (ctx) => peopleMissing(auth.roleCounts(ctx)).length === 0,
  tell(ctx, done) {
    const counts = auth.roleCounts(ctx);
    const of = (role: 'head' | 'supervisor' | 'handler') => counts.get(role) ?? 0;
    const have = `${of('head')} Kepala Dinas, ${of('supervisor')} Pengawas, ${of('handler')} Penangan Insiden`;
    return {
      result: done ? `${have}.` : `Belum ada: ${peopleMissing(counts).join(', ')}. Tercatat ${have}.`,
      href: done ? '/system/users' : '/system/users/new',
      button: 'Undang Orang',
      links: [{ label: 'Semua pengguna', href: '/system/users' }],
    };
  },
};

const peopleMissing = (counts: ReturnType<typeof auth.roleCounts>): string[] =>
  named([
    [counts.get('head'), 'Kepala Dinas'],
    [counts.get('supervisor'), 'Pengawas'],
    [counts.get('handler'), 'Penangan Insiden'],
  ]);

const issuers: StartStep = {
  label: 'Percayai penerbit sertifikat',
  act: 'trust.decide',
  done: (ctx) => some(ctx, authority, eq(authority.trust, 'anchor')),
  tell(ctx, done) {
    const proposed = rows(ctx, authority, eq(authority.trust, 'proposed'));
    const waiting = proposed ? ` ${number(proposed)} usulan menunggu.` : '';
    return {
      result: done
        ? `${number(rows(ctx, authority, eq(authority.trust, 'anchor')))} penerbit dipercaya.${waiting}`
        : `Bandingkan sidik penerbit dengan sumber resminya, lalu terima. Tanpa ini tidak ada sertifikat yang terbukti sah.${waiting}`,
      href: '/trust',
      button: 'Periksa Penerbit',
      links: [],
    };
  },
};

const PERSONNEL = '/certificates/import?kind=personnel';
const PERSONS = and(eq(holder.kind, 'person'), isNull(holder.archivedAt));

const personnel: StartStep = {
  label: 'Impor daftar pegawai',
  act: 'holders.edit',
  done: (ctx) => some(ctx, holder, PERSONS),
  tell(ctx, done) {
    return {
      result: done
        ? `${number(rows(ctx, holder, PERSONS))} orang tercatat, ${number(rows(ctx, position, isNull(position.to)))} jabatan.`
        : 'Lembar Excel atau CSV: nama, NIP, jabatan, Perangkat Daerah, surel, keadaan.',
      href: done ? '/holders' : PERSONNEL,
      button: 'Impor Pegawai',
      links: [...begun(ctx, ['personnel']), ...(done ? [{ label: 'Impor daftar baru', href: PERSONNEL }] : [])],
    };
  },
};

const LISTED = isNull(certificate.archivedAt);

export const certificates: StartStep = {
  label: 'Impor sertifikat',
  act: 'certificates.import',
  done: (ctx) => some(ctx, certificate, LISTED),
  tell(ctx, done) {
    const unowned = done ? rows(ctx, certificate, and(LISTED, isNull(certificate.holderId))) : 0;
    return {
      result: done
        ? `${number(rows(ctx, certificate, LISTED))} sertifikat${unowned ? `, ${number(unowned)} belum punya pemilik` : ', semua punya pemilik'}.`
        : 'Dari lembar Excel, berkas sertifikat, ZIP, atau satu surat bertanda tangan.',
      href: done ? '/certificates' : '/certificates/import',
      button: 'Impor Sertifikat',
      links: [
        ...begun(ctx, ['certificates', 'certificate_sheet']),
        ...(done ? [{ label: 'Impor lagi', href: '/certificates/import' }] : []),
        ...(unowned ? [{ label: 'Cocokkan pemilik', href: '/matching' }] : []),
      ],
    };
  },
};

/** Imports that run or wait for a decision: where to go on. Newest first. */
function begun(ctx: Context, kinds: (typeof importRun.$inferSelect)['kind'][]): Told['links'] {
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
          ? `${run.number} menunggu keputusan`
          : run.state === 'requested'
            ? `${run.number} menunggu giliran`
            : `${run.number} sedang diimpor: ${number(run.done)} dari ${number(run.total)}`,
      href: `/imports/${run.id}`,
    }));
}

const addresses: StartStep = {
  label: 'Alamat BSSN dan BSrE',
  act: 'contacts.edit',
  done: (ctx) => addressesMissing(ctx).length === 0,
  tell(ctx, done) {
    return {
      result: done
        ? 'Keduanya tercatat; periksa kebenarannya tiap enam bulan.'
        : `Belum diisi: ${addressesMissing(ctx).join(' dan ')}. Laporan insiden (Pasal 19) tidak punya tujuan tanpa alamat ini.`,
      href: '/system/contacts',
      button: 'Isi Alamat',
      links: [],
    };
  },
};

const addressesMissing = (ctx: Context): string[] =>
  named([
    [agencies.contacts.current(ctx, 'bssn'), 'Kepala BSSN'],
    [agencies.contacts.current(ctx, 'bsre'), 'Kepala BSrE'],
  ]);

const mail: StartStep = {
  label: 'Uji surel, lalu nyalakan pengiriman',
  act: 'mail.switch',
  done: (ctx) => settings.get(ctx, 'mail').enabled,
  tell(ctx, done) {
    const sent = rows(ctx, message, eq(message.state, 'sent'));
    const held = rows(ctx, message, eq(message.state, 'held'));
    return {
      result: done
        ? sentence(
            `Menyala; pengirim ${settings.get(ctx, 'mail').from || 'belum diisi'}; ${number(sent)} surel terkirim`,
          )
        : sent
          ? `Uji kirim berhasil. Baca ${number(held)} surel yang akan dikirim, lalu nyalakan.`
          : 'Kirim satu surel uji. Sebelum dinyalakan, semua surel ditahan dan tidak ada yang keluar.',
      href: '/system/mail',
      button: sent ? 'Nyalakan Pengiriman' : 'Uji Surel',
      links: held ? [{ label: `Yang akan dikirim (${number(held)})`, href: '/system/mail?state=held' }] : [],
    };
  },
};

/** In the order of the interface ("First hour"). */
export const STEPS: readonly StartStep[] = [office, people, issuers, personnel, certificates, addresses, mail];

/** What is not there yet. */
const named = (parts: readonly (readonly [there: unknown, name: string])[]): string[] =>
  parts.filter(([there]) => !there).map(([, name]) => name);

/** A sentence whose last word may be an abbreviation that ends with a point already. */
const sentence = (words: string): string => (words.endsWith('.') ? words : `${words}.`);

const rows = (ctx: Context, table: SQLiteTable, where?: SQL): number =>
  ctx.db.select({ n: count() }).from(table).where(where).get()?.n ?? 0;

const some = (ctx: Context, table: SQLiteTable, where?: SQL): boolean =>
  ctx.db
    .select({ one: sql`1` })
    .from(table)
    .where(where)
    .limit(1)
    .get() !== undefined;
