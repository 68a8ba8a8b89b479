import { expect, test } from 'vitest';
import { list, office, root, urls } from '#tests/support/revocation-office.ts';
import { NOW } from '#tests/support/world.ts';
import * as ca from '../../../bin/demo/ca.ts';
import { DAY, HOUR } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import * as settings from '../settings/index.ts';
import { explain, knownAt, tasks } from './index.ts';

type Office = Awaited<ReturnType<typeof office>>;
let numbers = 10;
const rootList = (at: number, extra: Partial<ca.CrlRequest> = {}) =>
  ca.makeCrl(root, { entries: [], number: ++numbers, thisUpdate: at - 1000, nextUpdate: at + 30 * DAY, ...extra });

/** What is said of a certificate, in the label, the list's counts and the facets of its page. */
function said({ ctx, state, ids }: Office) {
  const { label } = state('4a01');
  expect(certificates.counts(ctx)[label]).toBe(1);
  return { label, issuer: explain(ctx, ids[0]!).facets.find(({ name }) => name === 'Pencabutan penerbit') };
}

/** Sweeps with a new list of the CA itself, so that the certificate's own evidence is always fresh. */
async function later(made: Office, ms: number) {
  made.world.clock.advance(ms);
  made.net.pages.set(urls.crl, list(made.world));
  await made.sweep();
}

test('while no list ever spoke about its CA, a certificate is to be checked again; the page, the counts and the work say why', async () => {
  const made = await office(['4a01']);
  made.net.pages.delete(urls.rootCrl);
  await later(made, HOUR);
  const silent = said(made);
  expect(silent).toMatchObject({ label: 'stale', issuer: { word: 'Belum diketahui', tone: 'warn' } });
  expect(made.state('4a01').status.sentence).toContain('penerbitnya tidak dicabut');
  expect(explain(made.ctx, made.ids[0]!).basis).toMatchObject({ clause: 'RFC 5280 §6.1.3 (a)(3)' });
  expect(
    tasks(made.world.person('supervisor'))
      .map(({ about }) => about)
      .join(),
  ).toContain('1 sertifikat');

  made.net.pages.set(urls.rootCrl, rootList(made.world.clock.at));
  await later(made, HOUR);
  expect(said(made)).toMatchObject({ label: 'valid', issuer: { word: 'Tidak dicabut', tone: 'ok' } });
  expect(tasks(made.world.person('supervisor'))).toEqual([]);

  made.net.pages.delete(urls.rootCrl);
  await later(made, 31 * DAY);
  expect(said(made)).toMatchObject({ label: 'stale', issuer: { word: 'Basi' } });
});

test('a confirmed list of the root stays fresh until its nextUpdate, however long that is', async () => {
  const made = await office(['4a01']);
  await made.sweep();
  made.net.pages.delete(urls.rootCrl);
  await later(made, 179 * DAY);
  expect(said(made).label).toBe('valid');
});

test('what was known of the CA on a day is told of that day', async () => {
  const made = await office(['4a01']);
  const known = (at: number) => knownAt(made.ctx, made.ids[0]!, at).label;
  made.net.pages.delete(urls.rootCrl);
  await later(made, HOUR);
  const silent = made.world.clock.at;
  made.net.pages.set(urls.rootCrl, rootList(made.world.clock.at));
  await later(made, HOUR);
  const heard = made.world.clock.at;
  made.net.pages.set(urls.rootCrl, rootList(made.world.clock.at + 20 * DAY));
  await later(made, 20 * DAY);
  expect([silent, heard, made.world.clock.at].map(known)).toEqual(['stale', 'valid', 'valid']);
});

test('a list of the root that is not about CA certificates says nothing of the CA', async () => {
  const made = await office(['4a01']);
  made.net.pages.set(urls.rootCrl, rootList(NOW, { scope: { onlyUser: true } }));
  await later(made, HOUR);
  expect(said(made).label).toBe('stale');
  expect(tasks(made.world.person('supervisor'))).toMatchObject([
    { title: 'Pastikan penerbit tidak dicabut', about: expect.stringContaining('1 sertifikat') as string },
  ]);
});

test('the office may look at the evidence of the certificate alone; the page still tells of the issuer', async () => {
  const made = await office(['4a01']);
  made.net.pages.delete(urls.rootCrl);
  await later(made, HOUR);
  const administrator = made.world.person('administrator');
  const hours = settings.get(administrator, 'freshness');
  settings.set(administrator, 'freshness', { ...hours, issuers: false }, { source: 'Kebijakan Dinas' });
  expect(said(made)).toMatchObject({ label: 'valid', issuer: { word: 'Belum diketahui' } });
});
