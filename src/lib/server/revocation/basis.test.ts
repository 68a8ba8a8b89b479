// The answer on a certificate's first screen: what says so, since when, by which clause, what to do. Pure.
import { expect, test } from 'vitest';
import { certificateLabels, revocationWords, type CertificateLabel } from '#lib/terms.ts';
import { basisOf } from './basis.ts';
import type { Episode } from './episodes.ts';
import { facetsOf, type FacetRow } from './facet-words.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 22, 7);
const row: FacetRow & { label: CertificateLabel } = {
  label: 'valid',
  notBefore: NOW - 100 * DAY,
  notAfter: NOW + 100 * DAY,
  revocation: 'good',
  chain: 'anchored',
  confirmedAt: NOW - 60_000,
  nextUpdate: NOW + DAY,
  freshUntil: NOW + DAY,
  fingerprint: 'ab',
  revocationReason: null,
  revokedAt: null,
  revocationSource: 'crl',
  authorityId: null,
  supersededById: null,
  retiredAt: null,
};
const held = {
  id: 'e1',
  name: 'CRL CA Uji nomor 5',
  kind: 'crl',
  thisUpdate: NOW - 3_600_000,
  origin: 'fetched',
} as const;
const span = (status: Episode['status']): Episode => ({
  status,
  from: NOW - 9 * DAY,
  until: NOW,
  open: true,
  evidenceId: 'e1',
  reason: null,
  revokedAt: null,
  invalidityAt: null,
  source: 'crl',
});
const basis = (
  change: Partial<FacetRow & { label: CertificateLabel }>,
  given: Partial<Parameters<typeof basisOf>[2]> = {},
) => {
  const changed = { ...row, ...change };
  return basisOf(changed, facetsOf(changed, NOW, 'Rantai'), {
    held,
    since: span(changed.revocation),
    asked: false,
    ...given,
  });
};

test('a revoked certificate names its list, when we first saw it, the clause, and asks for an incident', () => {
  const said = basis({ label: 'revoked', revocation: 'revoked', revocationReason: 1, revokedAt: NOW - 9 * DAY });
  expect(said).toMatchObject({
    lead: 'Nomor serinya tercantum sebagai dicabut di',
    evidence: { id: 'e1', name: 'CRL CA Uji nomor 5', tail: ', terbit 22 November 2026 pukul 13.00 WIB.' },
    clause: 'RFC 5280 §3.3',
  });
  expect(said.known).toMatch(/^Siaga pertama melihatnya 13 November 2026/);
  expect(said.todo).toContain('buka insiden');
});

test('a revocation for an ordinary reason asks for no incident', () => {
  for (const revocationReason of [3, 4, 5])
    expect(basis({ label: 'revoked', revocation: 'revoked', revocationReason }).todo).not.toContain('insiden');
});

test('the clause is that of the facet which decides the label', () => {
  expect(basis({ label: 'valid' }).clause).toBe('RFC 5280 §6.3.3');
  expect(basis({ label: 'expired', notAfter: NOW - 1 }).clause).toBe('RFC 5280 §4.1.2.5');
  expect(basis({ label: 'invalid_path', chain: 'invalid_path' }).clause).toBe('RFC 5280 §6.1');
});

test('a list carried by hand is said to be one; without evidence nothing is claimed to be known', () => {
  expect(basis({}, { held: { ...held, origin: 'uploaded' } }).evidence?.tail).toContain('diunggah petugas');
  const none = basis({ label: 'undetermined', revocation: 'undetermined', confirmedAt: null }, { held: null });
  expect(none).toMatchObject({ evidence: null, known: '' });
  expect(none.lead).toMatch(/^Belum ada bukti terverifikasi/);
});

test('evidence that speaks against itself is work first, whatever the label', () => {
  expect(basis({ label: 'revoked', revocation: 'revoked' }, { asked: true }).todo).toContain('tanyakan ke penerbit');
});

test('every status by list and by answer makes sentences without holes', () => {
  for (const label of Object.keys(certificateLabels) as CertificateLabel[])
    for (const revocation of Object.keys(revocationWords) as FacetRow['revocation'][])
      for (const kind of ['crl', 'ocsp'] as const) {
        const said = basis({ label, revocation }, { held: { ...held, kind } });
        expect(JSON.stringify(said)).not.toMatch(/undefined|NaN|\[object/);
        expect(said.lead.length).toBeGreaterThan(5);
        expect(said.clause.length).toBeGreaterThan(5);
      }
});
