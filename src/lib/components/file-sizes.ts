// Whether what was chosen may be sent, known before a byte of it is. The server asks again.
import { bytes } from '#lib/format.ts';

export type SizeLimits = {
  /** Together at most. */
  maxBytes?: number;
  /** Each at most; one with such an ending is only counted together. */
  maxEach?: { bytes: number; except: string };
};

/** Why the chosen files are not sent, for people; null: they may be. */
export function tooLarge(
  files: readonly { name: string; size: number }[],
  { maxBytes = Infinity, maxEach }: SizeLimits,
): string | null {
  const each =
    maxEach && files.find(({ name, size }) => size > maxEach.bytes && !name.toLowerCase().endsWith(maxEach.except));
  if (each) {
    return `${each.name} terlalu besar (${bytes(each.size)}); paling besar ${bytes(maxEach.bytes)} sebuah. Bagi menjadi beberapa berkas, lalu pilih lagi.`;
  }
  const size = files.reduce((sum, file) => sum + file.size, 0);
  return size > maxBytes
    ? `Terlalu besar (${bytes(size)}); paling besar ${bytes(maxBytes)} sekali kirim. Kirim bertahap, lalu pilih lagi.`
    : null;
}
