// Who says what when a responder and a list contradict each other (certificate-status §6): true in the story, in the
// evidence and in the letter to the CA, whichever of the two revokes.
import { expect, test } from 'vitest';
import { signalKinds } from '#lib/terms.ts';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, list, office, urls } from '#tests/support/revocation-office.ts';
import { DAY, HOUR } from '../calendar.ts';
import * as revocation from './index.ts';

type Office = Awaited<ReturnType<typeof office>>;
const conflicts = ({ ctx }: Office) => revocation.signals(ctx).filter(({ kind }) => kind === 'conflict');
const told = (made: Office) => revocation.signal(made.world.person('verifier'), conflicts(made)[0]!.id);

/** An answer of the responder, carried by hand. */
const answer = ({ world, ctx }: Office, status: ca.OcspAnswer['status']) => {
  const at = world.clock.at - 1000;
  const answers = [{ id: ca.certId(issuer, '4a01'), status, thisUpdate: at, nextUpdate: at + 90 * DAY }];
  const bytes = ca.makeOcspResponse(issuer, { answers, producedAt: at, certificates: [] });
  return revocation.addEvidence(ctx, { name: 'jawaban.ors', bytes });
};

test('OCSP revokes, dated long ago, and the list is silent: after a cycle, however often OCSP repeats it, one conflict', async () => {
  const made = await office(['4a01']);
  const { world, net, sweep, state } = made;
  await sweep();
  for (let hours = 0; hours <= 50; hours += 10) {
    await answer(made, { revokedAt: world.clock.at - 60 * DAY, reason: 1 });
    net.pages.set(urls.crl, list(world, []));
    await sweep();
    expect([hours, conflicts(made).length]).toEqual([hours, hours > 24 ? 1 : 0]);
    world.clock.advance(10 * HOUR);
  }
  expect(state('4a01').revocation).toBe('revoked');
  const { story, evidence, question } = told(made);
  expect(story.what).toMatch(/^CRL .* tidak mencantumkan .* jawaban OCSP .* mengatakan dicabut/);
  expect(evidence.map(({ kind, role }) => [kind, role])).toEqual(
    expect.arrayContaining([
      ['crl', 'Mengatakan tidak dicabut'],
      ['ocsp', 'Mengatakan dicabut'],
    ]),
  );
  expect(question).toMatch(/CRL nomor .*\(mengatakan tidak dicabut\), SHA-256/);
  expect(question).toMatch(/Jawaban OCSP terbit .*\(mengatakan dicabut\), SHA-256/);
});

test('the list revokes and a newer answer says good: told that way round', async () => {
  const made = await office(['4a01']);
  const { world, net, sweep } = made;
  net.pages.set(urls.crl, list(world, [entry('4a01')]));
  await sweep();
  world.clock.advance(HOUR);
  await answer(made, 'good');
  const { story, evidence } = told(made);
  expect(story.what).toMatch(/^Jawaban OCSP .* mengatakan tidak dicabut, sedangkan CRL yang lebih lama/);
  expect(evidence.map(({ kind, role }) => [kind, role])).toEqual([
    ['ocsp', 'Mengatakan tidak dicabut'],
    ['crl', 'Mengatakan dicabut'],
  ]);
});

test('two answers of the responder that contradict each other are not told as a list and an answer', async () => {
  const made = await office(['4a01']);
  const { world, ctx, sweep } = made;
  await sweep();
  await answer(made, { revokedAt: world.clock.at - HOUR, reason: 1 });
  world.clock.advance(HOUR);
  await answer(made, 'good');
  expect(told(made).story.what).toMatch(/sedangkan jawaban OCSP yang lebih lama/);
  const work = revocation.tasks(ctx).find(({ href }) => href.endsWith(conflicts(made)[0]!.id))!;
  expect(work.title).toBe('Tanyakan ke penerbit: dua jawaban OCSP bertentangan');
  expect(signalKinds.conflict.word).not.toContain('CRL');
});

test('two objects of the same minute are told apart by the second', async () => {
  const made = await office(['4a01']);
  const { world, net, sweep } = made;
  // Begins a minute, so that both fall into it.
  world.clock.at = Math.ceil(world.clock.at / 60_000) * 60_000 + 10_000;
  net.pages.set(urls.crl, list(world, [entry('4a01')], { thisUpdate: world.clock.at - 8000 }));
  await sweep();
  await answer(made, 'good');
  expect(told(made).story.what).toMatch(
    /^Jawaban OCSP terbit .* pukul \d\d\.\d\d\.09 WIB .* CRL yang lebih lama, terbit .* pukul \d\d\.\d\d\.02 WIB,/,
  );
});

test('a responder that does not know what the list gives as good is told once, with a letter, until somebody judged it', async () => {
  const made = await office(['4a01']);
  const { world, ctx, sweep, state, ids } = made;
  await sweep();
  const verifier = world.person('verifier');
  const again = async () => {
    world.clock.advance(HOUR);
    await answer(made, 'unknown');
    return revocation.signals(ctx);
  };
  const [found] = await again();
  expect(found).toMatchObject({ kind: 'lag', certificateId: ids[0], settledAt: null });
  expect((await again()).map(({ id }) => id)).toEqual([found!.id]);
  expect(state('4a01').revocation).toBe('good');
  expect(revocation.explain(verifier, ids[0]!).basis.todo).toContain('tanyakan ke penerbit');
  const { story, question, evidence } = revocation.signal(verifier, found!.id);
  expect(story.what).toContain('tidak mengetahui');
  expect(question).toMatch(/mengapa responder OCSP tidak mengenalnya[^]*berpegang pada CRL/);
  expect(question).not.toContain('perlakukan sebagai dicabut');
  expect(evidence.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['ocsp', 'crl']));
  expect(revocation.tasks(verifier).map(({ title }) => title)).toContain(
    'Tanyakan ke penerbit: OCSP tidak mengenal sertifikat',
  );
  revocation.settleSignal(verifier, found!.id, 'Dijawab penerbit: sedang diperbaiki');
  expect(await again()).toEqual([]);
});

test('a source that merely lags is a note of the record', async () => {
  const made = await office(['4a01']);
  await made.sweep();
  await answer(made, { revokedAt: made.world.clock.at - HOUR, reason: 1 });
  expect(made.state('4a01').revocation).toBe('revoked');
  expect(revocation.signals(made.ctx)).toEqual([]);
});
