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
 * Breaks before a heading that would stand alone at the foot of a page, and notes the page of each node with an id.
 * A heading's own columns count as following nodes for pdfmake: only what lies below it does here.
 */
export const keepHeadings =
  (pages: Map<string, number>): NonNullable<TDocumentDefinitions['pageBreakBefore']> =>
  (node, nodes) => {
    if (node.id) pages.set(node.id, node.pageNumbers[0]!);
    if (!node.headlineLevel) return false;
    const top = node.startPosition.top + 4;
    return !nodes.getFollowingNodesOnPage().some((next) => !next.headlineLevel && next.startPosition.top > top);
  };
