// What the Baseline Requirements ask of certificates of TLS servers beyond RFC 5280 (certificate-status §2 no. 9, §4).
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, list, office, root, urls } from '#tests/support/revocation-office.ts';
import { NOW } from '#tests/support/world.ts';
import { DAY, HOUR } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import * as der from '../x509/der-writer.ts';
import * as revocation from './index.ts';

const tls: ca.Extensions = { eku: ['1.3.6.1.5.5.7.3.1'], keyUsage: ['digitalSignature'] };
type Office = Awaited<ReturnType<typeof office>>;
function rules({ ctx, state }: Office, serial: string) {
  certificates.refreshRecords(ctx);
  return state(serial).problems.flatMap(({ rule, endedAt }) => (endedAt === null ? [rule] : []));
}

test('a server certificate on hold is a finding against its CA until it is released; one of a person is none', async () => {
  const made = await office(['4a01']);
  const { world, net, sweep, add } = made;
  await add('4a02', { extensions: tls });
  net.pages.set(urls.crl, list(world, [entry('4a99'), entry('4a01', { reason: 6 }), entry('4a02', { reason: 6 })]));
  await sweep();
  expect(rules(made, '4a02')).toContain('tls_on_hold');
  expect(rules(made, '4a01')).not.toContain('tls_on_hold');
  world.clock.advance(HOUR);
  net.pages.set(urls.crl, list(world, [entry('4a99')]));
  await sweep();
  expect(made.state('4a02').revocation).toBe('released');
  expect(rules(made, '4a02')).not.toContain('tls_on_hold');
});

test('an indirect list about server certificates is used, and is a finding on the list and on the certificate', async () => {
  const life = { notBefore: NOW - 400 * DAY, notAfter: NOW + 2000 * DAY, key: ca.makeKey('p256') };
  const other = ca.makeIntermediate(root, { ...life, subject: [[ca.OID.CN, 'PENERBIT CRL LAIN']] });
  const made = await office([]);
  const { ctx, net, sweep, add, state, world } = made;
  await certificates.importFile(ctx, { name: 'lain.cer', bytes: other.certificate });
  const url = 'http://lain.test/tidak-langsung.crl';
  const point = der.seq(der.tagged(0, der.tagged(0, ca.uriName(url))), der.tagged(2, der.tagged(4, other.name)));
  const extra = [{ oid: '2.5.29.31', value: der.seq(point) }];
  await add('4a05', { extensions: { ...tls, crlUrls: null, extra } });
  await certificates.runChains(ctx);
  const named = { ...entry('4a05'), issuer: issuer.name };
  const page = ca.makeCrl(other, {
    entries: [named],
    number: 1,
    thisUpdate: world.clock.at - 1000,
    nextUpdate: world.clock.at + DAY,
    scope: { indirect: true },
  });
  net.pages.set(url, page);
  await sweep();
  expect(state('4a05').revocation).toBe('revoked');
  expect(rules(made, '4a05')).toContain('tls_crl_issuer');
  const { remarks } = revocation.evidence(ctx, state('4a05').evidenceId!);
  expect(remarks.map(({ code }) => code)).toContain('indirect_tls');
});
