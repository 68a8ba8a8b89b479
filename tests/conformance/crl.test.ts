// An independent examination of the CRL engine: public suites (../shared/vectors beside the checkout), each with the
// outcome its authors expect. Runs only where the vectors are; prints one score line a set.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { acceptCrl } from '#lib/server/revocation/crl-acceptance.ts';
import { cross, readCrl, type Crl } from '#lib/server/revocation/crl.ts';
import { judgeFiles, type FilesRequest } from '#lib/server/revocation/from-files.ts';
import { CertificateError, DerError, LENIENT, readCertificate, type CertificateView } from '#lib/server/x509/index.ts';
import { revocationReasons } from '#lib/terms.ts';

const vectors = path.resolve(import.meta.dirname, '../../../shared/vectors');
const remembered = new Map<string, Buffer>();
/** The same bytes are the same object, as for a caller who reads each file once. */
function bytesOf(...parts: string[]): Buffer {
  const file = path.join(vectors, ...parts);
  const known = remembered.get(file) ?? unarmoured(readFileSync(file));
  remembered.set(file, known);
  return known;
}
const unarmoured = (bytes: Buffer): Buffer => {
  const armour = /-----BEGIN [A-Z0-9 ]+-----([\s\S]*?)-----END/.exec(bytes.toString('latin1'));
  return armour ? Buffer.from(armour[1]!, 'base64') : bytes;
};
const json = <T>(...parts: string[]): T => JSON.parse(readFileSync(path.join(vectors, ...parts), 'utf8')) as T;
const score = (set: string, all: number, misses: readonly string[]) =>
  console.log(`${set}: ${all - misses.length}/${all}${misses.length ? ` · beda: ${misses.join('; ')}` : ''}`);

describe.skipIf(!existsSync(vectors))('public CRL suites', () => {
  test('pkits-2011: decision, outcome and reason of every test about revocation', () => {
    type Test = {
      id: string;
      expected: 'valid' | 'invalid';
      revocationRelevant: boolean;
      revocationOutcome?: string;
      revocation?: { cert: string; reason?: string }[];
      trustAnchor: string;
      endEntity: string;
      otherCerts: string[];
      crls: string[];
    };
    const { tests, validationTime } = json<{ tests: Test[]; validationTime: string }>('pkits-2011/expectations.json');
    const certificate = (name: string) => readCertificate(bytesOf('pkits-2011/certs', name));
    const ours = tests.filter(({ revocationRelevant }) => revocationRelevant);
    const misses = ours.flatMap((one) => {
      const verdict = judgeFiles({
        leaf: certificate(one.endEntity),
        anchors: [certificate(one.trustAnchor)],
        intermediates: one.otherCerts.map(certificate),
        crls: one.crls.map((name) => bytesOf('pkits-2011/crls', name)),
        at: Date.parse(validationTime),
      });
      const wrong = [
        (verdict.decision === 'accepted') === (one.expected === 'valid') ? '' : verdict.decision,
        // "n/a": the path fails for another reason.
        one.revocationOutcome === 'n/a' || verdict.outcome === one.revocationOutcome ? '' : verdict.outcome,
      ].filter(Boolean);
      return wrong.length ? [`${one.id} ${wrong.join(' ')}`] : [];
    });
    score('pkits-2011 4.4, 4.5, 4.7, 4.14, 4.15', ours.length, misses);
    expect(ours.length).toBe(79);
    expect(misses).toEqual([]);
  });

  test('boringssl-crl: good, revoked or unknown', () => {
    type Case = { name: string; crl: string; cert: string; issuer: string; expected: string } & {
      issuerOfIssuerKeyRollover?: string;
    };
    const set = json<{ validationTime: string; maxAgeSeconds: number; cases: Case[] }>(
      'boringssl-crl/expectations.json',
    );
    const misses = set.cases.flatMap((one) => {
      const read = (file: string) => readCertificate(bytesOf('boringssl-crl', file));
      const chain = [one.issuer, one.issuerOfIssuerKeyRollover].flatMap((file) => (file ? [read(file)] : []));
      const { revocation } = judgeFiles({
        leaf: read(one.cert),
        // The suite takes the whole chain for granted.
        anchors: chain,
        crls: [bytesOf('boringssl-crl', one.crl)],
        at: Date.parse(set.validationTime),
        maxAge: set.maxAgeSeconds * 1000,
        // Keys of 1024 bits.
        allowWeak: true,
      });
      const said = known(revocation.status);
      return said === one.expected ? [] : [`${one.name} ${said}`];
    });
    score('boringssl-crl', set.cases.length, misses);
    expect(misses).toEqual([]);
  });

  test('limbo crl::', () => {
    type Case = {
      id: string;
      expected_result: 'SUCCESS' | 'FAILURE';
      peer_certificate: string;
      trusted_certs: string[];
      untrusted_intermediates: string[];
      crls: string[];
      validation_time: string;
    };
    const { testcases } = json<{ testcases: Case[] }>('limbo/limbo.json');
    const cases = testcases.filter(({ id }) => id.startsWith('crl::'));
    const misses = cases.flatMap((one) => {
      const read = (texts: string[]) => texts.map((text) => unarmoured(Buffer.from(text)));
      const { decision } = judgeFiles({
        leaf: readCertificate(read([one.peer_certificate])[0]!),
        anchors: read(one.trusted_certs).map(readCertificate),
        intermediates: read(one.untrusted_intermediates).map(readCertificate),
        crls: read(one.crls),
        at: Date.parse(one.validation_time),
      });
      return (decision === 'accepted') === (one.expected_result === 'SUCCESS') ? [] : [`${one.id} ${decision}`];
    });
    score('limbo crl::', cases.length, misses);
    // It wants a list without CRLNumber refused; every other suite, and real CAs, contradict (certificate-status §11).
    expect(misses).toEqual(['crl::crlnumber-missing accepted']);
  });

  test('crl-lint: odd lists of the field are read to the same facts, and nothing of a stranger is believed', () => {
    type Facts = {
      issuer: string;
      thisUpdate: string;
      nextUpdate: string | null;
      entries?: number;
      sigAlgOid: string;
      extensionOids?: string[];
      crlNumber?: number | null;
      baseCrlNumber?: number | null;
      firstEntries?: [string, string, string | null][];
    };
    const { files } = json<{ files: { file: string; facts: Facts | null }[] }>('crl-lint/expectations.json');
    const misses = files.flatMap(({ file, facts }) => {
      const crl = readCrl(bytesOf('crl-lint', file));
      const wrong = facts ? differences(crl, facts) : [];
      const stranger = acceptCrl({
        crl,
        crossing: cross(crl, new Set()),
        signers: [],
        anchored: () => true,
        known: null,
        now: crl.thisUpdate.ms,
      });
      if (stranger.accepted) wrong.push('believed');
      return wrong.length ? [`${file}: ${wrong.join(', ')}`] : [];
    });
    score('crl-lint', files.length, misses);
    expect(misses).toEqual([]);

    function differences(crl: Crl, facts: Facts): string[] {
      const iso = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z');
      const decimal = (hex: string | null) => (hex === null ? null : Number(BigInt(`0x${hex}`)));
      const wanted = (facts.firstEntries ?? []).map(([serial]) => serial);
      const { count, found } = cross(crl, new Set(wanted));
      const ours = {
        issuer: crl.issuer.text,
        thisUpdate: iso(crl.thisUpdate.ms),
        nextUpdate: crl.nextUpdate && iso(crl.nextUpdate.ms),
        entries: count,
        sigAlgOid: crl.algorithm.oid,
        extensionOids: crl.extensions,
        crlNumber: decimal(crl.number),
        baseCrlNumber: decimal(crl.deltaOf),
        firstEntries: wanted.map((serial) => {
          const entry = found.get(serial)?.[0];
          const reason = entry?.reason ?? null;
          return entry && [serial, iso(entry.revokedAt), reason === null ? null : revocationReasons[reason]?.rfc];
        }),
      };
      const theirs = { ...facts, extensionOids: facts.extensionOids?.map((oid) => oid.replace('!', '')) };
      return Object.entries(ours).flatMap(([name, value]) => {
        const other = theirs[name as keyof typeof ours];
        // The oracle leaves out what it could not read.
        if (other === undefined) return [];
        return JSON.stringify(value) === JSON.stringify(other) ? [] : [`${name} ${JSON.stringify(value)}`];
      });
    }
  });

  test('fuzz-corpora/openssl-crl: no crash, no hang, nothing believed, no less read than by the strict reader', () => {
    type Input = { id: string; b64: string; pyca48: boolean; openssl30: boolean };
    const inputs = readFileSync(path.join(vectors, 'fuzz-corpora/openssl-crl.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Input);
    const pkits = (name: string) => readCertificate(bytesOf('pkits-2011/certs', name));
    const world: Omit<FilesRequest, 'crls'> = {
      leaf: pkits('ValidCertificatePathTest1EE.crt'),
      anchors: [pkits('TrustAnchorRootCertificate.crt')],
      intermediates: [pkits('GoodCACert.crt')],
      at: Date.UTC(2014, 4, 13),
      allowWeak: true,
    };
    const misses = inputs.flatMap(({ id, b64, pyca48 }) => {
      const bytes = Buffer.from(b64, 'base64');
      const began = performance.now();
      const crl = readQuietly(bytes);
      const believed = crl && selfSigned(crl);
      const { outcome } = judgeFiles({ ...world, crls: [bytes] });
      const wrong = [
        performance.now() - began > 1000 && 'slow',
        believed && 'believed',
        outcome !== 'undetermined' && outcome,
        pyca48 && !crl && 'unreadable',
      ].filter(Boolean);
      return wrong.length ? [`${id} ${wrong.join(' ')}`] : [];
    });
    score('fuzz-corpora/openssl-crl', inputs.length, misses);
    expect(misses).toEqual([]);
  });
});

const known = (status: string): string =>
  status === 'good' || status === 'released' ? 'good' : ['revoked', 'on_hold'].includes(status) ? 'revoked' : 'unknown';

/** Nothing but DerError may come out of the reader. */
function readQuietly(bytes: Buffer): Crl | null {
  try {
    const crl = readCrl(bytes);
    cross(crl, new Set(['1', '2']));
    return crl;
  } catch (error) {
    expect(error).toBeInstanceOf(DerError);
    expect(error).not.toBeInstanceOf(CertificateError);
    return null;
  }
}

/** Whether some CA of ours is taken for the signer of a list that it never made. */
function selfSigned(crl: Crl): boolean {
  const ca: CertificateView = readCertificate(bytesOf('pkits-2011/certs/GoodCACert.crt'));
  const impostor = { ...ca, subject: crl.issuer, ski: crl.keyId };
  const crossing = cross(crl, new Set());
  const now = crl.thisUpdate.ms;
  return acceptCrl({ crl, crossing, signers: [impostor], anchored: () => true, known: null, now, algorithms: LENIENT })
    .accepted;
}
