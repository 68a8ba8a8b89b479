import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { databaseFile, immediately, isBusy, openDatabase } from './index.ts';

function office() {
  const dir = mkdtempSync(path.join(tmpdir(), 'siaga-turn-'));
  const open = () => {
    const client = openDatabase(databaseFile(dir)).$client;
    onTestFinished(() => {
      client.close();
    });
    return client;
  };
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const client = open();
  client.exec('create table written (by text not null)');
  return { dir, client, open };
}

const patience = (client: ReturnType<typeof office>['client']) => client.pragma('busy_timeout', { simple: true });

test('who waits is let in between the transactions of one that writes without end', { timeout: 60_000 }, async () => {
  const { dir, client } = office();
  const long = new Worker(
    `import { databaseFile, openDatabase } from '${import.meta.dirname}/index.ts';
     import { letOthersWrite } from '${import.meta.dirname}/pace.ts';
     const client = openDatabase(databaseFile(${JSON.stringify(dir)})).$client;
     for (;;) {
       client.transaction(() => {
         client.exec("insert into written values ('long')");
         for (const until = performance.now() + 60; performance.now() < until;);
       }).immediate();
       await letOthersWrite();
     }`,
    { eval: true, execArgv: ['--input-type=module', '--disable-warning=ExperimentalWarning'] },
  );
  onTestFinished(() => void long.terminate());
  const written = client.prepare("select count(*) from written where by = 'long'").pluck();
  while (written.get() === 0) await pause(5);
  const waited: number[] = [];
  for (let i = 0; i < 12; i++) {
    const before = written.get() as number;
    immediately(client, () => client.exec("insert into written values ('other')"));
    waited.push((written.get() as number) - before);
    await pause(17);
  }
  waited.sort((a, b) => a - b);
  // The one under way, and when the machine is busy with other things the next: SQLite's own waiting lets a dozen pass.
  expect(waited[6]).toBeLessThanOrEqual(2);
});

test('who cannot wait is told at once; afterwards the connection is as patient as before', () => {
  const { client, open } = office();
  const other = open();
  const before = patience(client);
  other.exec('begin immediate');
  let failure: unknown;
  try {
    immediately(client, () => expect.unreachable(), 0);
  } catch (error) {
    failure = error;
  }
  expect(isBusy(failure)).toBe(true);
  expect([before, patience(client)]).toEqual([4000, 4000]);
  other.exec('commit');
  expect(immediately(client, () => patience(client), 0)).toBe(4000);
});

test('what the work throws undoes it, and is not tried again; inside a transaction only its own part is undone', () => {
  const { client } = office();
  let times = 0;
  const failing = () => {
    times += 1;
    client.exec("insert into written values ('gone')");
    throw new Error('penuh');
  };
  expect(() => immediately(client, failing)).toThrow('penuh');
  expect(times).toBe(1);
  immediately(client, () => {
    client.exec("insert into written values ('kept')");
    expect(() => immediately(client, failing)).toThrow('penuh');
  });
  expect(client.prepare('select by from written').pluck().all()).toEqual(['kept']);
  expect(client.inTransaction).toBe(false);
});
