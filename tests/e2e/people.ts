import { expect, type Page } from '@playwright/test';

export const ROLES = [
  'Pengawas',
  'Penangan Insiden',
  'Verifikator',
  'Pimpinan',
  'Kepala Dinas',
  'Auditor',
  'Petugas Perangkat Daerah',
  'Administrator',
] as const;
export type RoleName = (typeof ROLES)[number];

/** Signs in with the demo's role card and waits for the home page. */
export async function signInAs(page: Page, role: RoleName): Promise<void> {
  await page.context().clearCookies();
  await page.goto('/sign-in');
  await page.getByRole('button', { name: `Masuk sebagai ${role}` }).click();
  await expect(page.getByRole('navigation', { name: /Menu/ }).first()).toBeAttached();
}
