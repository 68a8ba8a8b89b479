// What a responder says it never issued is kept as on hold and nowhere called so: nobody held it, and 1970 is no date
// (certificate-status §5 no. 8, RFC 6960 §2.2).
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { changeWords } from '../../../routes/(app)/sources/change-words.ts';
import { historyOf } from '../../../routes/(app)/certificates/[id]/history.ts';
import { lookOf } from '../../../routes/(app)/certificates/[id]/revocation-looks.ts';
import { exportColumns } from '../certificates/export.ts';
import { inWords } from '../../../bin/status/text.ts';
import { isNeverIssued, saidOf } from '#lib/status-words.ts';
import { issuer, office, root } from '#tests/support/revocation-office.ts';
import { makeWorld } from '#tests/support/world.ts';
import * as audit from '../audit/index.ts';
import { HOUR } from '../calendar.ts';
import { readCertificate } from '../x509/index.ts';
import * as certificates from '../certificates/index.ts';
import { isNeverIssuedSql } from '../certificates/label-sql.ts';
import { connection } from '../db/index.ts';
import { judgeFiles } from './from-files.ts';
import { incidentStory } from './incident-story.ts';
import * as revocation from './index.ts';

const WORD = 'Tidak pernah diterbitkan CA';
const HELD = /ditangguhkan|penangguhan|1970/i;

const NEVER = { revokedAt: 0, reason: 6 } as const;
function answered(at: number, status: ca.OcspAnswer['status'] = NEVER): Buffer {
  const thisUpdate = Math.floor(at / 1000) * 1000 - 1000;
  const answers = [{ id: ca.certId(issuer, '4a01'), status, thisUpdate, nextUpdate: thisUpdate + 8 * HOUR }];
  return ca.makeOcspResponse(issuer, { answers, producedAt: thisUpdate, certificates: [] });
}

async function denied() {
  const made = await office(['4a01']);
  await made.sweep();
  const bytes = answered(made.world.clock.at);
  const verifier = made.world.person('verifier');
  await revocation.addEvidence(verifier, { name: 'jawaban.ors', bytes });
  return { ...made, bytes, verifier, row: certificates.get(made.ctx, made.ids[0]!) };
}

test('the signal of it, alone and in the list, says neither held nor since when', async () => {
  const { verifier } = await denied();
  const list = revocation.signalList(verifier, { state: 'open' });
  expect(list.rows.map(({ kind, revoked }) => [kind, revoked])).toEqual([['non_issued', []]]);
  const signal = revocation.signal(verifier, list.rows[0]!.id);
  expect(signal.status).toBe('tidak pernah diterbitkan CA');
  expect(signal.story.why).toContain(WORD);
  expect(JSON.stringify([list.rows[0]!.story, signal.story, signal.question])).not.toMatch(HELD);
});

test('a certificate that its CA never issued is called so wherever its status is said', async () => {
  const { ctx, ids, row, verifier, world } = await denied();
  expect(row.label).toBe('on_hold');
  expect(row.status).toMatchObject({ word: WORD });
  const explained = revocation.explain(verifier, ids[0]!);
  const known = revocation.knownAt(verifier, ids[0]!, ctx.now());
  expect(known.word).toBe(WORD);
  expect(explained.facets[0]).toMatchObject({ word: WORD, icon: 'shield-x' });
  expect(lookOf(explained.episodes.at(-1)!)).toMatchObject({ text: WORD, icon: 'shield-x' });
  const event = row.events.find(({ to }) => to === 'on_hold')!;
  const history = historyOf({ ...row, holderName: null, removals: [] }, world.clock.at);
  const [listed] = certificates.list(ctx, {}).rows;
  const cells = exportColumns(null).map(({ value }) => value(listed!));
  expect(cells).toContain(WORD);
  expect(cells).not.toContain(0);
  const trail = audit.list(world.person('auditor'), { target: ['certificate', ids[0]!] }, (key) => key);
  const said = [
    row.status,
    explained.basis,
    explained.facets,
    changeWords(event),
    history,
    incidentStory(verifier, ids[0]!).text,
    trail.map(({ sentence }) => sentence),
  ];
  for (const each of said) {
    expect(JSON.stringify(each)).toMatch(/tidak pernah (di)?terbit|tidak pernah menerbitkan/i);
    expect(JSON.stringify(each)).not.toMatch(HELD);
  }
});

test('from files it is refused and called so', async () => {
  const { bytes, row, ctx, world } = await denied();
  const [leaf, middle, top] = [certificates.der(ctx, row.fingerprint!), issuer.certificate, root.certificate];
  const at = world.clock.at;
  const verdict = judgeFiles({
    leaf: readCertificate(leaf!),
    anchors: [readCertificate(top)],
    intermediates: [readCertificate(middle)],
    ocsps: [bytes],
    at,
  });
  expect(verdict).toMatchObject({ decision: 'rejected', outcome: 'revoked' });
  expect(verdict.explanations).toContainEqual(expect.objectContaining({ code: 'never_issued' }));
  const text = inWords({ subject: 'ORANG', at, verdict });
  expect(text).toContain(WORD);
  expect(text).not.toMatch(HELD);
});

test('it is told once, however often the responder says so, ends when it knows it, and is told again when it says so anew', async () => {
  const { ctx, world, verifier } = await denied();
  const later = async (status?: 'good') => {
    world.clock.advance(HOUR);
    await revocation.addEvidence(verifier, { name: 'jawaban.ors', bytes: answered(world.clock.at, status) });
    return revocation.signals(ctx).filter(({ kind }) => kind === 'non_issued').length;
  };
  for (const _ of [1, 2, 3]) expect(await later()).toBe(1);
  expect(await later('good')).toBe(0);
  expect(await later()).toBe(1);
});

test('rows of a query are told apart as a single one is', () => {
  const told = connection(makeWorld().db)
    .prepare(`select ${isNeverIssuedSql('c')} from (select ? as revocation, ? as revocation_source, ? as revoked_at) c`)
    .pluck();
  for (const revocation of ['on_hold', 'revoked', 'good'])
    for (const revocationSource of ['ocsp', 'crl', null])
      for (const revokedAt of [0, 1, null])
        expect(told.get(revocation, revocationSource, revokedAt)).toBe(
          Number(isNeverIssued(saidOf({ revocation, revocationSource, revokedAt }))),
        );
});
