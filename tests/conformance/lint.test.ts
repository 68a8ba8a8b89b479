// An independent examination of lint: results of zlint's own tests (../shared/vectors beside the checkout) for the rules
// that both have. Runs only where the vectors are; prints the score.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { lint } from '#lib/server/certificates/lint.ts';
import { openContainer } from '#lib/server/containers/index.ts';
import { readCertificate } from '#lib/server/x509/index.ts';

const folder = path.resolve(import.meta.dirname, '../../../shared/vectors/certs-zlint');

/** zlint's name → ours. */
const SAME: Record<string, string> = {
  e_cert_sig_alg_not_match_tbs_sig_alg: 'algorithm_mismatch',
  e_serial_number_not_positive: 'serial',
  e_ext_duplicate_extension: 'duplicate_extension',
  e_validity_time_not_positive: 'validity_order',
  e_rsa_public_exponent_too_small: 'rsa_exponent',
  e_rsa_public_exponent_not_odd: 'rsa_exponent',
  e_mp_exponent_cannot_be_one: 'rsa_exponent',
  e_rsa_fermat_factorization: 'rsa_close_primes',
  w_rsa_mod_not_odd: 'rsa_modulus',
  e_old_sub_cert_rsa_mod_less_than_1024_bits: 'tiny_key',
  e_key_usage_and_extended_key_usage_inconsistent: 'usage_inconsistent',
  e_ext_cert_policy_duplicate: 'policy_twice',
  e_subj_contains_html_entities: 'dn_garbled',
  e_utf8_latin1_mixup: 'dn_garbled',
  w_subject_dn_leading_whitespace: 'dn_spaces',
  w_subject_dn_trailing_whitespace: 'dn_spaces',
  e_ext_aia_marked_critical: 'aia_critical',
  e_sub_cert_aia_marked_critical: 'aia_critical',
  e_sub_cert_crl_distribution_points_marked_critical: 'cdp_critical',
  e_distribution_point_incomplete: 'cdp_form',
  w_ext_key_usage_not_critical: 'key_usage_not_critical',
  e_ext_san_rfc822_format_invalid: 'email_form',
  e_sub_cert_not_is_ca: 'ca_key_usage_on_leaf',
  e_sub_cert_key_usage_cert_sign_bit_set: 'ca_key_usage_on_leaf',
  e_sub_cert_key_usage_crl_sign_bit_set: 'ca_key_usage_on_leaf',
  e_utc_time_not_in_zulu: 'time_form',
  e_utc_time_does_not_include_seconds: 'time_form',
  e_generalized_time_not_in_zulu: 'time_form',
  e_wrong_time_format_pre2050: 'time_form',
  e_ec_improper_curves: 'ec_curve',
};

/** Misses that stay misses, with the reason. */
const ARGUED = [
  // The exponent is odd, which is all that lint asks; it is below 65537, which ours asks too.
  'e_rsa_public_exponent_not_odd files/goodRsaExp.pem',
];

type Expectations = { results: { lint: string; file: string; status: string }[] };

test.skipIf(!existsSync(folder))('zlint: rules that both have agree', async () => {
  const { results } = JSON.parse(readFileSync(path.join(folder, 'lint-expectations.json'), 'utf8')) as Expectations;
  const misses: string[] = [];
  let judged = 0;
  for (const { lint: theirs, file, status } of results) {
    const ours = SAME[theirs];
    if (!ours || status === 'NA' || status === 'NE') continue;
    const [entry] = await openContainer({ name: file, bytes: readFileSync(path.join(folder, file)) });
    const der = entry?.ders?.[0];
    if (!der) continue;
    judged += 1;
    const fired = lint(readCertificate(der), null).some(({ rule }) => rule === ours);
    if (fired !== (status !== 'Pass')) misses.push(`${theirs} ${file}: ${status}`);
  }
  console.log(`zlint: ${judged - misses.length}/${judged}${misses.length ? ` · beda: ${misses.join('; ')}` : ''}`);
  expect(judged).toBeGreaterThan(40);
  expect(misses.filter((miss) => !ARGUED.some((argued) => miss.includes(argued)))).toEqual([]);
});
