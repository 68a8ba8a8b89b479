// What happens while a crossing rests between two transactions: nobody is overlooked by it, and no decision is undone.
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, list, office, root, urls } from '#tests/support/revocation-office.ts';
import { NOW } from '#tests/support/world.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { connection } from '../db/index.ts';
import { readCertificate } from '../x509/index.ts';
import { applyIssuer } from './applying.ts';
import * as revocation from './index.ts';

const issuerKey = readCertificate(issuer.certificate).publicKey.spkiSha256;

test('a certificate that is anchored meanwhile is crossed by the next sweep', async () => {
  const { world, ctx, net, sweep, state } = await office(['4a01', '4a02']);
  const db = connection(world.db);
  db.prepare("update certificate set chain = 'incomplete' where serial = '4a02'").run();
  net.pages.set(urls.crl, list(world, [entry('4a02')], { nextUpdate: NOW + 60 * DAY }));
  await sweep();
  world.clock.advance(HOUR);
  db.prepare('update revocation_line set applied_at = null').run();
  const crossing = applyIssuer(ctx, issuerKey);
  world.clock.advance(20);
  db.prepare("update certificate set chain = 'anchored', chain_checked_at = ? where serial = '4a02'").run(
    world.clock.at,
  );
  world.clock.advance(5 * MINUTE);
  await crossing;
  expect(state('4a02').revocation).toBe('undetermined');
  world.clock.advance(HOUR);
  await sweep();
  expect(state('4a02').revocation).toBe('revoked');
});

test('a certificate that is imported meanwhile is not good by its absence from a list that was walked before', async () => {
  const { world, ctx, net, sweep, state } = await office(['4a01']);
  const life = { notBefore: NOW - DAY, notAfter: NOW + 900 * DAY };
  const again = ca.makeIntermediate(root, { key: issuer.key, ...life, urls });
  await certificates.importFile(ctx, { name: 'ca2.cer', bytes: again.certificate });
  net.pages.set(urls.crl, list(world, [entry('4a02')], { nextUpdate: NOW + 60 * DAY }));
  await sweep();
  world.clock.advance(HOUR);
  connection(world.db).prepare('update revocation_line set applied_at = null').run();
  const crossing = applyIssuer(ctx, issuerKey);
  const bytes = ca.makeLeaf(issuer, { notBefore: NOW - 100 * DAY, serial: '4a02', commonName: 'ORANG 4a02', urls });
  await certificates.importFile(ctx, { name: '4a02.cer', bytes });
  // The crossing has the CA's other certificate still before it.
  connection(world.db)
    .prepare(
      `update certificate set authority_id = (select id from authority where key_sha256 = ? order by rowid desc limit 1)
        where serial = '4a02'`,
    )
    .run(issuerKey);
  await crossing;
  expect(state('4a02').revocation).not.toBe('good');
  world.clock.advance(HOUR);
  await sweep();
  expect(state('4a02').revocation).toBe('revoked');
});

test('a quarantine that a person ends meanwhile is crossed again', async () => {
  const { world, ctx, net, sweep, state } = await office(['4a01']);
  const others = Array.from({ length: 30 }, (_, i) => entry(`77${(i + 16).toString(16)}`, { reason: 6 }));
  net.pages.set(urls.crl, list(world, [entry('4a01', { reason: 6 }), ...others]));
  await sweep();
  world.clock.advance(HOUR);
  net.pages.set(urls.crl, list(world, []));
  await sweep();
  expect(state('4a01').revocation).toBe('on_hold');
  const evidenceId = connection(world.db).prepare('select evidence_id from revocation_quarantine').pluck().get();
  const crossing = applyIssuer(ctx, issuerKey);
  world.clock.advance(MINUTE);
  revocation.decideQuarantine(world.person('verifier'), evidenceId as string, {
    decision: 'release',
    reason: 'penerbit membenarkan lewat surat',
  });
  await crossing;
  await sweep(false);
  expect(state('4a01').revocation).toBe('released');
});
