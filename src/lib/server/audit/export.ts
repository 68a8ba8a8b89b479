// What goes along with an exported trail, so that a stranger can check it without Siaga: the procedure in words and a
// program of thirty lines that needs nothing but Node. It is written from RFC 6962 §2.1, not from our own code.

export const HOW_TO_CHECK = `Jejak audit Siaga: cara memeriksa
=================================

leaves.jsonl  Satu entri pada satu baris, tepat seperti yang dihitung sidiknya (JSON kanonik RFC 8785, UTF-8).
head.json     Jumlah entri (size) dan akar (root) yang seharusnya dihasilkan.
periksa.mjs   Program pemeriksa: node periksa.mjs

Perhitungan (RFC 6962 pasal 2.1, SHA-256):
1. Sidik daun = SHA-256(0x00 || isi baris tanpa pindah baris).
2. Akar satu daun = sidik daun itu. Akar n daun (n > 1): k = pangkat dua terbesar yang kurang dari n;
   akar = SHA-256(0x01 || akar k daun pertama || akar sisanya). Akar tanpa daun = SHA-256 dari kosong.
3. Baris ke-i harus memuat "seq":i, dan jumlah baris harus sama dengan size.

Bandingkan size dan root dengan yang tercetak pada surat dan laporan Dinas ("kepala jejak audit"). Untuk cetakan yang
lebih lama: hitung akar dari sekian baris pertama, dengan node periksa.mjs JUMLAH. Setiap cetakan di tangan penerima
adalah jangkar: jejak yang diubah sesudahnya tidak lagi menghasilkan akar itu.

Nilai pribadi (nama, surel, telepon) tidak ada di sini; entri hanya memuat komitmen SHA-256(garam || nilai), sehingga nilai
dapat dihapus tanpa merusak bukti. Jejak membuktikan urutan dan bahwa isi tidak diubah sesudah ditulis. Jejak tidak
membuktikan bahwa keterangan yang diketik orang itu benar.
`;

export const CHECK_PROGRAM = `// Memeriksa leaves.jsonl terhadap head.json menurut RFC 6962 pasal 2.1. Jalankan: node periksa.mjs [JUMLAH]
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const here = (name) => new URL(name, import.meta.url);
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

function rootOf(leaves, from, to) {
  if (to - from === 0) return sha256();
  if (to - from === 1) return sha256(Buffer.of(0), leaves[from]);
  let k = 1;
  while (k * 2 < to - from) k *= 2;
  return sha256(Buffer.of(1), rootOf(leaves, from, from + k), rootOf(leaves, from + k, to));
}

const head = JSON.parse(readFileSync(here('head.json'), 'utf8'));
const lines = readFileSync(here('leaves.jsonl'), 'utf8').split('\\n').filter(Boolean);
const wanted = process.argv[2] ? Number(process.argv[2]) : head.size;
const misplaced = lines.findIndex((line, i) => JSON.parse(line).seq !== i + 1);
const root = rootOf(lines.map((line) => Buffer.from(line, 'utf8')), 0, Math.min(wanted, lines.length)).toString('hex');

console.log('entri', lines.length, 'akar', root);
if (process.argv[2]) process.exit(0);
if (misplaced !== -1) console.log('RUSAK: urutan salah pada baris', misplaced + 1);
else if (lines.length !== head.size) console.log('RUSAK: seharusnya', head.size, 'entri');
else if (root !== head.root) console.log('RUSAK: seharusnya akar', head.root);
else console.log('UTUH');
process.exit(misplaced === -1 && lines.length === head.size && root === head.root ? 0 : 1);
`;
