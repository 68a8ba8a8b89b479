// A private key typed into any field of any form: refused before a room sees it, not written anywhere, not sent back, and
// whoever did it is told that the key counts as exposed and where to report it.
import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { isActionFailure } from '@sveltejs/kit';
import { connection } from '#lib/server/db/index.ts';
import { keyRefused, keyReport, roles } from '#lib/terms.ts';
import type { Role } from '#lib/server/permission.ts';
import { makeWorld } from './support/world.ts';

type Action = (event: object) => unknown;
const modules = import.meta.glob<{ actions?: Record<string, Action> }>('../src/routes/**/+page.server.ts', {
  eager: true,
});
const forms = Object.entries(modules).flatMap(([file, { actions }]) => {
  const path = file.replace(/^.*\/\((app|open)\)|\/\+page\.server\.ts$/g, '') || '/';
  return Object.entries(actions ?? {}).map(([name, action]) => ({ path, name, action }));
});
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
}) as string;

test('every form of every page refuses a private key in a text field, keeps nothing and sends only the rest back', async () => {
  const world = makeWorld();
  const who = world.person(Object.keys(roles) as Role[]);
  const changes = () => connection(world.db).prepare('select total_changes()').pluck().get();
  const before = changes();
  expect(forms.length).toBeGreaterThan(100);
  for (const { path, name, action } of forms) {
    const body = new FormData();
    body.set('story', `Mohon dibantu. ${key}`);
    body.set('note', 'Isian lain');
    const url = new URL(`http://siaga.test${path.replace(/\[\w+\]/g, 'x')}`);
    const event = {
      request: new Request(url, { method: 'POST', body }),
      url,
      params: Object.fromEntries([...path.matchAll(/\[(\w+)\]/g)].map(([, param]) => [param, 'x'])),
      cookies: { get: () => undefined, set: () => undefined, delete: () => undefined },
      locals: { ctx: who, user: who.actor },
    };
    const answer = await action(event);
    expect([
      path,
      name,
      isActionFailure(answer) && { status: answer.status, ...(answer.data as unknown as object) },
    ]).toMatchObject([
      path,
      name,
      {
        status: 400,
        message: keyRefused.field,
        fields: { story: 'Isi lagi tanpa kuncinya, lalu kirim.' },
        values: { note: 'Isian lain' },
        lead: keyReport,
      },
    ]);
    expect([path, name, JSON.stringify(answer)]).not.toEqual([path, name, expect.stringContaining('PRIVATE KEY')]);
  }
  expect(changes()).toBe(before);
});
