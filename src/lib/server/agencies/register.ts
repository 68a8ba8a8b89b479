// The register as values: reading its sheet, the tree, and finding an agency by what people type. Pure.
import { parse } from 'csv-parse/sync';
import { agencyKinds } from '#lib/terms.ts';

export type AgencyKind = keyof typeof agencyKinds;
export type Agency = {
  id: string;
  code: string;
  kind: AgencyKind;
  level: 'agency' | 'unit';
  parentId: string | null;
  name: string;
  shortName: string;
  validFrom: string;
  validTo: string | null;
};
export type AgencyName = { name: string; shortName: string; from: string; to: string | null; source: string };
export type Branch = Agency & { children: Branch[] };

export type RegisterRow = {
  code: string;
  name: string;
  shortName: string;
  kind: AgencyKind;
  level: 'agency' | 'unit';
  parent: string;
};

/**
 * Reads the register's CSV (code, name, short_name, kind, parent, level), parents before children.
 * @throws Error naming the row: unknown kind, doubled code, a parent that is not there, a circle
 */
export function readRegister(text: string): RegisterRow[] {
  const raw = parse(text, { columns: true, trim: true, skip_empty_lines: true, bom: true }) as Record<string, string>[];
  const rows = raw.map((row, i) => registerRow(row, i + 2));
  const byCode = new Map(rows.map((row) => [row.code, row]));
  if (byCode.size !== rows.length) {
    const doubled = rows.find((row, i) => rows.findIndex((other) => other.code === row.code) !== i);
    throw new Error(`kode ${doubled?.code} muncul lebih dari sekali`);
  }
  return rows
    .map((row) => ({ row, depth: depthOf(row, byCode) }))
    .sort((a, b) => a.depth - b.depth)
    .map((entry) => entry.row);
}

function registerRow(row: Record<string, string>, line: number): RegisterRow {
  const { code = '', name = '', short_name: shortName = '', kind = '', parent = '', level = '' } = row;
  if (!code || !name) throw new Error(`baris ${line}: kode dan nama wajib ada`);
  if (!Object.hasOwn(agencyKinds, kind)) throw new Error(`baris ${line}: jenis "${kind}" tidak dikenal`);
  if (level !== 'agency' && level !== 'unit') throw new Error(`baris ${line}: tingkat "${level}" tidak dikenal`);
  return { code, name, shortName: shortName || name, kind: kind as AgencyKind, parent, level };
}

function depthOf(row: RegisterRow, byCode: Map<string, RegisterRow>): number {
  let depth = 0;
  for (let at: RegisterRow | undefined = row; at?.parent; at = byCode.get(at.parent)) {
    if (!byCode.has(at.parent)) throw new Error(`${at.code}: induk ${at.parent} tidak ada dalam daftar`);
    if (++depth > 10) throw new Error(`${row.code}: susunan induk melingkar`);
  }
  return depth;
}

/** Top-level agencies with what is below them, in the given order. */
export function treeOf(agencies: readonly Agency[]): Branch[] {
  const branches = new Map<string, Branch>(agencies.map((agency) => [agency.id, { ...agency, children: [] }]));
  const roots: Branch[] = [];
  for (const branch of branches.values()) {
    const parent = branch.parentId ? branches.get(branch.parentId) : undefined;
    (parent?.children ?? roots).push(branch);
  }
  return roots;
}

/** Abbreviations of kinds, as clerks write them. */
const SPELLED: Record<string, string> = {
  kec: 'kecamatan',
  kel: 'kelurahan',
  bag: 'bagian',
  dis: 'dinas',
  din: 'dinas',
  bdn: 'badan',
  sekr: 'sekretariat',
};

/** As names of agencies are compared: lower case, "&" as "dan", kinds spelled out, without the city and punctuation. */
export const agencyKey = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/&/g, ' dan ')
    .replace(/\b(pemerintah kota batam|pemko batam|kota batam|pemerintah kota|pemko)\b/g, ' ')
    .replace(/\b(kec|kel|bag|dis|din|bdn|sekr)\b\.?/g, (word) => SPELLED[word.replace('.', '')]!)
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();

/** Words that say which kind of agency it is; people leave them out. */
const KIND = /^(dinas|badan|kecamatan|kelurahan|bagian|kantor)\s+/;

export type Alias = { key: string; agencyId: string };

/**
 * A function that finds an agency by code, name or short name as people write it in sheets: any case, "Kel." for
 * Kelurahan, "&" for "dan", with or without "Kota Batam" or "Dinas", or a name that was explained once. Two agencies
 * that read the same are not guessed between: null.
 */
export function finder(agencies: readonly Agency[], aliases: readonly Alias[] = []): (text: string) => Agency | null {
  const names = new Map<string, Agency | null>();
  const short = new Map<string, Agency | null>();
  const add = (map: Map<string, Agency | null>, key: string, agency: Agency) => {
    const known = map.get(key);
    if (known === undefined) map.set(key, agency);
    else if (known?.id !== agency.id) map.set(key, null);
  };
  for (const agency of agencies) {
    for (const key of new Set([agencyKey(agency.name), agencyKey(agency.shortName)])) {
      if (key) add(names, tight(key), agency);
      if (KIND.test(key)) add(short, tight(key.replace(KIND, '')), agency);
    }
  }
  const codes = new Map(agencies.map((agency) => [agency.code.toLowerCase(), agency]));
  const byId = new Map(agencies.map((agency) => [agency.id, agency]));
  const explained = new Map(aliases.map((alias) => [alias.key, byId.get(alias.agencyId) ?? null]));
  return (text) => {
    const key = agencyKey(text);
    return (
      codes.get(text.trim().toLowerCase()) ??
      names.get(tight(key)) ??
      explained.get(key) ??
      (names.has(tight(key)) ? null : (short.get(tight(key)) ?? null))
    );
  };
}

/** "Satpol PP" and "SatpolPP" are one. */
const tight = (key: string): string => key.replaceAll(' ', '');

/** Words of a name that tell one agency from another. */
const telling = (key: string): string[] =>
  key.split(' ').filter((word) => word.length > 3 && !KIND.test(`${word} `) && word !== 'sekretariat');

/** "kominfo" is in "diskominfo", "dinsos" in "dinsospm": what is left of a short name, or more than it. */
const isShort = (agency: Agency, words: readonly string[]): boolean =>
  [agency.shortName, agency.code]
    .map((text) => tight(agencyKey(text)))
    .some((short) => short.length > 3 && words.some((word) => short.includes(word) || word.includes(short)));

/**
 * Agencies that a text may mean, likeliest first, for a person to choose from: those whose short name it bears, then those
 * whose names, or what they were explained to be called, share telling words with it.
 */
export function likely(agencies: readonly Agency[], text: string, aliases: readonly Alias[] = []): Agency[] {
  const key = agencyKey(text);
  const words = telling(key);
  const bare = tight(key.replace(KIND, ''));
  const asShort = bare.length > 3 && bare.length < 16 ? [...words, bare] : words;
  const called = Map.groupBy(aliases, ({ agencyId }) => agencyId);
  return agencies
    .map((agency) => {
      const names = [agencyKey(agency.name), ...(called.get(agency.id) ?? []).map((alias) => alias.key)];
      const shared = Math.max(...names.map((name) => telling(name).filter((word) => words.includes(word)).length));
      return { agency, score: shared + (isShort(agency, asShort) ? 1.5 : 0) };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, 5)
    .map(({ agency }) => agency);
}
