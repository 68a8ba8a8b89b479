// The plan of the sample city keeps the rules that the product holds offices to.
import { expect, test } from 'vitest';
import { makeWorld, NOW } from '#tests/support/world.ts';
import * as agencies from '#lib/server/agencies/index.ts';
import { DAY, startOfDay, wibDate } from '#lib/server/calendar.ts';
import { planEstate } from './estate.ts';
import { makePeople, type Agency } from './people.ts';
import { random } from './random.ts';

test.each([1, 7, 20261122, 99])('nobody was given a certificate after they had left (seed %i)', (seed) => {
  const world = makeWorld();
  agencies.seed(world.ctx());
  const register = agencies.list(world.ctx()).map((one): Agency => ({ ...one, parent: '' }));
  const dice = random(seed);
  const people = makePeople(register, dice, wibDate(NOW));
  const plans = planEstate(people, new Set(register.map((one) => one.code)), dice, startOfDay(wibDate(NOW)));
  const leavers = plans.filter((plan) => plan.person?.statusSince);
  expect(leavers.length).toBeGreaterThan(20);
  const late = leavers.filter((plan) => wibDate(plan.notBefore) > plan.person!.statusSince);
  expect(late.map((plan) => plan.commonName)).toEqual([]);
  expect(plans.every((plan) => plan.lifetime > 300 * DAY)).toBe(true);
});
