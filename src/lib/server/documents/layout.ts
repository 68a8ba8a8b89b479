// What pdfmake needs to be told about page breaks. Pure.
import type { TDocumentDefinitions } from 'pdfmake/interfaces';

type Loose = Record<string, unknown> & { table?: { body?: unknown } };

/**
 * Takes inner `unbreakable` and `headlineLevel` away: nested unbreakable blocks give blank pages, and a heading inside
 * one must not ask for a break.
 */
export function tidy(node: unknown, inside = false): void {
  if (Array.isArray(node)) {
    for (const child of node) tidy(child, inside);
    return;
  }
  if (!node || typeof node !== 'object') return;
  const loose = node as Loose;
  if (inside) {
    delete loose.unbreakable;
    delete loose.headlineLevel;
  }
  const within = inside || loose.unbreakable === true;
  tidy(loose.stack, within);
  tidy(loose.columns, within);
  tidy(loose.table?.body, within);
}

/**
 * Breaks before a heading that would stand alone at the foot of a page. A heading's own columns count as following
 * nodes for pdfmake: only what lies below it does here.
 */
export const keepHeadings: NonNullable<TDocumentDefinitions['pageBreakBefore']> = (node, nodes) => {
  if (!node.headlineLevel) return false;
  const top = node.startPosition.top + 4;
  return !nodes.getFollowingNodesOnPage().some((next) => !next.headlineLevel && next.startPosition.top > top);
};

/** After a layout: the page on which each text node with an `id` came to stand. */
export function pagesOf(node: unknown, pages = new Map<string, number>()): Map<string, number> {
  if (Array.isArray(node)) {
    for (const child of node) pagesOf(child, pages);
    return pages;
  }
  if (!node || typeof node !== 'object') return pages;
  const { id, positions, stack, columns, table } = node as Loose & {
    id?: string;
    positions?: { pageNumber: number }[];
  };
  if (id && positions?.[0]) pages.set(id, positions[0].pageNumber);
  pagesOf(stack, pages);
  pagesOf(columns, pages);
  pagesOf(table?.body, pages);
  return pages;
}
