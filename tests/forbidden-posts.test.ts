// Every form of every page, sent by people who may not: each answer is a refusal, and the database did not move. Pages
// offer no such form, but whoever writes a request by hand needs none.
import { expect, test } from 'vitest';
import { isActionFailure, isHttpError } from '@sveltejs/kit';
import type { Context, UserActor } from '#lib/server/context.ts';
import { connection } from '#lib/server/db/index.ts';
import { mayOpen, type Role } from '#lib/server/permission.ts';
import { roles } from '#lib/terms.ts';
import { makeWorld, type World } from './support/world.ts';

type Action = (event: object) => unknown;
const modules = import.meta.glob<{ actions?: Record<string, Action> }>('../src/routes/**/+page.server.ts', {
  eager: true,
});
const signedIn = Object.entries(modules).filter(([file]) => file.includes('/(app)/'));
const forms = signedIn.flatMap(([file, { actions }]) => {
  const path = file.replace(/^.*\/\(app\)|\/\+page\.server\.ts$/g, '') || '/';
  return Object.entries(actions ?? {}).map(([name, action]) => ({ path, name, action }));
});

/** Everybody who is signed in looks after the own account. */
const OWN = new Set(['/account']);

/** What a form might say, so that a verb gets as far as it can. */
function typed(): FormData {
  const form = new FormData();
  const words = { reason: 'Alasan yang cukup', why: 'Alasan yang cukup', text: 'Isi', name: 'Nama', kind: 'person' };
  for (const [name, value] of Object.entries(words)) form.set(name, value);
  return form;
}

async function send(who: Context & { actor: UserActor }, { path, action }: (typeof forms)[number]): Promise<number> {
  const params = Object.fromEntries([...path.matchAll(/\[(\w+)\]/g)].map(([, name]) => [name, 'x']));
  const url = new URL(`http://siaga.test${path.replace(/\[\w+\]/g, 'x')}`);
  const request = new Request(url, { method: 'POST', body: typed() });
  const cookies = { get: () => undefined, set: () => undefined, delete: () => undefined };
  try {
    const result = await action({ request, url, params, cookies, locals: { ctx: who, user: who.actor } });
    return isActionFailure(result) ? result.status : 200;
  } catch (thrown) {
    if (isHttpError(thrown)) return thrown.status;
    throw thrown;
  }
}

/** @returns every form that was not refused, or that changed something */
async function holes(world: World, who: Context & { actor: UserActor }, tried: typeof forms): Promise<string[]> {
  const changes = () => connection(world.db).prepare('select total_changes()').pluck().get() as number;
  const found: string[] = [];
  for (const form of tried) {
    const before = changes();
    const status = await send(who, form);
    if (status !== 403 && status !== 404) found.push(`${form.path}?/${form.name}: ${status}`);
    if (changes() !== before) found.push(`${form.path}?/${form.name}: changed the database`);
  }
  return found;
}

test('somebody without a role may send no form but those of the own account', async () => {
  const world = makeWorld();
  const tried = forms.filter(({ path }) => !OWN.has(path));
  expect(tried.length).toBeGreaterThan(100);
  expect(await holes(world, world.person([]), tried)).toEqual([]);
});

test.each(Object.keys(roles) as Role[])('%s may send no form of a page that is closed to that role', async (role) => {
  const world = makeWorld();
  const who = world.person(role);
  const tried = forms.filter(({ path }) => !mayOpen(who.actor, path));
  expect(await holes(world, who, tried)).toEqual([]);
});
