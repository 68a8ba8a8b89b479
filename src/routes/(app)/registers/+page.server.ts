import { demand } from '#lib/server/permission.ts';
import { guarded } from '#lib/server/web.ts';
import type { PageServerLoad } from './$types';

/** The registers the regulation asks for. None of them is in this version; the page says so and where to keep them meanwhile. */
const registers = [
  {
    name: 'Permohonan sertifikat',
    article: 'Pasal 8',
    holds: 'Berkas permohonan dan kelengkapannya, keputusan verifikator, surat rekomendasi, tempat arsip.',
    meanwhile: 'Simpan berkasnya di arsip Dinas; sertifikat yang terbit sudah tercatat di Sertifikat.',
  },
  {
    name: 'Surat-menyurat dengan BSrE dan BSSN',
    article: 'Pasal 17',
    holds: 'Surat masuk dan keluar di luar insiden: nomor agenda, perihal, balasan.',
    meanwhile: 'Surat yang lahir dari insiden sudah tercatat di insidennya, dengan nomor dan tanda terima.',
  },
  {
    name: 'Sistem pemakai sertifikat',
    article: 'Pasal 6 huruf b dan Pasal 10',
    holds: 'Aplikasi yang memakai sertifikat, penanggung jawab, dan jenis pemanfaatannya.',
    meanwhile: 'Sertifikat SSL dan sistem sudah tercatat di Sertifikat, disaring menurut penggunaan.',
  },
  {
    name: 'Prosedur (SOP)',
    article: 'Pasal 6 huruf e',
    holds: 'Prosedur pemanfaatan: versi, tanggal berlaku, persetujuan, tinjauan berikutnya.',
    meanwhile: 'Simpan naskahnya di tempat dokumen resmi Dinas.',
  },
  {
    name: 'Sosialisasi dan bimbingan teknis',
    article: 'Pasal 6 huruf f',
    holds: 'Kegiatan, materi, Perangkat Daerah yang hadir, jumlah peserta, daftar hadir.',
    meanwhile: 'Simpan daftar hadirnya; jumlahnya diketik pada laporan.',
  },
  {
    name: 'Kebutuhan sertifikat',
    article: 'Pasal 6 huruf a',
    holds: 'Analisis kebutuhan tiap Perangkat Daerah: jabatan yang perlu, yang sudah, dan yang belum memiliki.',
    meanwhile: 'Daftar pegawai dan sertifikatnya dapat dibandingkan di Pemilik.',
  },
] as const;

export const load: PageServerLoad = ({ locals: { ctx } }) =>
  guarded(() => {
    demand(ctx.actor, 'compliance.view');
    return { registers };
  });
