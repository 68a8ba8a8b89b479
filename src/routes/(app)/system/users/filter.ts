// The list's filter as its address says it; what is not a known value counts as not asked.
import { ROLES, type Role } from '#lib/server/permission.ts';
import type { AccountState } from '#lib/server/auth/index.ts';

const STATES: readonly AccountState[] = ['active', 'invited', 'disabled'];
const known = <T extends string>(values: readonly T[], text: string | null): T | undefined =>
  values.find((value) => value === text);

export const accountFilter = (url: URL): { q: string; role?: Role; state?: AccountState } => ({
  q: (url.searchParams.get('q') ?? '').trim().slice(0, 100),
  role: known(ROLES, url.searchParams.get('role')),
  state: known(STATES, url.searchParams.get('state')),
});
