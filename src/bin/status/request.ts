// One request of `status`: what the options and a line of --batch may say. Everything is checked before a file is opened.
import { instantOf, UsageError } from '../cli.ts';

export type Request = {
  cert: string;
  anchors: string[];
  intermediates: string[];
  crls: string[];
  ocsps: string[];
  policies: string[];
  at?: number;
  maxAge?: number;
  skew?: number;
  allowWeak: boolean;
  noRevocation: boolean;
  explicitPolicy: boolean;
  inhibitMapping: boolean;
  inhibitAnyPolicy: boolean;
  /** A verdict that is not `accepted` counts as refused. */
  fail: boolean;
};

const LISTS = ['anchors', 'intermediates', 'crls', 'ocsps', 'policies'] as const;
const FLAGS = ['allowWeak', 'noRevocation', 'explicitPolicy', 'inhibitMapping', 'inhibitAnyPolicy', 'fail'] as const;
const DURATIONS = ['maxAge', 'skew'] as const;
const KEYS: readonly string[] = ['cert', 'at', ...LISTS, ...FLAGS, ...DURATIONS];
/** More files than this in one request are no request. */
const MOST = 10_000;

type Given = Readonly<Record<string, unknown>>;

/**
 * @param named how the caller writes a key
 * @throws UsageError naming the key
 */
export function requestOf(given: Given, named = (key: string): string => key): Request {
  refuseMisspelt(given);
  const { cert, at } = given;
  if (typeof cert !== 'string' || cert === '') throw new UsageError(`${named('cert')} harus nama berkas.`);
  const request = { cert, ...(at == null ? {} : { at: when(named('at'), at) }) } as Request;
  for (const key of LISTS) request[key] = list(named(key), given[key]);
  for (const key of FLAGS) request[key] = flag(named(key), given[key]);
  for (const key of DURATIONS) if (given[key] != null) request[key] = duration(named(key), given[key]);
  if (request.anchors.length === 0)
    throw new UsageError(`${named('anchors')} harus memuat paling sedikit satu nama berkas.`);
  const bad = request.policies.find((oid) => !/^[0-2](\.(0|[1-9]\d{0,39})){1,30}$/.test(oid));
  if (bad !== undefined) throw new UsageError(`${named('policies')} memuat yang bukan OID: ${shortened(bad)}.`);
  return request;
}

/**
 * A caller may keep notes of its own in a line. A key that only looks like an option must not be taken for one of them:
 * a forgotten `maxage` would judge more mildly than was asked.
 */
function refuseMisspelt(given: Given): void {
  const plain = (key: string) =>
    key
      .toLowerCase()
      .replace(/[^a-z]/g, '')
      .replace(/(ies|y|s)$/, '');
  for (const key of Object.keys(given)) {
    if (KEYS.includes(key)) continue;
    const meant = KEYS.find((known) => plain(known) === plain(key));
    if (meant) throw new UsageError(`Kunci ${shortened(key)} tidak dikenal; tulis ${meant}.`);
  }
}

function when(key: string, value: unknown): number {
  const at = typeof value === 'string' ? instantOf(value) : null;
  if (at === null) throw new UsageError(`${key} harus waktu ISO 8601, mis. 2026-11-22T07:00:00Z.`);
  return at;
}

function list(key: string, value: unknown): string[] {
  if (value == null) return [];
  if (!Array.isArray(value) || value.length > MOST || !value.every((one) => typeof one === 'string' && one !== ''))
    throw new UsageError(`${key} harus daftar teks yang tidak kosong.`);
  return value as string[];
}

function flag(key: string, value: unknown): boolean {
  if (value == null || typeof value === 'boolean') return value ?? false;
  throw new UsageError(`${key} harus true atau false.`);
}

const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
function duration(key: string, value: unknown): number {
  const match = typeof value === 'string' ? /^(\d{1,9})([smhd])$/.exec(value) : null;
  if (!match) throw new UsageError(`${key} harus lama waktu: 90s, 5m, 24h, atau 7d.`);
  return Number(match[1]) * UNITS[match[2]!]!;
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
