// An independent examination of the OCSP engine: public suites (../shared/vectors beside the checkout), each with the
// outcome its authors expect. Runs only where the vectors are; prints one score line a set.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { HOUR, MINUTE } from '#lib/server/calendar.ts';
import { judgeFiles, type FilesRequest } from '#lib/server/revocation/from-files.ts';
import { readResponse, type OcspResponse } from '#lib/server/revocation/ocsp.ts';
import { acceptOcsp } from '#lib/server/revocation/ocsp-acceptance.ts';
import { buildRequest } from '#lib/server/revocation/ocsp-request.ts';
import type { RefusalCode } from '#lib/server/revocation/refusals.ts';
import { DerError, LENIENT, readCertificate, type CertificateView } from '#lib/server/x509/index.ts';

const vectors = path.resolve(import.meta.dirname, '../../../shared/vectors');
const bytesOf = (...parts: string[]): Buffer => {
  const bytes = readFileSync(path.join(vectors, ...parts));
  const armour = /-----BEGIN [A-Z0-9 ]+-----([\s\S]*?)-----END/.exec(bytes.toString('latin1'));
  return armour ? Buffer.from(armour[1]!, 'base64') : bytes;
};
/** Every certificate of a PEM file. */
const certificatesOf = (...parts: string[]): CertificateView[] =>
  readFileSync(path.join(vectors, ...parts), 'latin1')
    .split('-----BEGIN CERTIFICATE-----')
    .slice(1)
    .map((part) => readCertificate(Buffer.from(part.split('-----END')[0]!, 'base64')));
const json = <T>(...parts: string[]): T => JSON.parse(readFileSync(path.join(vectors, ...parts), 'utf8')) as T;
const score = (set: string, all: number, misses: readonly string[]) =>
  console.log(`${set}: ${all - misses.length}/${all}${misses.length ? ` · beda: ${misses.join('; ')}` : ''}`);

/** What our engine says about one response, whatever it is. */
type Verdict = { status: string } | { code: RefusalCode };
function judge(bytes: Buffer, certificate: CertificateView, issuer: CertificateView, now: number, hours = 24): Verdict {
  const response = readQuietly(bytes);
  if (!response) return { code: 'unreadable' };
  const verdict = acceptOcsp({
    response,
    asked: { serial: certificate.serial, issuer },
    certificate: certificate.der,
    nonce: null,
    delegateListed: () => null,
    known: null,
    now,
    maxAgeHours: hours,
    algorithms: LENIENT,
  });
  return verdict.accepted ? { status: verdict.answer.status } : { code: verdict.code };
}

/** Nothing but DerError may come out of the reader, and soon. */
function readQuietly(bytes: Buffer): OcspResponse | null {
  const began = performance.now();
  try {
    return readResponse(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(DerError);
    return null;
  } finally {
    expect(performance.now() - began).toBeLessThan(1000);
  }
}

describe.skipIf(!existsSync(vectors))('public OCSP suites', () => {
  test('boringssl-ocsp: decision, class of the response, and the request that would have asked', () => {
    type Case = Record<'name' | 'response' | 'cert' | 'issuer' | 'expectedRequest', string> & {
      expectedRevocation: 'good' | 'revoked' | 'unknown';
      expectedResponse: string;
    };
    const set = json<{ validationTime: string; maxAgeSeconds: number; cases: Case[] }>(
      'boringssl-ocsp/expectations.json',
    );
    const at = Date.parse(set.validationTime);
    const [decisions, classes, requests]: string[][] = [[], [], []];
    for (const one of set.cases) {
      const read = (file: string) => bytesOf('boringssl-ocsp', file);
      const [certificate, issuer] = [readCertificate(read(one.cert)), readCertificate(read(one.issuer))];
      const verdict = judgeFiles({
        leaf: certificate,
        anchors: [issuer],
        ocsps: [read(one.response)],
        at,
        maxAge: set.maxAgeSeconds * 1000,
        allowWeak: true,
      });
      const outcome = verdict.outcome === 'undetermined' ? 'unknown' : verdict.outcome;
      if (outcome !== one.expectedRevocation) decisions!.push(`${one.name} ${outcome}`);
      const kind = CLASS(judge(read(one.response), certificate, issuer, at, set.maxAgeSeconds / 3600));
      if (!one.expectedResponse.startsWith(kind)) classes!.push(`${one.name} ${kind}`);
      const request = buildRequest({ serial: certificate.serial, issuer, issuerName: certificate.issuer.der }, null);
      if (!request.equals(read(one.expectedRequest))) requests!.push(one.name);
    }
    score('boringssl-ocsp', set.cases.length, decisions!);
    score('boringssl-ocsp, jenis jawaban', set.cases.length, classes!);
    score('boringssl-ocsp, permintaan', set.cases.length, requests!);
    expect(decisions).toEqual([]);
    expect(classes).toEqual([]);
    // A serial with a superfluous octet is asked about in DER, which every responder can read; theirs repeats the fault.
    expect(requests).toEqual(['good_response_invalid_serial']);
  });

  test('openssl-ocsp: who signed, and whether they may', () => {
    type Case = Record<'group' | 'title' | 'response' | 'trusted' | 'untrusted' | 'expected' | 'targetCert', string>;
    const { cases } = json<{ cases: Case[] }>('openssl-ocsp/expectations.json');
    const misses: string[] = [];
    for (const one of cases) {
      const read = (file: string) => bytesOf('openssl-ocsp/data', file);
      // The recipe leaves the time out; the answers were fresh when they were made.
      const producedAt = readResponse(read(one.response)).basic!.producedAt;
      const verdict = judgeFiles({
        leaf: readCertificate(read(one.targetCert)),
        anchors: [readCertificate(read(one.trusted))],
        intermediates: certificatesOf('openssl-ocsp/data', one.untrusted),
        ocsps: [read(one.response)],
        at: producedAt + MINUTE,
        allowWeak: true,
      });
      const verified = verdict.facets.chain === 'anchored' && verdict.path[0]?.revocation.status === 'good';
      if (verified !== (one.expected === 'verified')) misses.push(`${one.group}, ${one.title}`);
    }
    score('openssl-ocsp', cases.length, misses);
    expect(misses).toEqual([]);
  });

  test('openssl-ocsp, whole paths as pyHanko expects them', () => {
    type Case = {
      name: string;
      root: string;
      other_certs?: string[];
      cert: string;
      ocsps: string[];
      moment: string;
    } & {
      error?: { class: string };
    };
    const { cases } = json<{ cases: Case[] }>('openssl-ocsp/path-expectations.json');
    const misses: string[] = [];
    for (const one of cases) {
      const read = (file: string) => bytesOf('openssl-ocsp/data', file);
      const verdict = judgeFiles({
        leaf: readCertificate(read(one.cert)),
        anchors: [readCertificate(read(one.root))],
        intermediates: (one.other_certs ?? []).map((file) => readCertificate(read(file))),
        ocsps: one.ocsps.map(read),
        at: Date.parse(one.moment),
        allowWeak: true,
      });
      const expected = one.error ? (one.error.class === 'RevokedError' ? 'revoked' : 'undetermined') : 'good';
      if (verdict.outcome !== expected) misses.push(`${one.name} ${verdict.outcome}`);
    }
    score('openssl-ocsp, jalur', cases.length, misses);
    // Nothing speaks about the intermediate in that case; "good" needs an answer for every certificate of the path (§11).
    expect(misses).toEqual(['delegated_with_intermediate_success undetermined']);
  });

  test('pyhanko-certvalidator: how old evidence may be, and that the newest wins', () => {
    type Case = { id: string; same?: string; root: string; other: string[]; cert: string; ocsps: string[] } & {
      crls: string[];
      moment: string;
      policy: string;
      expected: string;
    };
    const { cases } = json<{ cases: Case[] }>('pyhanko-certvalidator/expectations.json');
    const misses: string[] = [];
    const judged = cases.filter(({ id }) => !id.startsWith('freshness/cooldown'));
    for (const stated of judged) {
      const one = { ...cases.find(({ id }) => id === stated.same), ...stated };
      const read = (file: string) => bytesOf('pyhanko-certvalidator', file);
      const [, days, hours] = /at most (?:(\d+) days|(\d+) hour)/.exec(one.policy)!;
      const request: FilesRequest = {
        leaf: readCertificate(read(one.cert)),
        anchors: [readCertificate(read(one.root))],
        intermediates: one.other.map((file) => readCertificate(read(file))),
        ocsps: one.ocsps.map(read),
        crls: one.crls.map(read),
        at: Date.parse(one.moment),
        maxAge: days ? +days * 24 * HOUR : +hours! * HOUR,
        allowWeak: true,
      };
      const { outcome } = judgeFiles(request);
      const expected = one.expected.startsWith('valid')
        ? 'good'
        : one.expected.startsWith('revoked')
          ? 'revoked'
          : 'undetermined';
      if (outcome !== expected) misses.push(`${one.id} ${outcome}`);
    }
    score('pyhanko-certvalidator', judged.length, misses);
    // Argued in certificate-status §11: the answer's own nextUpdate is over, whatever window the caller allows.
    expect(misses).toEqual(['freshness/only-older-supplied undetermined']);
  });

  test('ocsp-parse: the facts of other readers; nothing is believed without its issuer', () => {
    type File = { file: string; type: string; opensslParses?: boolean; pycaParses?: boolean } & Record<string, string>;
    const { files } = json<{ files: File[] }>('ocsp-parse/expectations.json');
    const bystander = readCertificate(bytesOf('ocsp-parse/files/go-startCom.der'));
    const misses: string[] = [];
    for (const one of files) {
      const bytes = bytesOf('ocsp-parse', one.file);
      const response = readQuietly(bytes);
      if (one.type !== 'response') {
        if (response?.basic) misses.push(`${one.file} dibaca sebagai jawaban`);
        continue;
      }
      if (one.pycaParses && !response) misses.push(`${one.file} tidak terbaca`);
      if (response) misses.push(...differences(response, one).map((fact) => `${one.file} ${fact}`));
      for (const single of response?.basic?.singles ?? []) {
        const verdict = judge(bytes, { ...bystander, serial: single.certId.serial }, bystander, Date.now());
        if ('status' in verdict) misses.push(`${one.file} dipercaya`);
      }
    }
    score('ocsp-parse', files.length, misses);
    expect(misses).toEqual([]);
  });

  test('ocsp-parse: what Go says about its own cases', () => {
    const read = (name: string) => bytesOf('ocsp-parse/files', name);
    const issuer = readCertificate(read('go-startCom.der'));
    const { basic } = readResponse(read('go-ocspResponse.der'));
    const asked = { ...issuer, serial: basic!.singles[0]!.certId.serial };
    expect(judge(read('go-ocspResponse.der'), asked, issuer, basic!.producedAt)).toHaveProperty('code');
    const critical = readResponse(read('go-ocspResponseWithCriticalExtension.der')).basic!;
    expect(critical.singles).toMatchObject([{ status: 'revoked', unknownCritical: true }]);
    expect(judge(read('go-errorResponse.der'), asked, issuer, Date.now())).toEqual({ code: 'ocsp_malformed_request' });
  });

  test('fuzz-corpora/boringssl-ocsp: what no reader takes, ours does not take', () => {
    type Input = { id: string; b64: string; openssl30: boolean; pyca48: boolean };
    const inputs = readFileSync(path.join(vectors, 'fuzz-corpora/boringssl-ocsp.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Input);
    const issuer = readCertificate(bytesOf('ocsp-parse/files/go-startCom.der'));
    const misses = inputs.filter(({ b64, openssl30, pyca48 }) => {
      const verdict = judge(Buffer.from(b64, 'base64'), issuer, issuer, Date.now());
      const refused = 'code' in verdict && ['unreadable', 'not_basic'].includes(verdict.code);
      return openssl30 || pyca48 ? refused : !refused;
    });
    score(
      'fuzz-corpora/boringssl-ocsp',
      inputs.length,
      misses.map(({ id }) => id),
    );
    expect(misses).toEqual([]);
  });
});

/** Our refusals in the words of boringssl's enum. */
function CLASS(verdict: Verdict): string {
  if ('status' in verdict) return 'PROVIDED';
  const { code } = verdict;
  if (code === 'unreadable' || code === 'not_basic') return 'PARSE_RESPONSE';
  if (code === 'not_about_this') return 'NO_MATCHING_RESPONSE';
  if (code === 'unknown_critical_ocsp') return 'UNHANDLED_CRITICAL_EXTENSION';
  if (code.startsWith('ocsp_')) return 'ERROR_RESPONSE';
  if (['from_future', 'expired', 'times_disordered'].includes(code)) return 'INVALID_DATE';
  if (['produced_in_future', 'produced_disordered', 'before_certificate', 'after_expiry'].includes(code))
    return 'BAD_PRODUCED_AT';
  // A matching answer was there, but from nobody who may give it.
  return 'PROVIDED';
}

const STATUS = ['SUCCESSFUL', 'MALFORMED_REQUEST', 'INTERNAL_ERROR', 'TRY_LATER', '', 'SIG_REQUIRED', 'UNAUTHORIZED'];
const REASONS: Record<string, number> = {
  keyCompromise: 1,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
};

/** Names of the facts in which our reader and the oracle differ; only facts that the oracle gives. */
function differences({ outerStatus, basic }: OcspResponse, facts: Record<string, unknown>): string[] {
  const single = basic?.singles[0];
  const iso = (ms: number | null | undefined) =>
    ms == null ? undefined : new Date(ms).toISOString().replace('.000Z', '+00:00');
  const ours: Record<string, unknown> = {
    responseStatus: STATUS[outerStatus],
    certStatus: single?.status.toUpperCase(),
    serialHex: single?.certId.serial,
    thisUpdate: iso(single?.thisUpdate),
    nextUpdate: iso(single?.nextUpdate),
    producedAt: iso(basic?.producedAt),
    revocationTime: iso(single?.revokedAt),
    hash: single?.certId.digest,
    issuerKeyHash: single?.certId.keyHash.toString('hex'),
    issuerNameHash: single?.certId.nameHash.toString('hex'),
    responderKeyHash: basic && 'keyHash' in basic.responder ? basic.responder.keyHash.toString('hex') : undefined,
    sigAlgOid: basic?.algorithm.oid,
    certs: basic?.certificates.length,
    revocationReason: single?.reason,
  };
  return Object.entries(ours).flatMap(([name, value]) => {
    const theirs = name === 'revocationReason' ? REASONS[facts[name] as string] : facts[name];
    return theirs === undefined || theirs === null || theirs === value ? [] : [name];
  });
}
