// What an act over many certificates does to each, and which it leaves as they are, and why. Pure.
import { DAY } from '../calendar.ts';

export type BulkKind = 'transfer' | 'retire' | 'archive' | 'restore';

/** Word of the button, what it does in a sentence, whether a reason and an agency are asked for. */
export const bulkKinds = {
  transfer: {
    word: 'Pindahkan ke Perangkat Daerah lain',
    done: 'dipindahkan',
    effect:
      'Perangkat Daerah yang bertanggung jawab berganti mulai sekarang; pemilik dan riwayatnya tetap, dan laporan masa lalu tetap menyebut Perangkat Daerah yang lama.',
  },
  retire: {
    word: 'Tandai tidak dipakai lagi',
    done: 'ditandai tidak dipakai lagi',
    effect:
      'Sertifikat tidak lagi diminta diperbarui dan tidak menimbulkan peringatan. Ini bukan pencabutan: kunci yang masih dapat dipakai tetap harus diajukan pencabutannya ke BSrE (Pasal 12).',
  },
  archive: {
    word: 'Pindahkan ke arsip',
    done: 'diarsipkan',
    effect:
      'Sertifikat hilang dari daftar dan hitungan, tetap tersimpan dengan buktinya, dan dapat dikembalikan. Hanya yang sudah berakhir lebih dari satu tahun.',
  },
  restore: {
    word: 'Kembalikan dari arsip',
    done: 'dikembalikan dari arsip',
    effect: 'Sertifikat tampil lagi pada daftar dan ikut dihitung.',
  },
} as const satisfies Record<BulkKind, { word: string; done: string; effect: string }>;

/** What the rules look at. */
export type BulkRow = {
  agencyId: string | null;
  notAfter: number | null;
  revocation: string;
  retiredAt: number | null;
  archivedAt: number | null;
  /** An open incident or a revocation that was asked for. */
  busy: boolean;
  /** Its import was voided: what it was found by is void too. */
  voided: boolean;
};

const ARCHIVE_AFTER = 365 * DAY;

/** Why the act leaves this certificate as it is, or null. */
export function skips(kind: BulkKind, row: BulkRow, now: number, agencyId?: string): string | null {
  if (kind === 'restore') {
    if (row.archivedAt === null) return 'Tidak di arsip.';
    return row.voided ? 'Impornya dibatalkan; impor kembali berkasnya.' : null;
  }
  if (row.archivedAt !== null) return 'Sudah di arsip.';
  if (kind === 'transfer') return row.agencyId === agencyId ? 'Sudah di bawah Perangkat Daerah ini.' : null;
  if (kind === 'retire') return row.retiredAt === null ? null : 'Sudah ditandai tidak dipakai lagi.';
  if (row.busy) return 'Masih terkait insiden terbuka atau permintaan pencabutan.';
  if (row.notAfter === null) return 'Akhir masa berlakunya tidak diketahui.';
  return row.notAfter < now - ARCHIVE_AFTER ? null : 'Belum satu tahun sejak berakhir.';
}
