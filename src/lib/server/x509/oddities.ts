// What the reader's oddities mean, for people: lint and `siaga inspect` show them, path validation refuses some.
import type { OddityRule } from './types.ts';

type Severity = 'info' | 'warning' | 'serious' | 'critical';

export const ODDITIES: Record<OddityRule, { severity: Severity; text: string; clause: string }> = {
  version: { severity: 'serious', text: 'Nomor versi sertifikat tidak dikenal.', clause: 'RFC 5280 §4.1.2.1' },
  extensions_without_v3: {
    severity: 'warning',
    text: 'Ada ekstensi, padahal bukan versi 3.',
    clause: 'RFC 5280 §4.1.2.9',
  },
  negative_serial: { severity: 'warning', text: 'Nomor seri negatif.', clause: 'RFC 5280 §4.1.2.2' },
  zero_serial: { severity: 'warning', text: 'Nomor seri nol.', clause: 'RFC 5280 §4.1.2.2' },
  long_serial: { severity: 'warning', text: 'Nomor seri lebih dari 20 oktet.', clause: 'RFC 5280 §4.1.2.2' },
  padded_serial: {
    severity: 'warning',
    text: 'Nomor seri ditulis dengan oktet tanda yang berlebih (bukan DER minimal).',
    clause: 'X.690 §8.3.2, RFC 5280 §4.1.2.2',
  },
  algorithm_mismatch: {
    severity: 'critical',
    text: 'Algoritma tanda tangan di dalam dan di luar berbeda.',
    clause: 'RFC 5280 §4.1.1.2',
  },
  time_form: { severity: 'warning', text: 'Bentuk waktu masa berlaku tidak baku.', clause: 'RFC 5280 §4.1.2.5' },
  validity_reversed: { severity: 'serious', text: 'Masa berlaku berakhir sebelum mulai.', clause: 'RFC 5280 §4.1.2.5' },
  empty_issuer: { severity: 'serious', text: 'Nama penerbit kosong.', clause: 'RFC 5280 §4.1.2.4' },
  odd_string: { severity: 'info', text: 'Ada huruf pada nama yang tidak dapat dibaca.', clause: 'RFC 5280 §4.1.2.4' },
  unreadable_key: {
    severity: 'serious',
    text: 'Kunci publik rusak atau jenisnya tidak dikenal.',
    clause: 'RFC 5280 §4.1.2.7',
  },
  duplicate_extension: { severity: 'serious', text: 'Ekstensi muncul dua kali.', clause: 'RFC 5280 §4.2' },
  unreadable_extension: { severity: 'serious', text: 'Isi ekstensi rusak.', clause: 'RFC 5280 §4.2' },
};
