// What the list of sources shows for an address: filter and order. Pure; used by the page and by its file.
import { join, midSentence, number } from '#lib/format.ts';
import type { SourceView, Trend } from '#lib/server/revocation/index.ts';
import { sourceDoubts, sourceStates } from '#lib/terms.ts';

export type Row = SourceView & {
  trend: Trend;
  /** Open questions to the issuer that its lists raised. */
  asks: number;
};
export const SORTS = {
  attention: 'Yang perlu perhatian',
  issuer: 'Penerbit',
  confirmed: 'Paling lama tidak dikonfirmasi',
  next: 'Terbitan berikutnya paling dekat',
  size: 'Ukuran terbesar',
  certificates: 'Paling banyak bergantung',
} as const;
type Sort = keyof typeof SORTS;
/** How sources stand, the worst first; each stands in one way only, so that the numbers add up. */
export const STANDS = ['failing', 'stale', 'noted', 'never', 'ok', 'retired'] as const;
export type Stand = (typeof STANDS)[number];
export const standWords: Record<Stand, string> = {
  ...Object.fromEntries(Object.entries(sourceStates).map(([state, { word }]) => [state, word])),
  noted: sourceDoubts.noted.word,
} as Record<Stand, string>;

export type Asked = {
  q: string;
  state: string;
  kind: string;
  issuer: string;
  host: string;
  sort: Sort;
  /** Ids of the row before a page, or behind it. */
  after: string;
  before: string;
};

type Standing = Pick<Row, 'state' | 'failures' | 'asks' | 'strayed'> & { remarks: readonly unknown[] };

/** A source that answers, or was not asked yet, and wants somebody's look all the same: `noted`. */
export function standOf(row: Standing): Stand {
  const { state, failures, remarks, asks, strayed } = row;
  if (state !== 'ok' && state !== 'never') return state;
  return failures > 0 || remarks.length > 0 || asks > 0 || strayed !== null ? 'noted' : state;
}

/** How a source stands, in a badge. @property asks open signals about it */
export function badgeOf(row: Standing & Pick<Row, 'refusing'>) {
  if (row.state === 'failing' && row.refusing) return sourceDoubts.refusing;
  const stand = standOf(row);
  if (stand !== 'noted') return sourceStates[stand];
  if (row.strayed) return sourceDoubts.strayed;
  return row.asks > 0 ? sourceDoubts.asks : sourceDoubts.noted;
}

/** How all that are used stand, the worst first. */
export function summaryOf(rows: readonly Row[]): string {
  const live = rows.map(standOf).filter((stand) => stand !== 'retired');
  if (live.length === 0) return 'Belum ada sumber yang ditanya.';
  const told = STANDS.map((stand) => ({ stand, n: live.filter((one) => one === stand).length })).filter(
    ({ n }) => n > 0,
  );
  if (told.length === 1 && told[0]!.stand === 'ok') return `Semua ${number(live.length)} sumber terkini.`;
  const parts = told.map(({ stand, n }) => `${number(n)} ${midSentence(standWords[stand])}`);
  return `${number(live.length)} sumber dipakai: ${join(parts)}.`;
}

/** Host with its port; an address that is none is its own host. */
export function hostOf(url: string): string {
  return URL.parse(url)?.host ?? url;
}

export function askedOf(params: URLSearchParams): Asked {
  const text = (name: string) => (params.get(name) ?? '').trim().slice(0, 200);
  const sort = text('sort');
  return {
    q: text('q'),
    state: STANDS.some((stand) => stand === text('state')) ? text('state') : '',
    kind: ['crl', 'ocsp'].includes(text('kind')) ? text('kind') : '',
    issuer: text('issuer'),
    host: text('host'),
    sort: Object.hasOwn(SORTS, sort) ? (sort as Sort) : 'attention',
    after: text('after'),
    before: text('before'),
  };
}

/** Rows of every state that the other filters let through, so that the tabs can be counted. */
export function matching(rows: readonly Row[], asked: Asked): Row[] {
  const words = asked.q.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const text = `${row.issuerName} ${row.url}`.toLowerCase();
    return (
      words.every((word) => text.includes(word)) &&
      (!asked.kind || row.kind === asked.kind) &&
      (!asked.issuer || row.issuerKey === asked.issuer) &&
      (!asked.host || hostOf(row.url) === asked.host)
    );
  });
}

/** The rows of the tab, in the order asked for. */
export function shown(rows: readonly Row[], asked: Asked): Row[] {
  const tab = rows.filter((row) => (asked.state ? standOf(row) === asked.state : row.state !== 'retired'));
  return tab.sort(orders[asked.sort]);
}

const PAGE = 25;

/** One page of an order, from the row that a neighbouring page ended or began with; where that is gone, the first. */
export function paged<T extends { id: string }>(
  rows: readonly T[],
  { after, before }: Pick<Asked, 'after' | 'before'>,
): { rows: T[]; next: string | null; prev: string | null } {
  const place = (id: string) => (id ? rows.findIndex((row) => row.id === id) : -1);
  const end = after ? -1 : place(before);
  const start = end > 0 ? Math.max(0, end - PAGE) : place(after) + 1;
  const page = rows.slice(start, end > 0 ? end : start + PAGE);
  return {
    rows: page,
    next: start + page.length < rows.length ? (page.at(-1)?.id ?? null) : null,
    prev: start > 0 ? (page[0]?.id ?? null) : null,
  };
}

/** What does not answer first, then what a person must look at, then what is well or over. */
const urgency = (row: Row): number => {
  const stand = standOf(row);
  return stand === 'noted' ? 1 : stand === 'ok' || stand === 'retired' ? 2 : 0;
};

const last = Number.MAX_SAFE_INTEGER;
const orders: Record<Sort, (a: Row, b: Row) => number> = {
  // Otherwise as they come, worst first.
  attention: (a, b) => urgency(a) - urgency(b),
  issuer: (a, b) => a.issuerName.localeCompare(b.issuerName, 'id') || a.kind.localeCompare(b.kind),
  confirmed: (a, b) => (a.confirmedAt ?? 0) - (b.confirmedAt ?? 0),
  next: (a, b) => (a.nextUpdate ?? last) - (b.nextUpdate ?? last),
  size: (a, b) => (b.size ?? -1) - (a.size ?? -1),
  certificates: (a, b) => b.certificates - a.certificates,
};

/** Each source with how many open questions its lists raised. */
export function listed(
  rows: readonly (SourceView & { trend: Trend })[],
  open: readonly { sourceId: string | null }[],
): Row[] {
  const asks = Map.groupBy(open, (signal) => signal.sourceId);
  return rows.map((row) => ({ ...row, asks: asks.get(row.id)?.length ?? 0 }));
}

/** Issuers and hosts to choose from, with how many sources each has. */
export function choicesOf(rows: readonly Row[]) {
  const counted = (key: (row: Row) => string, label: (row: Row) => string) =>
    [...Map.groupBy(rows, key)]
      .map(([value, some]) => ({ value, label: `${label(some[0]!)} (${number(some.length)})` }))
      .sort((a, b) => a.label.localeCompare(b.label, 'id'));
  return {
    issuers: counted(
      (row) => row.issuerKey,
      (row) => row.issuerName,
    ),
    hosts: counted(
      (row) => hostOf(row.url),
      (row) => hostOf(row.url),
    ),
  };
}
