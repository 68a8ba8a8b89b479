// siaga status — the sweep's decision from files alone, without a database and without the network.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { openContainer } from '#lib/server/containers/index.ts';
import { judgeFiles, type FilesVerdict } from '#lib/server/revocation/from-files.ts';
import { CertificateError, readCertificate, type CertificateView } from '#lib/server/x509/index.ts';
import { emit, fromCaller, note, parse, UsageError, type Command, type ExitCode } from '../cli.ts';

type Request = {
  cert: string;
  anchors: string[];
  intermediates?: string[];
  crls?: string[];
  ocsps?: string[];
  at?: string;
  maxAge?: string;
  skew?: string;
  allowWeak?: boolean;
  noRevocation?: boolean;
  policies?: string[];
  explicitPolicy?: boolean;
  inhibitMapping?: boolean;
  inhibitAnyPolicy?: boolean;
};

const LISTS = ['anchor', 'intermediate', 'crl', 'ocsp', 'policy'] as const;

export const command: Command = {
  help: `Menilai satu sertifikat dari berkas saja, dengan aturan yang sama seperti sapuan.

  siaga status --cert BERKAS --anchor BERKAS… [--intermediate BERKAS…] [--crl BERKAS…] [--ocsp BERKAS…]
      [--at WAKTU] [--max-age LAMA] [--skew LAMA] [--allow-weak] [--no-revocation] [--fail]
      [--policy OID…] [--explicit-policy] [--inhibit-mapping] [--inhibit-any-policy]
  siaga status --batch   satu permintaan JSON per baris pada stdin (id, lalu pilihan di atas sebagai camelCase,
      daftar dalam bentuk jamak: cert, anchors, intermediates, crls, ocsps, at, maxAge, …); dijawab berurutan.
      LAMA: 90s, 5m, 24h, 7d. Sertifikat pertama dari --cert yang dinilai, lainnya dianggap perantara.
      Status keluar 0 bila dapat dinilai, apa pun hasilnya; 1 bila tidak, atau dengan --fail bila bukan accepted.`,
  async run(args) {
    const { values, positionals } = parse(spread(args), {
      cert: { type: 'string' },
      anchor: { type: 'string', multiple: true },
      intermediate: { type: 'string', multiple: true },
      crl: { type: 'string', multiple: true },
      ocsp: { type: 'string', multiple: true },
      policy: { type: 'string', multiple: true },
      at: { type: 'string' },
      'max-age': { type: 'string' },
      skew: { type: 'string' },
      'allow-weak': { type: 'boolean' },
      'no-revocation': { type: 'boolean' },
      'explicit-policy': { type: 'boolean' },
      'inhibit-mapping': { type: 'boolean' },
      'inhibit-any-policy': { type: 'boolean' },
      batch: { type: 'boolean' },
      fail: { type: 'boolean' },
      json: { type: 'boolean' },
    });
    if (positionals.length) throw new UsageError(`Tidak dimengerti: ${positionals[0]}`);
    if (values.batch) return batch();
    if (!values.cert || !values.anchor?.length)
      throw new UsageError('Pakai: siaga status --cert BERKAS --anchor BERKAS…');
    const verdict = await judge({
      cert: values.cert,
      anchors: values.anchor,
      intermediates: values.intermediate,
      crls: values.crl,
      ocsps: values.ocsp,
      policies: values.policy,
      at: values.at,
      maxAge: values['max-age'],
      skew: values.skew,
      allowWeak: values['allow-weak'],
      noRevocation: values['no-revocation'],
      explicitPolicy: values['explicit-policy'],
      inhibitMapping: values['inhibit-mapping'],
      inhibitAnyPolicy: values['inhibit-any-policy'],
    });
    emit(verdict);
    if (!values.json)
      for (const { text, clause } of verdict.explanations) note(`- ${text}${clause ? ` (${clause})` : ''}`);
    return values.fail && verdict.decision !== 'accepted' ? 1 : 0;
  },
};

/** `--crl a b` means `--crl a --crl b`. */
function spread(args: readonly string[]): string[] {
  const out: string[] = [];
  let open: string | null = null;
  for (const [i, arg] of args.entries()) {
    const isFlag = arg.startsWith('-');
    if (isFlag) open = LISTS.some((name) => arg === `--${name}`) ? arg : null;
    else if (open && args[i - 1] !== open) out.push(open);
    out.push(arg);
  }
  return out;
}

async function batch(): Promise<ExitCode> {
  let code: ExitCode = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    if (!line.trim()) continue;
    let id: unknown = null;
    try {
      const { id: given, ...request } = requestOf(line);
      id = given ?? null;
      if (typeof request.cert !== 'string' || !Array.isArray(request.anchors))
        throw new UsageError('Permintaan memerlukan cert (nama berkas) dan anchors (daftar nama berkas).');
      emit({ id, ...(await judge(request)) });
    } catch (error) {
      emit({ id, error: (error as Error).message });
      code = 1;
    }
  }
  return code;
}

function requestOf(line: string): Request & { id?: unknown } {
  try {
    const value: unknown = JSON.parse(line);
    if (value && typeof value === 'object') return value as Request & { id?: unknown };
  } catch {
    // Said below, in our words.
  }
  throw new UsageError('Baris ini bukan objek JSON.');
}

async function judge(request: Request): Promise<FilesVerdict> {
  const [leaf, ...others] = await certificatesOf(request.cert);
  if (!leaf) throw new Error(`${request.cert}: tidak ada sertifikat di dalamnya.`);
  const all = async (names: string[] = []) => (await Promise.all(names.map(certificatesOf))).flat();
  const at = request.at === undefined ? Date.now() : Date.parse(request.at);
  if (Number.isNaN(at)) throw new UsageError('at harus waktu ISO 8601, mis. 2026-11-22T07:00:00Z.');
  return judgeFiles({
    ...request,
    leaf,
    anchors: await all(request.anchors),
    intermediates: [...others, ...(await all(request.intermediates))],
    crls: (request.crls ?? []).flatMap((name) => objectsOf(name, 'X509 CRL')),
    ocsps: (request.ocsps ?? []).flatMap((name) => objectsOf(name, 'OCSP RESPONSE')),
    at,
    maxAge: request.maxAge === undefined ? null : duration(request.maxAge),
    skew: request.skew === undefined ? undefined : duration(request.skew),
  });
}

const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
function duration(text: string): number {
  const match = /^(\d{1,9})([smhd])$/.exec(text);
  if (!match) throw new UsageError(`Lama waktu tidak dimengerti: ${text} (mis. 90s, 5m, 24h, 7d).`);
  return Number(match[1]) * UNITS[match[2]!]!;
}

const read = (name: string): Buffer => {
  try {
    return readFileSync(fromCaller(name));
  } catch {
    throw new Error(`${name}: berkas tidak dapat dibaca.`);
  }
};

/** Plain DER and PEM are read here; anything else goes through the limited worker. */
async function certificatesOf(name: string): Promise<CertificateView[]> {
  const bytes = read(name);
  try {
    if (bytes[0] === 0x30) return [readCertificate(bytes)];
    const armoured = objects(bytes, 'CERTIFICATE');
    if (armoured.length && !bytes.includes('PRIVATE KEY')) return armoured.map(readCertificate);
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
  }
  const entries = await openContainer({ name, bytes });
  if (entries.some(({ kind }) => kind === 'private_key')) throw new Error(`${name}: memuat kunci privat; ditolak.`);
  return entries.flatMap(({ ders = [] }) => ders.map((der) => readCertificate(der)));
}

/** One DER object, or every PEM block of the kind. */
function objectsOf(name: string, kind: string): Buffer[] {
  const bytes = read(name);
  const found = bytes[0] === 0x30 ? [] : objects(bytes, kind);
  return found.length ? found : [bytes];
}

const objects = (bytes: Buffer, kind: string): Buffer[] =>
  [
    ...bytes
      .toString('latin1')
      .matchAll(new RegExp(`-----BEGIN ${kind}-----([A-Za-z0-9+/=\\s]+)-----END ${kind}-----`, 'g')),
  ].map(([, body]) => Buffer.from(body!, 'base64'));
