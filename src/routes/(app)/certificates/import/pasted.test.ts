// What was pasted and refused comes back with the page, so that it is not lost without a script; a private key never does.
import { generateKeyPairSync } from 'node:crypto';
import { isActionFailure, isRedirect } from '@sveltejs/kit';
import { expect, test } from 'vitest';
import { makeWorld } from '#tests/support/world.ts';
import type { Refusal } from '#lib/server/web.ts';
import { actions } from './+page.server.ts';

type Action = keyof typeof actions & ('files' | 'personnel');

async function answerTo(action: Action, fields: Record<string, string>): Promise<unknown> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  const request = new Request(`http://siaga.test/certificates/import?/${action}`, { method: 'POST', body });
  const ctx = makeWorld().person('verifier');
  const event = { request, locals: { ctx } } as unknown as Parameters<NonNullable<typeof actions.files>>[0];
  return actions[action]!(event);
}

async function refusal(fields: Record<string, string>, action: Action = 'files'): Promise<Refusal> {
  const answer = await answerTo(action, fields);
  if (!isActionFailure(answer)) throw new Error('Not refused.');
  return answer.data as unknown as Refusal;
}

test('a refused text stands in its box again, beside what else was typed', async () => {
  const { fields, values } = await refusal({ pasted: 'halo apa kabar', agency: '' });
  expect(fields.pasted).toContain('bukan sertifikat');
  expect(values).toEqual({ pasted: 'halo apa kabar', agency: '' });
});

test('cells come back too when another field is what was wrong', async () => {
  const cells = 'Nama\tNomor Seri\nANI\t77AA';
  expect((await refusal({ pasted: cells, agency: 'tidak-ada' })).values.pasted).toBe(cells.replace('\n', '\r\n'));
});

test('nothing of a private key is sent back, however it is written', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const bare = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');
  for (const pasted of [pem, bare, `Nama\tKunci\nANI\t"${pem}"`, `Mohon dicek: ${pem}`]) {
    const { values } = await refusal({ pasted, agency: 'tidak-ada' });
    expect(values).toEqual({ agency: 'tidak-ada' });
  }
});

test('people are pasted as cells; what is no list is said to be none, and a key is refused as one', async () => {
  const cells = { pasted: 'Nama\tNIP\tPerangkat Daerah\nSri\t197811042005012007\tDisdik' };
  const led: unknown = await answerTo('personnel', cells).catch((thrown: unknown) => thrown);
  expect(isRedirect(led) && led.location).toMatch(/^\/imports\/[\w-]+$/);
  expect((await refusal({ pasted: '-----BEGIN CERTIFICATE-----\nMIIB' }, 'personnel')).fields.pasted).toContain(
    'kotak',
  );
  expect((await refusal({ pasted: '' }, 'personnel')).fields.files).toContain('Belum ada berkas');
});
