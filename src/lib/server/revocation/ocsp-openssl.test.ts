// Answers that OpenSSL made: the negative set of RFC 6960 as files, and a responder of `openssl ocsp` asked over real
// sockets while its CA revokes, holds, takes back, and the responder dies and comes back.
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { DELEGATE, freePort, OpensslCa, type Issued } from '#tests/support/openssl-ca.ts';
import { makeWorld } from '#tests/support/world.ts';
import { HOUR, MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { connection } from '../db/index.ts';
import { outbound } from '../outbound/index.ts';
import * as settings from '../settings/index.ts';
import { readCertificate } from '../x509/index.ts';
import * as revocation from './index.ts';
import { readResponse } from './ocsp.ts';
import { acceptOcsp, type OcspQuestion } from './ocsp-acceptance.ts';
import { buildRequest } from './ocsp-request.ts';

const ca = new OpensslCa();
afterAll(() => ca.close());
const delegate = ca.issue('delegate', { serial: '4AF0', extensions: DELEGATE, endsInDays: 50 });
const sibling = ca.authority('sibling', '1002');
const stranger = ca.selfSigned('stranger', 'CA ASING');

const later = (ms: number) => new Promise((done) => setTimeout(done, ms));

describe('answers made by openssl ocsp (the negative set of certificate-status §11)', () => {
  const holder = ca.issue('holder', { serial: '4A00', extensions: 'keyUsage=critical,nonRepudiation' });
  const issuer = readCertificate(ca.issuing.certificate);
  const asked = { serial: '4a00', issuer };
  const nonce = Buffer.alloc(32, 5);
  const request = buildRequest(asked, nonce);
  const judge = (bytes: Buffer, extra: Partial<OcspQuestion> = {}) =>
    acceptOcsp({
      response: readResponse(bytes),
      asked,
      certificate: holder.certificate,
      nonce,
      delegateListed: () => null,
      known: null,
      now: Date.now(),
      maxAgeHours: 24,
      ...extra,
    });
  const code = (bytes: Buffer, extra: Partial<OcspQuestion> = {}) => {
    const verdict = judge(bytes, extra);
    return verdict.accepted ? verdict.answer.status : verdict.code;
  };
  const delegateOf = (name: string, serial: string, more: Partial<Parameters<OpensslCa['issue']>[1]> = {}): Issued =>
    ca.issue(name, { serial, extensions: DELEGATE, ...more });

  test('the good ones: the delegate and the CA itself, by name and by key, our nonce returned', () => {
    expect(judge(ca.answer(request, delegate))).toMatchObject({
      accepted: true,
      answer: { status: 'good' },
      remarks: ['live_answer'],
    });
    expect(code(ca.answer(request, delegate, ['-resp_key_id']))).toBe('good');
    expect(code(ca.answer(request, ca.issuing))).toBe('good');
    expect(code(ca.answer(request, ca.issuing, ['-resp_no_certs']))).toBe('good');
    expect(code(ca.answer(buildRequest(asked, nonce, 'sha256'), delegate))).toBe('good');
    const proof = (days: number) => ca.answer(request, delegate, ['-ndays', String(days)]);
    expect(code(proof(2), { now: Date.now() + 47 * HOUR })).toBe('good');
    expect(code(proof(2), { now: Date.now() + 49 * HOUR })).toBe('expired');
  });

  test.each([
    ['a wrong signer', () => stranger, 'responder_unauthorised'],
    [
      'a delegate of another CA below the same root',
      () => delegateOf('siblings', '5001', { by: 'sibling' }),
      'responder_unauthorised',
    ],
    ['the other CA itself', () => sibling, 'responder_unauthorised'],
    [
      'a certificate of ours without the EKU',
      () => delegateOf('plain', '4AF1', { extensions: 'keyUsage=digitalSignature' }),
      'responder_unauthorised',
    ],
    [
      'a delegate for TLS',
      () => delegateOf('tls', '4AF2', { extensions: 'extendedKeyUsage=serverAuth' }),
      'responder_unauthorised',
    ],
    [
      'a delegate whose time is over',
      () => delegateOf('old', '4AF3', { startsInDays: -20, endsInDays: -1 }),
      'delegate_expired',
    ],
    [
      'a delegate without no-check',
      () => delegateOf('unsure', '4AF4', { extensions: 'extendedKeyUsage=OCSPSigning' }),
      'delegate_unchecked',
    ],
  ] as [string, () => Issued, string][])('%s', (_, make, expected) => {
    const signer = make();
    expect(code(ca.answer(request, signer))).toBe(expected);
    expect(code(ca.answer(request, signer, ['-resp_key_id']))).toBe(expected);
  });

  test('another nonce, another certificate, an answer from the future, one that is cut or changed', () => {
    expect(code(ca.answer(buildRequest(asked, Buffer.alloc(32, 6)), delegate))).toBe('nonce_mismatch');
    expect(code(ca.answer(buildRequest(asked, null), delegate))).toBe('good');
    expect(code(ca.answer(buildRequest({ serial: '4af0', issuer }, nonce), delegate))).toBe('not_about_this');
    const good = ca.answer(request, delegate);
    expect(code(good, { now: Date.now() - 6 * MINUTE })).toBe('from_future');
    const changed = Buffer.from(good);
    changed[changed.lastIndexOf(Buffer.from('4a00', 'hex')) + 1]! ^= 1;
    expect(['bad_signature', 'not_about_this']).toContain(code(changed));
    expect(() => readResponse(good.subarray(0, -1))).toThrow();
  });

  test('a replay of what was said before the revocation', async () => {
    const victim = ca.issue('victim', { serial: '4A0F', extensions: 'keyUsage=critical,nonRepudiation' });
    const own = { asked: { serial: '4a0f', issuer }, certificate: victim.certificate };
    const question = buildRequest(own.asked, nonce);
    const before = ca.answer(question, delegate);
    await later(1100);
    ca.revoke(victim, 'keyCompromise');
    const now = judge(ca.answer(question, delegate), own);
    expect(now).toMatchObject({ answer: { status: 'revoked', reason: 1 } });
    expect(code(before, own)).toBe('good');
    expect(code(before, { ...own, known: now.accepted ? now.answer : null })).toBe('older_than_known');
  });

  test('held, never issued and unknown', () => {
    const held = ca.issue('held', { serial: '4A0E', extensions: 'keyUsage=nonRepudiation' });
    const about = (serial: string, certificate: Buffer | null = null) =>
      code(ca.answer(buildRequest({ serial, issuer }, nonce), delegate), { asked: { serial, issuer }, certificate });
    ca.revoke(held, 'certificateHold');
    expect(about('4a0e', held.certificate)).toBe('on_hold');
    expect(about('4b99')).toBe('unknown');
    ca.edit((rows) => [...rows, 'R\t300101000000Z\t700101000000Z,certificateHold\t4B98\tunknown\t/CN=x']);
    expect(about('4b98')).toBe('non_issued');
  });

  test('an unsigned refusal of the responder', () => {
    // What openssl answers to a request it cannot read, and the other statuses of the same form.
    expect(code(Buffer.from('30030a0101', 'hex'))).toBe('ocsp_malformed_request');
    expect(code(Buffer.from('30030a0103', 'hex'))).toBe('ocsp_try_later');
    expect(code(Buffer.from('30030a0106', 'hex'))).toBe('ocsp_unauthorized');
  });
});

describe('a responder of openssl over real sockets', () => {
  /** An office that trusts the root and may reach the responder; holders name it and no CRL. */
  async function office(port: number, names: readonly string[], serial: number) {
    const world = makeWorld(Date.now());
    const admin = world.person('administrator');
    const handler = world.person('handler');
    const put = (who: Issued) =>
      certificates.importFile(world.ctx(), { name: `${who.name}.cer`, bytes: who.certificate });
    await put(ca.root);
    await put(ca.issuing);
    const [anchor] = certificates.authorities(world.ctx()).filter((one) => one.selfSigned);
    certificates.decideTrust(admin, anchor!.id, {
      decision: 'accept',
      fingerprint: anchor!.fingerprint,
      note: 'Dibandingkan dengan berkas CA uji',
    });
    const extensions = `keyUsage=critical,nonRepudiation\nauthorityInfoAccess=OCSP;URI:http://127.0.0.1:${port}`;
    const holders = names.map((name, i) =>
      ca.issue(name, { serial: (serial + i).toString(16).toUpperCase(), extensions }),
    );
    for (const holder of holders) await put(holder);
    await certificates.runChains(world.ctx());
    settings.set(admin, 'outboundAllow', [{ host: '127.0.0.1', port, why: 'CA uji', until: '' }], { source: 'uji' });
    const idOf = ({ serial }: Issued) =>
      connection(world.db)
        .prepare('select id from certificate where serial = ?')
        .pluck()
        .get(serial.toLowerCase()) as string;
    const seconds = () => void (world.clock.at = Date.now());
    const designate = async (responder: Issued) => {
      await put(responder);
      const [of, by] = [ca.issuing, responder].map(({ certificate }) => readCertificate(certificate).fingerprint);
      const row = { issuer: of!, responder: by!, why: 'Diminta penerbit tertulis', until: '' };
      settings.set(admin, 'ocspResponders', [row], { source: 'uji' });
    };
    return {
      world,
      holders,
      designate,
      state: (who: Issued) => certificates.get(world.ctx(), idOf(who)),
      check: (who: Issued) => (seconds(), revocation.checkNow(handler, idOf(who), { outbound })),
      sweep: () => (seconds(), revocation.sweep(world.ctx(), { outbound, force: true })),
      signals: () => revocation.signals(world.ctx()).map(({ kind }) => kind),
    };
  }

  test('revoked, held, released, taken back, dead, forged, back again: only what is verified moves a status', async () => {
    const port = await freePort();
    const names = ['Andi', 'Budi', 'Citra', 'Dewi'];
    const { holders, state, check, sweep, signals, designate } = await office(port, names, 0x4c01);
    const [andi, budi, citra, dewi] = holders as [Issued, Issued, Issued, Issued];
    const serving: { stop: (() => Promise<void>) | null } = { stop: null };
    const serve = async (by: Issued) => void (serving.stop = await ca.serve(by, port));
    const stop = async () => (await serving.stop?.(), void (serving.stop = null));
    onTestFinished(stop);

    // Nobody listens yet.
    expect(await sweep()).toMatchObject({ changed: 0 });
    expect(state(andi).label).toBe('never_checked');

    await serve(delegate);
    expect(await check(andi)).toMatchObject({ outcome: 'changed', text: 'Status berubah: Berlaku.' });
    for (const one of [budi, citra, dewi]) await check(one);
    for (const one of holders) expect(state(one)).toMatchObject({ label: 'valid', revocationSource: 'ocsp' });

    await later(1100);
    ca.revoke(budi, 'keyCompromise');
    ca.revoke(citra, 'certificateHold');
    await ca.wake(port);
    await check(budi);
    await check(citra);
    expect(state(budi)).toMatchObject({ label: 'revoked', revocationReason: 1 });
    expect(Math.abs(state(budi).revokedAt! - Date.now())).toBeLessThan(MINUTE);
    expect(state(citra)).toMatchObject({ label: 'on_hold', revocationReason: 6 });

    // The hold is lifted; that a revocation is taken back is no way back.
    await later(1100);
    ca.reinstate(citra);
    ca.reinstate(budi);
    await ca.wake(port);
    await check(citra);
    await check(budi);
    expect(state(citra)).toMatchObject({ revocation: 'released', label: 'valid' });
    expect(state(budi)).toMatchObject({ label: 'revoked', revocationReason: 1 });
    expect(signals()).toContain('conflict');

    // A dead port changes nothing, whatever the CA did meanwhile.
    await stop();
    ca.revoke(dewi, 'superseded');
    expect(await check(dewi)).toMatchObject({ outcome: 'failed' });
    expect(state(dewi).label).toBe('valid');

    // Somebody else answers on the same port: a delegate of another CA below the same root, then a stranger.
    for (const impostor of [ca.issue('impostor', { serial: '5002', by: 'sibling', extensions: DELEGATE }), stranger]) {
      await serve(impostor);
      expect(await check(dewi)).toMatchObject({ outcome: 'failed' });
      expect(await check(budi)).toMatchObject({ outcome: 'failed' });
      await stop();
      expect(state(dewi).label).toBe('valid');
      expect(state(budi).label).toBe('revoked');
    }

    // Unless the office itself lets it answer for this CA.
    await designate(stranger);
    await serve(stranger);
    expect(await check(andi)).toMatchObject({ outcome: 'confirmed' });
    await stop();

    await serve(delegate);
    expect(await check(dewi)).toMatchObject({ outcome: 'changed' });
    expect(state(dewi)).toMatchObject({ label: 'revoked', revocationReason: 4 });
    expect(await check(andi)).toMatchObject({ outcome: 'confirmed' });
  }, 60_000);

  test('a sweep asks about all at once, in a form that caches may answer', async () => {
    const port = await freePort();
    const { holders, state, sweep } = await office(port, ['Eka', 'Fajar', 'Gita'], 0x4d01);
    const stop = await ca.serve(delegate, port);
    onTestFinished(stop);
    ca.revoke(holders[1]!, 'cessationOfOperation');
    await ca.wake(port);
    expect(await sweep()).toMatchObject({ questions: 3, changed: 3, revoked: 1 });
    expect(holders.map((one) => state(one).label)).toEqual(['valid', 'revoked', 'valid']);
    expect(await sweep()).toMatchObject({ questions: 0 });
  }, 60_000);
});
