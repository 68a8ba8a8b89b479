// A command line that stood still (Ctrl-Z, a laptop that slept) while jobs took its import over.
import { expect, test } from 'vitest';
import { makeWorld } from '#tests/support/world.ts';
import * as agencies from '../agencies/index.ts';
import { MINUTE } from '../calendar.ts';
import { connection } from '../db/index.ts';
import * as certificates from './index.ts';

const ROWS = 1100;

function office() {
  const world = makeWorld();
  const ctx = world.ctx();
  agencies.seed(ctx);
  const cli = world.ctx({ kind: 'system', name: 'cli' });
  const nip = (n: number) => String(197_000_000_000_000_000n + BigInt(n) * 1000n + 1n);
  const people = Array.from({ length: ROWS }, (_, n) => `Orang Nomor ${n};${nip(n)};Guru;Disdik`);
  const bytes = Buffer.from(['Nama;NIP;Jabatan;Perangkat Daerah', ...people].join('\n'));
  const one = (sql: string) => connection(world.db).prepare(sql).pluck().get();
  const written = async (rows: number) => {
    while ((one('select count(*) from import_entry') as number) < rows) await new Promise((go) => setImmediate(go));
  };
  /** What stands there when everybody has stopped. */
  const end = (id: string) => ({
    state: certificates.importRun(ctx, id).state,
    entries: one('select count(*) from import_entry'),
    people: one('select count(*) from holder'),
    done: one("select count(*) from audit_entry where action = 'import.done'"),
    failed: one("select count(*) from audit_entry where action = 'import.failed'"),
  });
  return { world, ctx, cli, bytes, written, end };
}
const WHOLE = { state: 'done', entries: ROWS, people: ROWS, done: 1, failed: 0 };

test.each([250, 750])('an import that jobs took over is theirs alone, %i rows after its beginning', async (rows) => {
  const { world, ctx, cli, bytes, written, end } = office();
  const { id } = await certificates.lookAtSheet(cli, { name: 'p.csv', bytes, kind: 'personnel' });
  const told = certificates.writeSheet(cli, id).then(
    ({ state }) => state,
    (error: Error) => error.message,
  );
  await written(rows);
  world.clock.advance(2 * MINUTE);
  await Promise.all([told, certificates.runImports(ctx)]);
  expect(end(id)).toEqual(WHOLE);
  expect(await told).toMatch(/^done$|diambil alih proses tugas/);
});

test('what nobody took over in the silence is ended by its own process', async () => {
  const { world, cli, bytes, written, end } = office();
  const { id } = await certificates.lookAtSheet(cli, { name: 'p.csv', bytes, kind: 'personnel' });
  const told = certificates.writeSheet(cli, id);
  await written(250);
  world.clock.advance(2 * MINUTE);
  expect((await told).state).toBe('done');
  expect(end(id)).toEqual(WHOLE);
});
