// Office documents in the container of before 2007 (MS-CFB): old workbooks, and new ones under a password. Nothing of
// them is read; whoever sent one is told what to do. A leaf of this leaf.

const CFB = Buffer.from('d0cf11e0a1b11ae1', 'hex');
/** Streams by which one knows them, as the directory writes names (MS-CFB §2.6.1). */
const named = (name: string): Buffer => Buffer.from(name, 'utf16le');
const LOCKED = named('EncryptedPackage');
const WORKBOOK = named('Workbook');

/** `locked`: under a password (MS-OFFCRYPTO §2.3.4.4); `workbook`: .xls (MS-XLS §2.1.2); null: no such container. */
export function oldOffice(bytes: Buffer): 'locked' | 'workbook' | 'other' | null {
  if (!bytes.subarray(0, CFB.length).equals(CFB)) return null;
  if (bytes.includes(LOCKED)) return 'locked';
  return bytes.includes(WORKBOOK) ? 'workbook' : 'other';
}

export const LOCKED_WORKBOOK =
  'Berkas Excel ini terkunci kata sandi. Buka di Excel, hapus kata sandinya (Berkas, Info, Proteksi), simpan, lalu kirim ulang.';
export const OLD_WORKBOOK = 'Ini buku kerja Excel lama (.xls). Buka di Excel, simpan sebagai .xlsx, lalu kirim ulang.';
