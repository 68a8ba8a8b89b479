// A definition in, PDF bytes out. Definitions (reports/) are data; this room knows the engine: pdfmake 0.3 with the
// font Arimo, charts drawn from the same configurations as in the browser. Invariants: nothing is fetched (URL policy
// denies all, file policy allows the font folder only); one document is set at a time, because layout is heavy.
// It holds no tables, knows no rooms, signs nothing. Two passes when the definition asks for page numbers (contents).
import type { TDocumentDefinitions } from 'pdfmake/interfaces';
import { drawCharts } from './charts.ts';
import { pdfmake } from './engine.ts';
import { keepHeadings, pagesOf, tidy } from './layout.ts';

/** Page of each node with an `id`, known in the second pass; empty in the first. */
export type Pages = ReadonlyMap<string, number>;
/** A definition, or one that prints page numbers of its own parts and so is laid out twice. */
export type Definition = TDocumentDefinitions | ((pages: Pages) => TDocumentDefinitions);

let queue: Promise<unknown> = Promise.resolve();

/** The PDF of a definition. Calls are set one after another. */
export function render(definition: Definition): Promise<Buffer> {
  const work = queue.then(() => set(definition));
  queue = work.catch(() => undefined);
  return work;
}

/**
 * A document that must not be longer than one page: the first of the definitions that fits, roomiest first. When none
 * does, the last. Measured without drawing charts.
 */
export function renderOnePage(definitions: readonly [() => TDocumentDefinitions, ...(() => TDocumentDefinitions)[]]) {
  const work = queue.then(async () => {
    for (const make of definitions.slice(0, -1)) if ((await pages(make())) === 1) return once(make(), true);
    return once(definitions.at(-1)!(), true);
  });
  queue = work.catch(() => undefined);
  return work;
}

/** How many pages a definition takes: its footer is told. */
async function pages(definition: TDocumentDefinitions): Promise<number> {
  let count = 0;
  await once(
    {
      ...definition,
      footer: (_page, all) => {
        count = all;
        return null;
      },
    },
    false,
  );
  return count;
}

async function set(definition: Definition): Promise<Buffer> {
  if (typeof definition !== 'function') return once(definition, true);
  const draft = definition(new Map());
  await once(draft, false);
  return once(definition(pagesOf(draft.content)), true);
}

async function once(definition: TDocumentDefinitions, withCharts: boolean): Promise<Buffer> {
  drawCharts(definition.content, withCharts);
  tidy(definition.content);
  return pdfmake
    .createPdf({
      ...definition,
      defaultStyle: { font: 'Arimo', ...definition.defaultStyle },
      pageBreakBefore: keepHeadings,
    })
    .getBuffer();
}
