// What speaks against trusting a CA certificate although its fingerprint is the right one. Pure. None of it forbids the
// decision: it is shown before, what is grave is to be accepted too, and all of it stands in the trail.
import { date } from '#lib/format.ts';
import { keyVerdict, PATH_RULES, unfitToSign } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import { keyWords } from './describe.ts';

/** `grave`: nothing below it can be in force, whoever trusts it; an ended CA may still be needed for what it issued before. */
export type Warning = { text: string; clause: string; grave: boolean };

export function trustWarnings(view: CertificateView, revokedAt: number | null, now: number): Warning[] {
  const unfit = unfitToSign(view);
  const found: Warning[] = unfit ? [{ ...PATH_RULES[unfit], grave: true }] : [];
  if (keyVerdict(view.publicKey) !== 'ok')
    found.push({
      text: `Kunci penerbit ini (${keyWords(view)}) terlalu lemah; tanda tangannya tidak dapat dipercaya.`,
      clause: PATH_RULES.weak_algorithm.clause,
      grave: true,
    });
  if (revokedAt !== null)
    found.push({
      text: `Menurut bukti terverifikasi sertifikat ini dicabut atau ditangguhkan sejak ${date(revokedAt)}.`,
      clause: 'RFC 5280 §6.1.3 (a)(3)',
      grave: true,
    });
  if (view.notAfter.ms < now) found.push({ ...PATH_RULES.ca_expired, grave: false });
  if (view.notBefore.ms > now) found.push({ ...PATH_RULES.ca_not_yet_valid, grave: false });
  return found;
}

/** As the trail keeps it. */
export const warningWords = (warnings: readonly Warning[]): string =>
  warnings.map(({ text, clause }) => `${text.replace(/\.$/, '')} (${clause})`).join('; ');
