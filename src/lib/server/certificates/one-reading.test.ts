// A list's number and its rows are of one instant, though jobs write meanwhile.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { addCertificate } from '#tests/support/incident-world.ts';
import { makeWorld } from '#tests/support/world.ts';
import * as agencies from '../agencies/index.ts';
import { connection, openDatabase } from '../db/index.ts';
import * as certificates from './index.ts';

test('what another process changes between the count and the page is in neither', () => {
  const world = makeWorld();
  agencies.seed(world.ctx());
  const [agency] = agencies.list(world.ctx());
  for (const name of ['ANI', 'BUDI', 'CITRA']) addCertificate(world.ctx(), agency!.id, name);
  connection(world.db).exec(`update certificate set revocation = 'on_hold'`);
  const file = path.join(world.dir, 'dua.db');
  writeFileSync(file, connection(world.db).serialize());
  const [reader, writer] = [openDatabase(file), openDatabase(file)];
  const client = connection(reader);
  const prepare = client.prepare.bind(client);
  let writes = 0;
  // The rows of a page are looked for after they were counted: there the other process comes between.
  client.prepare = ((sql: string) => {
    if (sql.includes('from certificate c') && sql.includes('order by +c')) {
      connection(writer).exec(`update certificate set revocation = 'released'`);
      writes += 1;
    }
    return prepare(sql);
  }) as typeof client.prepare;
  const ctx = { ...world.ctx(), db: reader };
  const filter = certificates.filterOf(new URLSearchParams('status=on_hold'));
  const { page, counts } = certificates.browse(ctx, filter);
  expect([writes > 0, counts.label.get('on_hold'), counts.total, page.rows.length]).toEqual([true, 3, 3, 3]);
  const after = certificates.browse(ctx, filter);
  expect([after.counts.total, after.page.rows.length]).toEqual([0, 0]);
  for (const db of [reader, writer]) connection(db).close();
});
