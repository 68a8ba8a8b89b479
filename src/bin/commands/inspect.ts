// siaga inspect FILE… — what certificates a file holds. Works without a database and believes nothing.
import { useOf } from '#lib/server/certificates/facts.ts';
import { lint, ruleTitle } from '#lib/server/certificates/lint.ts';
import { LIMITS, openContainer, type ContainerEntry } from '#lib/server/containers/index.ts';
import { ODDITIES, readCertificate, type CertificateView, type GeneralName } from '#lib/server/x509/index.ts';
import {
  emit,
  KEY_REFUSED,
  note,
  parse,
  readInput,
  UNREAD,
  UsageError,
  type Command,
  type ExitCode,
  type Unread,
} from '../cli.ts';

export const command: Command = {
  help: `Menunjukkan sertifikat apa yang ada di dalam berkas. Tidak memerlukan basis data.

  siaga inspect BERKAS… [--json]
      PEM, DER, P7B/P7C, ZIP berisi itu, atau PDF bertanda tangan (sertifikat penandatangan).
      Satu objek JSON per berkas pada stdout; ringkasannya pada stderr bila tanpa --json.
      Berkas yang memuat kunci privat atau PKCS#12 ditolak seluruhnya.
      Status keluar 0 bila semua berkas dapat diperiksa, 1 bila ada yang ditolak atau tidak terbaca.`,
  async run(args) {
    const { values, positionals } = parse(args, { json: { type: 'boolean' } });
    if (positionals.length === 0) throw new UsageError('Pakai: siaga inspect BERKAS…');
    let code: ExitCode = 0;
    for (const file of positionals) {
      const found = await inspect(file);
      emit(found);
      if (!values.json) note(summary(found));
      if (found.outcome === 'unreadable' || found.outcome === 'rejected') code = 1;
    }
    return code;
  },
};

const KEY = 'private_key';
type Outcome = 'ok' | 'no_certificate' | 'unreadable' | 'rejected';
type Inspected = { file: string; outcome: Outcome; reason?: string; certificates: ReturnType<typeof describe>[] };

async function inspect(file: string): Promise<Inspected> {
  const bytes = readInput(file, LIMITS.fileBytes);
  if (typeof bytes === 'string') return { file, outcome: 'unreadable', reason: bytes, certificates: [] };
  return { file, ...verdictOf(await openContainer({ name: file, bytes })) };
}

function verdictOf(entries: ContainerEntry[]): Omit<Inspected, 'file'> {
  if (entries.some(({ kind }) => kind === 'private_key')) return { outcome: 'rejected', reason: KEY, certificates: [] };
  const certificates = entries
    .filter(({ kind }) => kind === 'certificate')
    .flatMap(({ ders = [] }) => ders.map((der) => describe(readCertificate(der))));
  if (certificates.length > 0) return { outcome: 'ok', certificates };
  const broken = entries.find(({ kind }) => kind === 'unreadable');
  return { outcome: broken ? 'unreadable' : 'no_certificate', reason: (broken ?? entries[0])?.reason, certificates };
}

function describe(view: CertificateView) {
  const { bits, curve, algorithm } = view.publicKey;
  return {
    fingerprint: view.fingerprint,
    version: view.version,
    serial: view.serial,
    subject: view.subject.text,
    subjectRdns: view.subject.rdns,
    issuer: view.issuer.text,
    notBefore: instant(view.notBefore.ms),
    notAfter: instant(view.notAfter.ms),
    publicKey: curve ? { algorithm, curve } : { algorithm, bits },
    signatureAlgorithmOid: view.signatureAlgorithmOid,
    san: view.san && view.san.map(nameText),
    keyUsage: view.keyUsage,
    eku: view.eku,
    ca: view.ca,
    pathLen: view.pathLen,
    policies: view.policies,
    ski: view.ski,
    aki: view.aki,
    crlUrls: view.crlDistributionPoints.flatMap(({ fullNames }) =>
      fullNames.filter(({ kind }) => kind === 'uri').map(({ value }) => value),
    ),
    ocspUrls: view.ocspUrls,
    caIssuers: view.caIssuerNames.map((name) => (name.kind === 'uri' ? name.value : nameText(name))),
    extensionOids: view.extensions.map(({ oid }) => oid),
    uses: usesOf(view),
    problems: problemsOf(view),
  };
}

/** ISO 8601 in UTC; a fraction only where the certificate has one. */
const instant = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

const PREFIX: Record<GeneralName['kind'], string> = {
  dns: 'DNS:',
  email: 'email:',
  uri: 'URI:',
  ip: 'IP:',
  directory: 'DirName:',
  other: '',
};
const nameText = ({ kind, value }: GeneralName): string => `${PREFIX[kind]}${value}`;

const EKU_USES: Record<string, string> = {
  '1.3.6.1.5.5.7.3.1': 'tls_server',
  '1.3.6.1.5.5.7.3.2': 'tls_client',
  '1.3.6.1.5.5.7.3.4': 'email',
  '1.3.6.1.5.5.7.3.8': 'time_stamping',
  '1.3.6.1.5.5.7.3.9': 'ocsp_signing',
  '1.3.6.1.5.5.7.3.36': 'signature',
  '1.2.840.113583.1.1.5': 'signature',
};

const CA_USES: Record<string, string> = { keyCertSign: 'certificate_signing', cRLSign: 'crl_signing' };

/** Everything the certificate says it is for, in the words of the inventory. */
function usesOf(view: CertificateView): string[] {
  if (view.ca) {
    const usage = view.keyUsage ?? ['keyCertSign', 'cRLSign'];
    return usage.flatMap((bit) => CA_USES[bit] ?? []);
  }
  const named = (view.eku ?? []).flatMap((oid) => EKU_USES[oid] ?? []);
  return [...new Set(named.length > 0 ? named : [useOf(view)])];
}

/** The reader's own findings and the lint's (which is about holders' certificates), each once. */
function problemsOf(view: CertificateView): { rule: string; severity: string; text: string }[] {
  const linted = (view.ca ? [] : lint(view, null)).map(({ rule, severity, detail }) => ({
    rule,
    severity,
    text: detail.startsWith(ruleTitle(rule)) ? detail : `${ruleTitle(rule)}. ${detail}`,
  }));
  const known = new Set(linted.map(({ rule }) => rule));
  const odd = view.oddities
    .filter(({ rule }) => !known.has(rule))
    .map(({ rule, oid }) => ({
      rule,
      severity: ODDITIES[rule].severity,
      text: oid ? `${ODDITIES[rule].text} (${oid})` : ODDITIES[rule].text,
    }));
  return [...odd, ...linted];
}

function summary({ file, outcome, reason, certificates }: Inspected): string {
  const lines = certificates.map(
    (one) =>
      `  ${one.subject} · seri ${one.serial} · sampai ${one.notAfter}${one.problems.length ? ` · ${one.problems.length} catatan` : ''}`,
  );
  const why = reason === KEY ? KEY_REFUSED : reason && (UNREAD[reason as Unread] ?? reason);
  return [`${file}: ${outcome}${why ? `: ${why}` : ''}`, ...lines].join('\n');
}
