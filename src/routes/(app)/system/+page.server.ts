import { can, mayOpen, type Act } from '#lib/server/permission.ts';
import { forbidden } from '#lib/server/errors.ts';
import { guarded } from '#lib/server/web.ts';
import { health } from './health.ts';
import type { PageServerLoad } from './$types';

const places: { href: string; title: string; text: string; act: Act }[] = [
  {
    href: '/system/settings',
    title: 'Pengaturan',
    text: 'Identitas Dinas, kop surat, batas waktu, hari libur',
    act: 'settings.view',
  },
  { href: '/system/users', title: 'Pengguna', text: 'Akun, peran, undangan, sesi', act: 'users.manage' },
  {
    href: '/system/contacts',
    title: 'Buku alamat',
    text: 'BSSN, BSrE, Walikota, Gubernur, dan lainnya',
    act: 'contacts.view',
  },
  {
    href: '/system/mail',
    title: 'Surat elektronik keluar',
    text: 'Pengirim, uji kirim, sakelar, kotak keluar',
    act: 'mail.view',
  },
  {
    href: '/system/jobs',
    title: 'Tugas berkala',
    text: 'Yang dikerjakan Siaga sendiri, hasil dan jadwalnya',
    act: 'jobs.view',
  },
  {
    href: '/system/backup',
    title: 'Cadangan',
    text: 'Empat belas cadangan terakhir dan pemeriksaannya',
    act: 'jobs.view',
  },
  { href: '/imports', title: 'Impor', text: 'Daftar impor sertifikat dan pegawai', act: 'certificates.import' },
  { href: '/start', title: 'Langkah Awal', text: 'Tujuh langkah pemasangan dan hasilnya', act: 'start.view' },
  { href: '/system/look', title: 'Komponen', text: 'Semua bentuk tampilan pada satu halaman', act: 'settings.edit' },
];

export const load: PageServerLoad = ({ locals: { ctx } }) =>
  guarded(async () => {
    const open = places.filter((place) => can(ctx.actor, place.act));
    if (!open.length) throw forbidden('Halaman ini untuk administrator, pengawas, dan auditor.');
    const rows = (await health(ctx)).map((row) => ({ ...row, href: mayOpen(ctx.actor, row.href) ? row.href : null }));
    return { places: open, health: rows };
  });
