// A CA certificate on hold is no revoked one (certificate-status §4): what releases a holder's certificate releases it too.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, list, office, root, urls } from '#tests/support/revocation-office.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { connection } from '../db/index.ts';
import { ia5, retag, seq, tagged } from '../x509/der-writer.ts';
import { readCertificate } from '../x509/index.ts';
import * as revocation from './index.ts';
import * as store from './store.ts';

const CA = readCertificate(issuer.certificate).serial;
const held = entry(CA, { reason: 6 });
type Office = Awaited<ReturnType<typeof office>>;

let number = 10;
/** An hour later the root publishes these entries; then chains are judged again, as jobs do. */
async function published(
  made: Office,
  entries: ca.RevokedEntry[],
  extra: Partial<ca.CrlRequest> = {},
  url = urls.rootCrl,
) {
  const { world, net, ctx } = made;
  world.clock.advance(HOUR);
  const times = { thisUpdate: world.clock.at - MINUTE, nextUpdate: world.clock.at + 180 * DAY };
  net.pages.set(url, ca.makeCrl(root, { entries, number: ++number, ...times, ...extra }));
  net.pages.set(urls.crl, list(world));
  await made.sweep();
  await certificates.runChains(ctx);
  return number;
}
const actions = ({ world }: Office) =>
  connection(world.db)
    .prepare("select action from audit_entry where action like 'authority.%' order by seq")
    .pluck()
    .all()
    .slice(-2);

test('a CA on hold breaks its chains until a newer list no longer names it', async () => {
  const made = await office(['4a01']);
  await published(made, []);
  expect(made.state('4a01').label).toBe('valid');
  await published(made, [held]);
  expect(made.state('4a01')).toMatchObject({ chain: 'ca_revoked', label: 'ca_revoked' });
  await published(made, [held]);
  expect(made.state('4a01').chain).toBe('ca_revoked');
  await published(made, []);
  expect(made.state('4a01')).toMatchObject({ chain: 'anchored', label: 'valid' });
  expect(actions(made)).toEqual(['authority.held', 'authority.released']);
  // Twice is the same.
  await made.sweep();
  expect(actions(made)).toEqual(['authority.held', 'authority.released']);
  await published(made, [held]);
  expect(made.state('4a01').chain).toBe('ca_revoked');
});

test('a CA whose hold became a revocation stays revoked, also when it vanishes', async () => {
  const made = await office(['4a01']);
  await published(made, [held]);
  await published(made, [entry(CA)]);
  expect(actions(made)).toEqual(['authority.held', 'authority.revoked']);
  await published(made, []);
  expect(made.state('4a01').chain).toBe('ca_revoked');
  expect(actions(made)).toEqual(['authority.held', 'authority.revoked']);
});

test.each(['lost', 'changed'])('a CA is released from its hold also when the list that held it is %s', async (how) => {
  const made = await office(['4a01']);
  await published(made, [held]);
  const sha = connection(made.world.db)
    .prepare(
      'select e.sha256 from authority a join revocation_evidence e on e.id = a.revocation_evidence_id where a.revoked_at > 0',
    )
    .pluck()
    .get() as string;
  const file = join(made.world.dir, 'files', sha.slice(0, 2), sha.slice(2, 4), sha);
  if (how === 'lost') rmSync(file);
  else writeFileSync(file, 'lain');
  await published(made, [held]);
  expect(made.state('4a01').chain).toBe('ca_revoked');
  await published(made, []);
  expect(made.state('4a01').chain).toBe('anchored');
});

test('a list as old as the hold releases no CA, and one that shrank does not either', async () => {
  const made = await office(['4a01']);
  const strangers = Array.from({ length: 30 }, (_, i) => entry(`77${i.toString(16).padStart(2, '0')}`));
  await published(made, [held, ...strangers]);
  const same = made.world.clock.at - MINUTE;
  await published(made, strangers, { thisUpdate: same });
  expect(made.state('4a01').chain).toBe('ca_revoked');
  await published(made, strangers.slice(0, 2));
  expect(made.state('4a01').chain).toBe('ca_revoked');
  await published(made, strangers);
  expect(made.state('4a01').chain).toBe('anchored');
});

test('a delta takes the hold of a CA away by removeFromCRL', async () => {
  const made = await office(['4a01']);
  const address = 'http://ca.test/root-delta.crl';
  const freshest = { oid: '2.5.29.46', value: seq(seq(tagged(0, tagged(0, retag(0x86, ia5(address)))))) };
  const base = await published(made, [held], { extra: [freshest] });
  expect(made.state('4a01').chain).toBe('ca_revoked');
  await published(made, [entry(CA, { reason: 8 })], { deltaOf: base }, address);
  expect(made.state('4a01').chain).toBe('anchored');
  expect((await revocation.rederiveAll(made.ctx)).differences).toEqual([]);
});

test('that the list is lost by which a CA was revoked long ago is told to people; it stays revoked', async () => {
  const made = await office(['4a01']);
  const { world, ctx } = made;
  await published(made, [entry(CA)]);
  const known = () => certificates.authorities(ctx).find((one) => one.serial === CA)!;
  const { revocationEvidenceId: evidenceId } = known();
  await published(made, [entry(CA), entry('77')]);
  expect(known().revocationEvidenceId).toBe(evidenceId);
  const { sha256 } = store.evidenceById(ctx.db, evidenceId!)!;
  rmSync(join(world.dir, 'files', sha256.slice(0, 2), sha256.slice(2, 4), sha256));
  await revocation.rederiveAll(ctx);
  expect(revocation.signals(ctx)).toMatchObject([{ kind: 'underived', evidenceId }]);
  expect(known().revokedAt).not.toBeNull();
});
