// A separate signer of lists whom nobody believes any more (certificate-status §2 no. 3 and 5): rejected by a person, revoked,
// or its time as set by the office is over. What it said makes nobody good, and holds up no list of the CA.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, list, office, root, urls } from '#tests/support/revocation-office.ts';
import { NOW } from '#tests/support/world.ts';
import { DAY, HOUR, MINUTE, wibDate } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { connection } from '../db/index.ts';
import * as settings from '../settings/index.ts';
import { readCertificate } from '../x509/index.ts';
import * as revocation from './index.ts';

const life = { notBefore: NOW - 300 * DAY, notAfter: NOW + 1000 * DAY };

/** An office that knows a certificate of its CA that only signs lists. */
async function withSigner(serials: readonly string[], serial = '5151') {
  const signer = ca.makeIntermediate(issuer, {
    ...life,
    serial,
    key: ca.makeKey('p256'),
    extensions: { keyUsage: ['cRLSign'] },
  });
  const made = await office(serials);
  const { world, ctx, net, sweep } = made;
  await certificates.importFile(ctx, { name: 'penanda-crl.cer', bytes: signer.certificate });
  const known = certificates
    .authorities(ctx)
    .find((a) => a.fingerprint === readCertificate(signer.certificate).fingerprint)!;
  return {
    ...made,
    reject: () =>
      certificates.decideTrust(world.person('administrator'), known.id, {
        decision: 'reject',
        note: 'Kuncinya dicuri',
      }),
    /** A list of the signer, far ahead of all numbers and good for years. */
    foreign: (entries: ca.RevokedEntry[] = []) =>
      ca.makeCrl(signer, {
        entries,
        number: 2 ** 40,
        thisUpdate: world.clock.at - MINUTE,
        nextUpdate: world.clock.at + 900 * DAY,
      }),
    /** An hour later the address of our certificates serves this; nothing new, when it is the same. */
    later: (page?: () => Buffer, pause = HOUR) => {
      world.clock.advance(pause);
      if (page) net.pages.set(urls.crl, page());
      return sweep();
    },
  };
}
type Office = Awaited<ReturnType<typeof withSigner>>;
const differences = async ({ world }: Office) => (await revocation.rederiveAll(world.ctx())).differences;

test('the number of a separate signer holds up no list of the CA, whatever anybody decided about it', async () => {
  const made = await withSigner(['4a01']);
  const { world, sweep, state, later, foreign } = made;
  await sweep();
  expect(await later(() => foreign())).toMatchObject({ fresh: 1 });
  expect(await later(() => list(world, [entry('4a01')]))).toMatchObject({ fresh: 1, refused: 0 });
  expect(state('4a01').revocation).toBe('revoked');
  expect(await differences(made)).toEqual([]);
});

test('a CA list that is older than what its separate signer said is a replay still, as is one of a lower number of its own', async () => {
  const made = await withSigner(['4a01']);
  const { world, sweep, later, foreign } = made;
  const old = list(world, []);
  await sweep();
  await later(() => foreign());
  expect(await later(() => old)).toMatchObject({ refused: 1 });
  expect(await later(() => list(world, [], { number: 1 }))).toMatchObject({ refused: 1 });
});

test('who was good by a signer that is rejected since is undetermined, until the CA speaks', async () => {
  const made = await withSigner(['4a01']);
  const { world, net, sweep, state, later, foreign, reject } = made;
  net.pages.set(urls.crl, foreign());
  await sweep();
  expect(state('4a01').revocation).toBe('good');
  reject();
  expect(await later()).toMatchObject({ refused: 1, same: 1 });
  expect(state('4a01').revocation).toBe('undetermined');
  expect(await differences(made)).toEqual([]);
  // Nothing is done twice.
  expect(await later()).toMatchObject({ changed: 0 });
  await later(() => list(world, []));
  expect(state('4a01').revocation).toBe('good');
  expect(await differences(made)).toEqual([]);
});

test('a hold that a signer released who is rejected since is a hold again; what it revoked stays revoked', async () => {
  const made = await withSigner(['4a01', '4a02']);
  const { world, net, sweep, state, later, foreign, reject } = made;
  net.pages.set(urls.crl, list(world, [entry('4a01', { reason: 6 })]));
  await sweep();
  expect(state('4a01').revocation).toBe('on_hold');
  await later(() => foreign([entry('4a02')]));
  expect([state('4a01').revocation, state('4a02').revocation]).toEqual(['released', 'revoked']);
  reject();
  await later();
  expect([state('4a01').revocation, state('4a02').revocation]).toEqual(['on_hold', 'revoked']);
  expect(await differences(made)).toEqual([]);
  await later(() => list(world, []));
  expect([state('4a01').revocation, state('4a02').revocation]).toEqual(['released', 'revoked']);
  expect(await differences(made)).toEqual([]);
});

/** The list of an issuer that came at this place is lost on our disk. */
function lose({ world }: Pick<Office, 'world'>, issuerOf: ca.Authority, place: number) {
  const sha = connection(world.db)
    .prepare(
      "select sha256 from revocation_evidence where kind = 'crl' and issuer_key = ? order by rowid limit 1 offset ?",
    )
    .pluck()
    .get(readCertificate(issuerOf.certificate).publicKey.spkiSha256, place) as string;
  rmSync(join(world.dir, 'files', sha.slice(0, 2), sha.slice(2, 4), sha));
}

test.each([
  ['before the hold', 0],
  ['that put it on hold', 1],
])('that hold stands again also when the list %s is lost, and people are told', async (_, place) => {
  const made = await withSigner(['4a01', '4a02']);
  const { world, ctx, sweep, state, later, foreign, reject } = made;
  await sweep();
  await later(() => list(world, [entry('4a01', { reason: 6 })]));
  await later(() => foreign());
  expect(state('4a01').revocation).toBe('released');
  lose(made, issuer, place);
  reject();
  await later();
  expect(state('4a01')).toMatchObject({ revocation: 'on_hold', revocationReason: 6, revokedAt: NOW - DAY });
  expect(state('4a02').revocation).not.toMatch(/on_hold|revoked/);
  expect(revocation.signals(ctx)).toMatchObject([{ kind: 'underived', certificateId: null }]);
  expect(await later()).toMatchObject({ changed: 0 });
  await later(() => list(world, []));
  expect([state('4a01').revocation, state('4a02').revocation]).toEqual(['released', 'good']);
});

test('a signer that the CA itself revoked confirms nothing any more', async () => {
  const made = await withSigner(['4a01']);
  const { world, sweep, state, later, foreign } = made;
  await sweep();
  await later(() => foreign());
  const good = state('4a01');
  expect(good.revocation).toBe('good');
  // Carried by hand: the address still serves the list of the signer.
  world.clock.advance(HOUR);
  await revocation.addEvidence(world.person('verifier'), { name: 'ca.crl', bytes: list(world, [entry('5151')]) });
  await sweep();
  const source = () => revocation.sources(world.person('verifier')).find((one) => one.url === urls.crl)!;
  expect(source().failureCode).not.toBeNull();
  const { freshUntil } = state('4a01');
  await later(undefined, DAY);
  await later(undefined, DAY);
  expect(state('4a01').freshUntil).toBe(freshUntil);
});

test('after the end of its entry a signer that the office set holds nothing up and confirms nothing', async () => {
  const other = ca.makeIntermediate(root, { ...life, key: ca.makeKey('p256'), urls });
  const { world, ctx, net, sweep, state } = await office(['4a01']);
  await certificates.importFile(ctx, { name: 'senama.cer', bytes: other.certificate });
  const fingerprints = {
    issuer: readCertificate(issuer.certificate).fingerprint,
    signer: readCertificate(other.certificate).fingerprint,
  };
  const until = wibDate(world.clock.at + DAY);
  settings.set(world.person('administrator'), 'crlSigners', [{ ...fingerprints, why: 'Kunci lama pensiun', until }], {
    source: 'surat penerbit',
  });
  const foreign = { number: 2 ** 40, thisUpdate: world.clock.at - MINUTE, nextUpdate: world.clock.at + 900 * DAY };
  net.pages.set(urls.crl, ca.makeCrl(other, { entries: [], ...foreign }));
  await sweep();
  expect(state('4a01').revocation).toBe('good');
  world.clock.advance(3 * DAY);
  const { confirmedAt } = state('4a01');
  expect(await sweep()).toMatchObject({ refused: 1 });
  expect(state('4a01')).toMatchObject({ revocation: 'good', confirmedAt });
  world.clock.advance(HOUR);
  net.pages.set(urls.crl, list(world, [entry('4a01')]));
  expect(await sweep()).toMatchObject({ refused: 0, fresh: 1 });
  expect(state('4a01').revocation).toBe('revoked');
});

test.each(['whole', 'lost'])(
  'a CA whose hold a signer of its root released who is rejected since is on hold again, its list being %s, until the root speaks',
  async (how) => {
    const made = await office(['4a01']);
    const { world, ctx, net, state } = made;
    const signer = ca.makeIntermediate(root, {
      ...life,
      key: ca.makeKey('p256'),
      subject: [
        [ca.OID.CN, 'Root CA Uji G1'],
        [ca.OID.O, ca.TEST_ORGANIZATION],
        [ca.OID.C, 'ID'],
      ],
      extensions: { keyUsage: ['cRLSign'] },
    });
    await certificates.importFile(ctx, { name: 'penanda-akar.cer', bytes: signer.certificate });
    let number = 10;
    const swept = async () => {
      world.clock.advance(HOUR);
      net.pages.set(urls.crl, list(world));
      await made.sweep();
      await certificates.runChains(ctx);
      return state('4a01').label;
    };
    const published = (by: ca.Authority, entries: ca.RevokedEntry[]) => {
      const times = { thisUpdate: world.clock.at, nextUpdate: world.clock.at + 180 * DAY };
      net.pages.set(urls.rootCrl, ca.makeCrl(by, { entries, number: ++number, ...times }));
      return swept();
    };
    const held = entry(readCertificate(issuer.certificate).serial, { reason: 6 });
    expect(await published(root, [held])).toBe('ca_revoked');
    expect(await published(signer, [])).toBe('valid');
    if (how === 'lost') lose(made, root, 0);
    const { fingerprint } = readCertificate(signer.certificate);
    const { id } = certificates.authorities(ctx).find((a) => a.fingerprint === fingerprint)!;
    certificates.decideTrust(world.person('administrator'), id, { decision: 'reject', note: 'Kuncinya dicuri' });
    expect(await swept()).toBe('ca_revoked');
    // Nothing is done twice, and the list of the rejected signer releases nobody again.
    const heldOnce = connection(world.db)
      .prepare("select count(*) from audit_entry where action = 'authority.held'")
      .pluck();
    const before = heldOnce.get();
    expect(await swept()).toBe('ca_revoked');
    expect(heldOnce.get()).toBe(before);
    expect(await published(root, [])).toBe('valid');
    expect(await swept()).toBe('valid');
  },
);

test('a signer that is believed again speaks again', async () => {
  const made = await withSigner(['4a01']);
  const { net, sweep, state, later, foreign, reject, world, ctx } = made;
  net.pages.set(urls.crl, foreign());
  await sweep();
  reject();
  await later();
  expect(state('4a01').revocation).toBe('undetermined');
  const authority = certificates.authorities(ctx).find((a) => a.trust === 'rejected')!;
  certificates.decideTrust(world.person('administrator'), authority.id, {
    decision: 'accept',
    // It signs lists alone.
    despite: true,
    fingerprint: authority.fingerprint,
    note: 'Keliru',
  });
  await later();
  expect(state('4a01').revocation).toBe('good');
  expect(await differences(made)).toEqual([]);
});
