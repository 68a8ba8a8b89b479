// How SQLite would answer what a room asks: which index leads to the rows.
import { connection, type Db } from '#lib/server/db/index.ts';

/** The steps of every statement that is prepared meanwhile, in order. */
export function plansOf(db: Db, ask: () => unknown): string[] {
  const client = connection(db);
  const own = client.prepare.bind(client);
  const texts: string[] = [];
  client.prepare = ((text: string) => {
    texts.push(text);
    return own(text);
  }) as typeof client.prepare;
  try {
    ask();
  } finally {
    client.prepare = own;
  }
  return texts.flatMap((text) => {
    const named = [...text.matchAll(/@(\w+)/g)].map(([, name]) => [name!, '[]']);
    const values: unknown[] = named.length
      ? [Object.fromEntries(named)]
      : Array.from({ length: text.split('?').length - 1 }, () => '[]');
    const rows = own(`explain query plan ${text}`).all(...values) as { detail: string }[];
    return rows.map(({ detail }) => detail);
  });
}
