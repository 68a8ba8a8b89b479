// "Unduh untuk disunting": a sheet of people or certificates that may be changed in Excel and brought back. Its first
// column holds the records' ids, the last a stamp of what each row held, every column is text so that Excel cannot round a
// NIP or a serial, and the sheet behind it says what may be changed. It comes back through the same preview as any other list.
import { writeXlsx, type WriteSheet } from 'hucre/xlsx';
import * as audit from '../audit/index.ts';
import { wibDate } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { demand } from '../permission.ts';
import type { ExportFile } from '../table-export.ts';
import { certificateCells, personCells } from './download-cells.ts';
import { stampedFields, stampKey, stamps } from './download-stamp.ts';
import type { ListFilter } from './filter.ts';
import * as people from './holder-store.ts';
import * as holderListing from './holder-listing.ts';
import * as listing from './listing.ts';
import { fieldWords, type SheetKind } from './sheet.ts';
import { commonNames } from './sheet-store.ts';
import { viewOf } from './view.ts';

type Row = readonly (string | null)[];
const MEDIA = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const WIDTHS = [8, 34, 22, 34, 34, 30, 14, 14, 14, 14];

/** All people that the list's address matches. */
export function editablePeople(ctx: Context, filter: holderListing.HolderFilter): Promise<ExportFile> {
  demand(ctx.actor, 'holders.edit');
  const view = viewOf(ctx);
  const { rows } = holderListing.page(ctx.db, { ...filter, kind: 'person', after: undefined, limit: 1_000_000 }, view);
  const stamp = stamps(stampKey(ctx.dir), 'personnel');
  const at = ctx.now();
  const lines = rows.map((row): Row => {
    const cells = personCells({ ...row, statusSince: people.byId(ctx.db, row.id)?.statusSince ?? null });
    return [row.id, ...stampedFields.personnel.map((field) => cells[field]), stamp.make(row.id, at, cells)];
  });
  return file(
    ctx,
    'personnel',
    (['id', ...stampedFields.personnel, 'stamp'] as const).map((field) => fieldWords[field]),
    lines,
    [
      'Ubah isi kolom yang salah: nama, gelar, NIP, jabatan, Perangkat Daerah, surel.',
      'Status: Aktif, Mutasi, Pensiun, Berhenti, atau Meninggal. Tulis tanggalnya di kolom Sejak (TMT), misalnya 31/12/2026.',
      'Orang baru boleh ditambahkan di bawah; kolom ID Siaga dibiarkan kosong.',
    ],
  );
}

/** All certificates that the list's address matches. What is read from a certificate itself cannot be edited. */
export function editableCertificates(ctx: Context, filter: ListFilter): Promise<ExportFile> {
  demand(ctx.actor, 'certificates.edit');
  const view = viewOf(ctx);
  const lines: Row[] = [];
  const nameOf = commonNames(ctx.db);
  const stamp = stamps(stampKey(ctx.dir), 'certificate_sheet');
  const at = ctx.now();
  for (const rows of listing.chunks(ctx.db, filter, view, 10_000)) {
    for (const row of rows) {
      const cells = certificateCells({ ...row, commonName: nameOf(row.id) });
      const told = stampedFields.certificate_sheet.map((field) => cells[field]);
      lines.push([row.id, ...told, stamp.make(row.id, at, cells)]);
    }
  }
  const heads = [
    'ID Siaga',
    'Nama sertifikat',
    'Nomor seri',
    'Berlaku sampai',
    'NIP Pemilik',
    'Perangkat Daerah',
    'Status menurut portal BSrE',
    fieldWords.stamp,
  ];
  return file(ctx, 'certificate_sheet', heads, lines, [
    'Yang dapat diubah: NIP Pemilik (18 angka, orangnya harus sudah ada dalam daftar pegawai) dan Perangkat Daerah.',
    'Status menurut portal BSrE boleh diisi sesuai yang terbaca di portal (Aktif, Dicabut, Kedaluwarsa, Dalam pembaruan, Ditangguhkan, …). Isinya dicatat di samping hasil pemeriksaan Siaga dan tidak pernah mengubahnya.',
    'Nama sertifikat, nomor seri, dan akhir masa berlaku hanya dapat diubah bila berkas sertifikatnya belum ada di Siaga.',
    'Sertifikat baru boleh ditambahkan di bawah: isi Nama sertifikat dan Nomor seri atau Berlaku sampai; kolom ID Siaga dibiarkan kosong.',
  ]);
}

async function file(
  ctx: Context,
  kind: SheetKind,
  heads: readonly string[],
  rows: readonly Row[],
  what: readonly string[],
): Promise<ExportFile> {
  const data: WriteSheet = {
    name: 'Data',
    rows: [[...heads], ...rows.map((row) => row.map((value) => (value === null ? null : safe(value))))],
    columns: heads.map((_, i) => ({ width: WIDTHS[i], numFmt: '@', hidden: i === 0 || i === heads.length - 1 })),
    freezePane: { rows: 1 },
  };
  const help: WriteSheet = {
    name: 'Petunjuk',
    rows: [
      ['Cara menyunting'],
      ...what.map((line) => [line]),
      [
        'Jangan menghapus kolom pertama dan terakhir yang tersembunyi: dari ID Siaga barisnya dikenali, dari cap unduhan sel yang diubah.',
      ],
      [
        'Hanya sel yang Anda ubah yang dipakai. Bila sel itu sementara itu juga diubah di Siaga, keduanya ditunjukkan dan Anda memilih.',
      ],
      ['Sel yang dikosongkan tidak menghapus apa pun; baris yang dihapus tidak menghapus orang atau sertifikatnya.'],
      ['Simpan sebagai .xlsx, lalu impor kembali. Siaga menunjukkan dahulu apa saja yang berubah.'],
    ],
    columns: [{ width: 110 }],
  };
  const bytes = await writeXlsx({ sheets: [data, help] });
  const name = `${kind === 'personnel' ? 'pegawai' : 'sertifikat'}-untuk-disunting-${wibDate(ctx.now())}.xlsx`;
  const details = { count: rows.length, kind: kind === 'personnel' ? 'pegawai' : 'sertifikat' };
  transact(ctx, (tx) => audit.record(tx, { action: 'sheet.downloaded', targets: [], details }));
  return { name, mediaType: MEDIA, bytes };
}

/** What XML 1.0 cannot hold is left out. Cells of type text are never run as formulas. */
const safe = (text: string): string =>
  text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .toWellFormed()
    .slice(0, 32_767);
