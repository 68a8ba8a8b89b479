// Use: what the key may do and what it says it is for (RFC 5280 §4.2.1.3, §4.2.1.12; EN 319 412-2 §4.3.2).
import type { CertificateView, KeyUsage } from '../../x509/types.ts';
import { useOf } from '../facts.ts';
import { when, type Rule } from './rule.ts';

const SERVER = '1.3.6.1.5.5.7.3.1';
const CLIENT = '1.3.6.1.5.5.7.3.2';
const ANY = '2.5.29.37.0';
const KEY_USAGE = '2.5.29.15';

/** Key usages of which an extended use needs at least one (RFC 5280 §4.2.1.12). */
const NEEDED: Record<string, KeyUsage[]> = {
  [SERVER]: ['digitalSignature', 'keyEncipherment', 'keyAgreement'],
  [CLIENT]: ['digitalSignature', 'keyAgreement'],
  '1.3.6.1.5.5.7.3.3': ['digitalSignature'],
  '1.3.6.1.5.5.7.3.4': ['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'keyAgreement'],
  '1.3.6.1.5.5.7.3.8': ['digitalSignature', 'nonRepudiation'],
  '1.3.6.1.5.5.7.3.9': ['digitalSignature', 'nonRepudiation'],
  '1.3.6.1.5.5.7.3.36': ['digitalSignature', 'nonRepudiation'],
};

const isSigner = (view: CertificateView) => useOf(view) === 'signature';
const isCa = (view: CertificateView) =>
  view.ca || !!view.keyUsage?.some((usage) => usage === 'keyCertSign' || usage === 'cRLSign');

export const useRules: readonly Rule[] = [
  {
    id: 'no_key_usage',
    severity: 'warning',
    clause: 'RFC 5280 §4.2.1.3; EN 319 412-2 §4.3.2',
    title: 'Kegunaan kunci tidak disebut',
    sentence: 'Tanpa keyUsage, kunci boleh dipakai untuk apa saja. Minta penerbit menyebutnya saat pembaruan.',
    fixer: 'ca',
    test: (view) => when(view.keyUsage === null, 'Ekstensi keyUsage tidak ada.'),
  },
  {
    id: 'key_usage_not_critical',
    severity: 'info',
    clause: 'RFC 5280 §4.2.1.3',
    title: 'Kegunaan kunci tidak kritis',
    sentence: 'Aplikasi lama boleh mengabaikannya. Minta penerbit menandainya kritis saat pembaruan.',
    fixer: 'ca',
    test: (view) =>
      when(
        view.extensions.some(({ oid, critical }) => oid === KEY_USAGE && !critical),
        'keyUsage ada, tetapi tidak kritis.',
      ),
  },
  {
    id: 'signer_without_non_repudiation',
    severity: 'serious',
    clause: 'EN 319 412-2 §4.3.2 (tipe A, B, F)',
    title: 'Sertifikat tanda tangan tanpa nirsangkal',
    sentence: 'Penanda tangan dapat menyangkal tanda tangannya. Minta penerbit memuat nonRepudiation.',
    fixer: 'ca',
    test: (view) =>
      when(
        isSigner(view) && !!view.keyUsage && !view.keyUsage.includes('nonRepudiation'),
        'keyUsage tidak memuat nonRepudiation.',
      ),
  },
  {
    id: 'ca_key_usage_on_leaf',
    severity: 'critical',
    clause: 'RFC 5280 §4.2.1.3, §4.2.1.9',
    title: 'Hak penerbit pada sertifikat pengguna',
    sentence: 'Pemiliknya dapat menerbitkan sertifikat lain. Minta penerbit mencabut dan menggantinya.',
    fixer: 'ca',
    test: (view) => when(isCa(view), 'Sertifikat pengguna tidak boleh menandatangani sertifikat atau CRL.'),
  },
  {
    id: 'server_auth_on_person',
    severity: 'warning',
    clause: 'Kebijakan Dinas',
    title: 'Satu sertifikat untuk menandatangani dan server',
    sentence: 'Kunci orang tidak boleh tersimpan di server. Minta dua sertifikat yang terpisah.',
    fixer: 'ca',
    test: (view) =>
      when(
        !!view.keyUsage?.includes('nonRepudiation') && !!view.eku?.includes(SERVER),
        'nonRepudiation bersama serverAuth.',
      ),
  },
  {
    id: 'mixed_use',
    severity: 'info',
    clause: 'EN 319 412-2 §4.3.2 (tipe A dianjurkan)',
    title: 'Menandatangani dan masuk dengan kunci yang sama',
    sentence: 'Tantangan saat masuk dapat menjadi tanda tangan tanpa disadari; lebih aman dua sertifikat.',
    fixer: 'ca',
    test: (view) =>
      when(
        !!view.keyUsage?.includes('nonRepudiation') && !!view.eku?.includes(CLIENT),
        'nonRepudiation bersama clientAuth.',
      ),
  },
  {
    id: 'any_use',
    severity: 'warning',
    clause: 'RFC 5280 §4.2.1.12',
    title: 'Kegunaan “apa saja”',
    sentence: 'anyExtendedKeyUsage membatalkan pembatasan kegunaan. Minta penerbit menyebut kegunaan yang sebenarnya.',
    fixer: 'ca',
    test: (view) => when(!!view.eku?.includes(ANY), 'anyExtendedKeyUsage.'),
  },
  {
    id: 'usage_inconsistent',
    severity: 'warning',
    clause: 'RFC 5280 §4.2.1.12',
    title: 'Kegunaan kunci dan tujuan bertentangan',
    sentence:
      'Aplikasi yang ketat menolak sertifikat yang kegunaan dan tujuannya tidak sejalan. Minta penerbit memperbaikinya.',
    fixer: 'ca',
    test: (view) => {
      const { keyUsage, eku } = view;
      if (!keyUsage || !eku?.length) return null;
      const odd = eku.filter((oid) => NEEDED[oid] && !NEEDED[oid].some((usage) => keyUsage.includes(usage)));
      if (odd.length) return `Tujuan ${odd.join(', ')} dengan keyUsage ${keyUsage.join(', ') || 'kosong'}.`;
      // With purposes that are all known, every usage must serve one of them.
      const idle = keyUsage.filter((usage) => !eku.some((oid) => !NEEDED[oid] || NEEDED[oid].includes(usage)));
      return idle.length ? `keyUsage ${idle.join(', ')} tidak dipakai oleh tujuan mana pun.` : null;
    },
  },
  {
    id: 'special_use_mixed',
    severity: 'warning',
    clause: 'RFC 3161 §2.3; RFC 6960 §4.2.2.2',
    title: 'Cap waktu atau OCSP bercampur tujuan lain',
    sentence: 'Kunci cap waktu hanya boleh untuk cap waktu, dan tujuannya harus kritis.',
    fixer: 'ca',
    test: (view) =>
      when(
        !!view.eku?.includes('1.3.6.1.5.5.7.3.8') &&
          (view.eku.length > 1 || !view.extensions.some(({ oid, critical }) => oid === '2.5.29.37' && critical)),
        'timeStamping bersama tujuan lain atau tidak kritis.',
      ),
  },
];
