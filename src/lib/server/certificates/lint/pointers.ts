// Policies and revocation pointers: under which policy, where to check, where the issuer is.
import { DerError, oid as oidOf, sequence, single, TAG, text } from '../../x509/der.ts';
import type { CertificateView } from '../../x509/types.ts';
import { useOf } from '../facts.ts';
import { when, type Rule } from './rule.ts';

const OID = {
  policies: '2.5.29.32',
  crl: '2.5.29.31',
  freshestCrl: '2.5.29.46',
  aia: '1.3.6.1.5.5.7.1.1',
  noRevAvail: '2.5.29.56',
  qcStatements: '1.3.6.1.5.5.7.1.3',
  cps: '1.3.6.1.5.5.7.2.1',
};
/** Arc of Indonesia under joint-iso-itu-t country: BSrE's 2.16.360.1.1.1… and 2.16.360.1.2.1… */
const INDONESIA = '2.16.360.1.';

const extension = (view: CertificateView, oid: string) => view.extensions.find((one) => one.oid === oid);
const isSigner = (view: CertificateView) => useOf(view) === 'signature';
const isHttp = (url: string) => /^https?:\/\/[^/]/i.test(url);
const fullNames = (view: CertificateView) => view.crlDistributionPoints.flatMap((point) => point.fullNames);

/** cPSuri qualifiers (RFC 5280 §4.2.1.4); none when the extension cannot be read, which another rule says. */
function cpsUris(view: CertificateView): string[] {
  const found = extension(view, OID.policies);
  if (!found) return [];
  try {
    const uris: string[] = [];
    const policies = sequence(single(found.value, TAG.sequence));
    while (!policies.done) {
      const parts = sequence(policies.next());
      oidOf(parts.next());
      if (parts.done) continue;
      const qualifiers = sequence(parts.next());
      while (!qualifiers.done) {
        const qualifier = sequence(qualifiers.next());
        if (oidOf(qualifier.next()) === OID.cps) uris.push(text(qualifier.next()) ?? '');
      }
    }
    return uris;
  } catch (error) {
    if (error instanceof DerError) return [];
    throw error;
  }
}

/** QCStatements ::= SEQUENCE OF SEQUENCE { OID, ANY OPTIONAL } (RFC 3739 §3.2.6). */
function isQcStatements(content: Buffer): boolean {
  try {
    const statements = sequence(single(content, TAG.sequence));
    if (statements.done) return false;
    while (!statements.done) {
      const parts = sequence(statements.next());
      oidOf(parts.next());
      if (!parts.done) parts.next();
      parts.finish();
    }
    return true;
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
}

export const pointerRules: readonly Rule[] = [
  {
    id: 'no_policy',
    severity: 'info',
    clause: 'RFC 5280 §4.2.1.4; EN 319 412-2 §4.3.3',
    title: 'Kebijakan sertifikat tidak disebut',
    sentence: 'Tidak terlihat menurut aturan apa identitas pemiliknya diperiksa sebelum terbit.',
    fixer: 'ca',
    test: (view) => when(isSigner(view) && !view.policies?.length, 'Ekstensi certificatePolicies tidak ada.'),
  },
  {
    id: 'policy_arc',
    severity: 'info',
    clause: 'Kebijakan Dinas',
    title: 'Kebijakan bukan dari PSrE Indonesia',
    sentence: 'OID kebijakan tidak berada di bawah 2.16.360.1 (Indonesia). Periksa siapa penerbitnya.',
    fixer: 'ca',
    test: (view) =>
      when(
        isSigner(view) && !!view.policies?.length && !view.policies.some((policy) => policy.startsWith(INDONESIA)),
        `OID ${view.policies?.slice(0, 3).join(', ')}.`,
      ),
  },
  {
    id: 'policy_twice',
    severity: 'warning',
    clause: 'RFC 5280 §4.2.1.4',
    title: 'Kebijakan disebut dua kali',
    sentence: 'Satu OID kebijakan hanya boleh sekali; aplikasi yang ketat menolaknya.',
    fixer: 'ca',
    test: ({ policies }) => {
      const doubled = policies?.find((policy, i) => policies.indexOf(policy) !== i);
      return doubled ? `OID ${doubled}.` : null;
    },
  },
  {
    id: 'cps_not_https',
    severity: 'info',
    clause: 'Kebijakan Dinas',
    title: 'Alamat pernyataan praktik tanpa https',
    sentence: 'Isi CPS dapat diubah di jalan. Minta penerbit memakai https.',
    fixer: 'ca',
    test: (view) =>
      when(
        cpsUris(view).some((uri) => !/^https:\/\//i.test(uri)),
        'cPSuri bukan https.',
      ),
  },
  {
    id: 'qc_malformed',
    severity: 'warning',
    clause: 'RFC 3739 §3.2.6; EN 319 412-5',
    title: 'Pernyataan sertifikat berkualifikasi rusak',
    sentence: 'qcStatements ada, tetapi tidak dapat dibaca; klaimnya tidak dapat dipegang.',
    fixer: 'ca',
    test: (view) => {
      const found = extension(view, OID.qcStatements);
      return when(!!found && !isQcStatements(found.value), 'qcStatements tidak terbentuk benar.');
    },
  },
  {
    id: 'no_revocation_pointer',
    severity: 'serious',
    clause: 'RFC 5280 §4.2.1.13',
    title: 'Tidak menyebut tempat memeriksa pencabutan',
    sentence: 'Bila kuncinya bocor, orang lain tidak akan tahu sertifikat ini dicabut. Minta penerbit menggantinya.',
    fixer: 'ca',
    test: (view) =>
      when(
        view.crlDistributionPoints.length === 0 && view.ocspUrls.length === 0 && !extension(view, OID.noRevAvail),
        'Tidak ada CRL maupun OCSP.',
      ),
  },
  {
    id: 'no_rev_avail_contradicted',
    severity: 'serious',
    clause: 'RFC 9608 §4',
    title: 'Menyatakan tanpa pencabutan, tetapi menyebut tempatnya',
    sentence:
      'noRevAvail berarti penerbit tidak pernah menyiarkan pencabutan; CRL atau OCSP di sampingnya bertentangan.',
    fixer: 'ca',
    test: (view) =>
      when(
        !!extension(view, OID.noRevAvail) &&
          (view.ca ||
            view.crlDistributionPoints.length > 0 ||
            view.ocspUrls.length > 0 ||
            !!extension(view, OID.freshestCrl)),
        'noRevAvail bersama CRL, OCSP, atau pada CA.',
      ),
  },
  {
    id: 'cdp_critical',
    severity: 'info',
    clause: 'RFC 5280 §4.2.1.13',
    title: 'Tempat CRL ditandai kritis',
    sentence: 'Aplikasi yang tidak mengenalnya akan menolak sertifikat ini.',
    fixer: 'ca',
    test: (view) => when(!!extension(view, OID.crl)?.critical, 'cRLDistributionPoints kritis.'),
  },
  {
    id: 'cdp_form',
    severity: 'warning',
    clause: 'RFC 5280 §4.2.1.13',
    title: 'Tempat CRL tidak lengkap',
    sentence: 'Satu titik hanya menyebut alasan, tanpa alamat atau penerbit CRL; CRL-nya tidak dapat ditemukan.',
    fixer: 'ca',
    test: (view) =>
      when(
        view.crlDistributionPoints.some(
          (point) => point.fullNames.length === 0 && point.relativeName === null && !point.crlIssuer?.length,
        ),
        'Titik tanpa alamat.',
      ),
  },
  {
    id: 'cdp_not_http',
    severity: 'warning',
    clause: 'RFC 5280 §4.2.1.13',
    title: 'CRL tidak dapat diunduh lewat http',
    sentence: 'Hanya ada alamat LDAP atau lainnya, sehingga pencabutan tidak dapat diperiksa sendiri oleh Siaga.',
    fixer: 'ca',
    test: (view) =>
      when(
        fullNames(view).length > 0 && !fullNames(view).some(({ kind, value }) => kind === 'uri' && isHttp(value)),
        'Tidak ada alamat http atau https.',
      ),
  },
  {
    id: 'tls_crl_issuer',
    severity: 'serious',
    clause: 'CA/Browser BR §7.1.2.11.2',
    title: 'CRL sertifikat server diserahkan kepada penerbit lain',
    sentence:
      'Untuk TLS publik titik distribusi tidak boleh memuat cRLIssuer atau reasons: CRL harus lengkap dan dari penerbitnya sendiri, sebab peramban tidak membaca CRL tidak langsung.',
    fixer: 'ca',
    test: (view) =>
      when(
        useOf(view) === 'tls_server' &&
          view.crlDistributionPoints.some(({ crlIssuer, reasons }) => crlIssuer !== null || reasons !== null),
        'cRLIssuer atau reasons di crlDistributionPoints.',
      ),
  },
  {
    id: 'aia_critical',
    severity: 'warning',
    clause: 'RFC 5280 §4.2.2.1',
    title: 'Alamat penerbit ditandai kritis',
    sentence: 'authorityInfoAccess tidak boleh kritis; aplikasi dapat menolak sertifikat ini.',
    fixer: 'ca',
    test: (view) => when(!!extension(view, OID.aia)?.critical, 'authorityInfoAccess kritis.'),
  },
  {
    id: 'no_ca_issuers',
    severity: 'info',
    clause: 'RFC 5280 §4.2.2.1; EN 319 412-2 §4.4.1',
    title: 'Tidak menyebut tempat sertifikat penerbit',
    sentence: 'Penerima dokumen harus mencari sendiri sertifikat penerbitnya.',
    fixer: 'ca',
    test: (view) => when(view.caIssuers.length === 0, 'caIssuers tidak ada.'),
  },
  {
    id: 'aia_not_http',
    severity: 'info',
    clause: 'RFC 5280 §4.2.2.1',
    title: 'Alamat penerbit atau OCSP bukan http',
    sentence: 'Alamat LDAP atau lainnya jarang dapat dibuka dari luar jaringan penerbit.',
    fixer: 'ca',
    test: (view) =>
      when(
        [view.caIssuers, view.ocspUrls].some((urls) => urls.length > 0 && !urls.some(isHttp)),
        'Tidak ada alamat http atau https.',
      ),
  },
];
