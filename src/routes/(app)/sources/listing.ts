// What the list of sources shows for an address: filter and order. Pure; used by the page and by its file.
import type { SourceView, Trend } from '#lib/server/revocation/index.ts';

export type Row = SourceView & { trend: Trend };
export const SORTS = {
  attention: 'Yang perlu perhatian',
  issuer: 'Penerbit',
  confirmed: 'Paling lama tidak dikonfirmasi',
  next: 'Terbitan berikutnya paling dekat',
  size: 'Ukuran terbesar',
  certificates: 'Paling banyak bergantung',
} as const;
type Sort = keyof typeof SORTS;
export const STATES = ['ok', 'failing', 'stale', 'never', 'retired'] as const;

export type Asked = { q: string; state: string; kind: string; issuer: string; sort: Sort };

export function askedOf(params: URLSearchParams): Asked {
  const text = (name: string) => (params.get(name) ?? '').trim().slice(0, 200);
  const sort = text('sort');
  return {
    q: text('q'),
    state: (STATES as readonly string[]).includes(text('state')) ? text('state') : '',
    kind: ['crl', 'ocsp'].includes(text('kind')) ? text('kind') : '',
    issuer: text('issuer'),
    sort: Object.hasOwn(SORTS, sort) ? (sort as Sort) : 'attention',
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
      (!asked.issuer || row.issuerKey === asked.issuer)
    );
  });
}

/** The rows of the tab, in the order asked for; `attention` is the order in which they come. */
export function shown(rows: readonly Row[], asked: Asked): Row[] {
  const tab = rows.filter((row) => (asked.state ? row.state === asked.state : row.state !== 'retired'));
  const order = orders[asked.sort];
  return order ? tab.sort(order) : tab;
}

const last = Number.MAX_SAFE_INTEGER;
const orders: Partial<Record<Sort, (a: Row, b: Row) => number>> = {
  issuer: (a, b) => a.issuerName.localeCompare(b.issuerName, 'id') || a.kind.localeCompare(b.kind),
  confirmed: (a, b) => (a.confirmedAt ?? 0) - (b.confirmedAt ?? 0),
  next: (a, b) => (a.nextUpdate ?? last) - (b.nextUpdate ?? last),
  size: (a, b) => (b.size ?? -1) - (a.size ?? -1),
  certificates: (a, b) => b.certificates - a.certificates,
};
