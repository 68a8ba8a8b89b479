// Certification path validation: the checks of RFC 5280 §6.1.3–§6.1.5 over one given path. Revocation is not decided
// here (§6.1.3 a 3): the caller asks `revocation` about each certificate of the path.
import { signatureVerdict } from './algorithm-policy.ts';
import { EXTENSION, extensionOf } from './certificate.ts';
import { DerError } from './der.ts';
import { NameConstraints } from './name-constraints.ts';
import { sameName } from './name.ts';
import { PolicyState, readPolicyExtensions, type PolicyInputs } from './path-policies.ts';
import type { CertificateView } from './types.ts';

export type PathRule =
  | 'expired'
  | 'not_yet_valid'
  | 'ca_expired'
  | 'ca_not_yet_valid'
  | 'incomplete'
  | 'untrusted'
  | 'bad_signature'
  | 'weak_algorithm'
  | 'version'
  | 'not_a_ca'
  | 'no_name'
  | 'path_length'
  | 'key_usage'
  | 'critical_extension'
  | 'malformed_extension'
  | 'name_constraints'
  | 'policy_mapping'
  | 'policy'
  | 'too_complex';

/** What a broken rule means, for people; with the clause. */
export const PATH_RULES: Record<PathRule, { text: string; clause: string }> = {
  expired: { text: 'Masa berlaku sertifikat sudah berakhir.', clause: 'RFC 5280 §6.1.3 (a)(2)' },
  not_yet_valid: { text: 'Masa berlaku sertifikat belum mulai.', clause: 'RFC 5280 §6.1.3 (a)(2)' },
  ca_expired: { text: 'Masa berlaku sertifikat penerbit sudah berakhir.', clause: 'RFC 5280 §6.1.3 (a)(2)' },
  ca_not_yet_valid: { text: 'Masa berlaku sertifikat penerbit belum mulai.', clause: 'RFC 5280 §6.1.3 (a)(2)' },
  incomplete: { text: 'Sertifikat penerbit belum ada, sehingga rantai tidak sampai ke akar.', clause: 'RFC 5280 §6.1' },
  untrusted: {
    text: 'Rantai berakhir pada akar yang belum diterima sebagai jangkar kepercayaan.',
    clause: 'RFC 5280 §6.1.1 (d)',
  },
  bad_signature: { text: 'Tanda tangan penerbit tidak cocok dengan kunci penerbit.', clause: 'RFC 5280 §6.1.3 (a)(1)' },
  weak_algorithm: { text: 'Algoritma atau panjang kunci sudah tidak dapat dipercaya.', clause: 'NIST SP 800-131A' },
  version: { text: 'Penerbit bukan sertifikat versi 3.', clause: 'RFC 5280 §6.1.4 (k)' },
  not_a_ca: { text: 'Penerbit tidak dinyatakan sebagai CA.', clause: 'RFC 5280 §4.2.1.9, §6.1.4 (k)' },
  no_name: { text: 'Penerbit tidak mempunyai nama.', clause: 'RFC 5280 §4.1.2.6' },
  path_length: { text: 'Rantai lebih panjang daripada yang diizinkan penerbit.', clause: 'RFC 5280 §6.1.4 (l)–(m)' },
  key_usage: { text: 'Kunci penerbit tidak boleh menandatangani sertifikat.', clause: 'RFC 5280 §4.2.1.3, §6.1.4 (n)' },
  critical_extension: { text: 'Ada ekstensi kritis yang tidak dikenal.', clause: 'RFC 5280 §6.1.4 (o), §6.1.5 (f)' },
  malformed_extension: { text: 'Ada ekstensi yang rusak atau berulang.', clause: 'RFC 5280 §4.2' },
  name_constraints: { text: 'Nama di luar batas yang ditetapkan penerbit.', clause: 'RFC 5280 §6.1.3 (b)–(c)' },
  policy_mapping: { text: 'Pemetaan kebijakan sertifikat keliru.', clause: 'RFC 5280 §6.1.4 (a)' },
  policy: { text: 'Tidak ada kebijakan sertifikat yang dapat diterima.', clause: 'RFC 5280 §6.1.3 (f), §6.1.5 (g)' },
  too_complex: { text: 'Rantai terlalu rumit untuk diperiksa.', clause: 'Batas kerja Siaga' },
};

export type PathInputs = PolicyInputs & {
  /** Instant of judgement, UTC ms. */
  at: number;
  /** Accept what is weak (SHA-1, RSA-1024); what is forbidden stays refused. */
  allowWeak?: boolean;
};

/** `broken`: first rule that fails, with the index of the certificate (0 = leaf); `policies` when none does. */
export type PathVerdict = { broken: PathRule | null; index: number; policies: string[] };

/** Extensions that this validation processes or that change nothing about a path (§4.2: "recognised"). */
export const RECOGNISED_EXTENSIONS: ReadonlySet<string> = new Set<string>([
  ...Object.values(EXTENSION),
  // OCSP no-check, noRevAvail, qcStatements, Netscape and private use periods say nothing a path depends on.
  '1.3.6.1.5.5.7.48.1.5',
  '2.5.29.56',
  '1.3.6.1.5.5.7.1.3',
]);

/**
 * Applies §6.1 to a path whose names chain and whose signatures were verified.
 * @param path leaf first, anchor last. The anchor's own validity, key usage, path length, name constraints and critical
 *   extensions are applied too (cli.md), because anchors here are certificates that an office accepted.
 */
export function checkPath(path: CertificateView[], inputs: PathInputs): PathVerdict {
  const broken = (rule: PathRule, index: number): PathVerdict => ({ broken: rule, index, policies: [] });
  const count = path.length - 1;
  const policies = new PolicyState(count, inputs);
  const names = new NameConstraints();
  let room = Infinity;
  for (let index = count; index >= 0; index--) {
    const certificate = path[index]!;
    const [anchor, leaf] = [index === count, index === 0];
    const selfIssued = sameName(certificate.issuer, certificate.subject);
    try {
      const rule =
        wrongInItself(certificate, leaf, inputs) ??
        (anchor ? null : wronglySigned(certificate, path[index + 1]!, inputs));
      if (rule) return broken(rule, index);
      readPolicyExtensions(certificate);
      if (!anchor && (leaf || !selfIssued) && !names.allow(certificate)) return broken('name_constraints', index);
      if (!anchor && !policies.certificate(certificate, leaf, selfIssued)) return broken('policy', index);
      if (leaf) continue;
      const unfit = unfitToSign(certificate);
      if (unfit) return broken(unfit, index);
      if (!anchor && !selfIssued && --room < 0) return broken('path_length', index);
      room = Math.min(room, certificate.pathLen ?? Infinity);
      names.add(certificate);
      if (!anchor && !policies.next(certificate, selfIssued)) return broken('policy_mapping', index);
    } catch (error) {
      if (!(error instanceof DerError)) throw error;
      return broken(error.reason.startsWith('too many') ? 'too_complex' : 'malformed_extension', index);
    }
  }
  const accepted = count === 0 ? (inputs.policies ?? []) : policies.finish(path[0]!);
  return accepted === null ? broken('policy', 0) : { broken: null, index: -1, policies: accepted };
}

/** §6.1.3 (a)(2), §6.1.4 (o), §6.1.5 (f), and what the reader found odd. */
function wrongInItself(certificate: CertificateView, leaf: boolean, { at }: PathInputs): PathRule | null {
  // Certificates count in whole seconds: the last one is valid to its end.
  if (Math.floor(at / 1000) * 1000 > certificate.notAfter.ms) return leaf ? 'expired' : 'ca_expired';
  if (at < certificate.notBefore.ms) return leaf ? 'not_yet_valid' : 'ca_not_yet_valid';
  const malformed = certificate.oddities.some(
    ({ rule }) => rule === 'duplicate_extension' || rule === 'unreadable_extension',
  );
  if (malformed) return 'malformed_extension';
  // Name constraints are for CA certificates only (§4.2.1.10).
  if (!certificate.ca && extensionOf(certificate, EXTENSION.nameConstraints)) return 'malformed_extension';
  return certificate.extensions.some(({ critical, oid }) => critical && !RECOGNISED_EXTENSIONS.has(oid))
    ? 'critical_extension'
    : null;
}

function wronglySigned(
  certificate: CertificateView,
  issuer: CertificateView,
  { allowWeak }: PathInputs,
): PathRule | null {
  const verdict = signatureVerdict(certificate, issuer);
  return verdict === 'ok' || (verdict === 'weak' && allowWeak) ? null : 'weak_algorithm';
}

/** §6.1.4 (k), (n): why no certificate can stand validly below this one; null: it may issue. */
export function unfitToSign({ version, ca, keyUsage, subject }: CertificateView): PathRule | null {
  if (subject.rdns.length === 0) return 'no_name';
  if (version !== 3) return 'version';
  if (!ca) return 'not_a_ca';
  return keyUsage && !keyUsage.includes('keyCertSign') ? 'key_usage' : null;
}
