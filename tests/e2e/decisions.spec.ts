// Three decisions about the inventory that rest on what the browser does: the filter of what the portal says otherwise,
// the confirmation of a renewal, and the key N that asks for a new owner.
import { expect, test, type Locator, type Page } from '@playwright/test';
import { signInAs } from './people.ts';

test.setTimeout(90_000);
test.use({ viewport: { width: 1440, height: 900 } });

/** What jobs do shows on the same page a moment later. */
async function until(page: Page, seen: Locator): Promise<void> {
  const address = page.url();
  await expect(async () => {
    if (!(await seen.isVisible())) await page.goto(address);
    await expect(seen).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 60_000 });
}
const day = (from: number): string => new Date(Date.now() + from * 86_400_000).toISOString().slice(0, 10);

test('a list in which the portal says otherwise is previewed with its words, and the filter finds exactly those', async ({
  page,
}) => {
  const mark = `Uji Portal ${Date.now()}`;
  const rows = [
    'Nama;Nomor Seri;Berlaku Sampai;OPD;Status',
    `${mark} Satu;${Date.now()}1;${day(300)};Dinas Kesehatan;REVOKE`,
    `${mark} Dua;${Date.now()}2;${day(300)};;ISSUE`,
    `${mark} Tiga;${Date.now()}3;${day(-300)};;ISSUE`,
    'Mengetahui, Kepala Dinas;;;;',
    'Drs. Contoh, M.Si.;;;;',
  ];
  await signInAs(page, 'Verifikator');
  await page.goto('/certificates/import');
  const upload = page.locator('form', { has: page.locator('input[type=file]') }).first();
  await upload
    .locator('input[type=file]')
    .setInputFiles({ name: 'portal.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) });
  await upload.getByRole('button', { name: /^Impor/ }).click();
  await expect(page).toHaveURL(/\/imports\//);
  await until(page, page.getByRole('button', { name: 'Impor 3 baris' }));
  const shown = (name: string) => page.getByRole('row', { name: new RegExp(`${mark} ${name}`, 'i') });
  await expect(shown('Satu')).toContainText('Tanpa pemilik · Dinas Kesehatan · Portal BSrE: Dicabut');
  await expect(shown('Dua')).toContainText('Tanpa pemilik · Tanpa Perangkat Daerah · Portal BSrE: Aktif');
  await expect(page.getByText('2 baris tanda tangan di bawah daftar dilewati (baris 5–6)')).toBeVisible();
  await page.getByRole('button', { name: 'Impor 3 baris' }).click();
  await until(page, page.getByRole('link', { name: '3 sertifikat baru' }));

  await page.goto(`/certificates?q=${encodeURIComponent(mark)}`);
  await expect(page.locator('tbody tr')).toHaveCount(3);
  await page.waitForLoadState('networkidle');
  const portal = page.locator('select[name=portal]');
  await expect(async () => {
    if (!(await portal.isVisible())) await page.getByText('Saring lebih lanjut').click({ timeout: 2000 });
    // With script a choice is sent at once.
    await portal.selectOption('mismatch', { timeout: 2000 });
  }).toPass({ timeout: 30_000 });
  await expect(page).toHaveURL(/portal=mismatch/);
  await expect(page.locator('tbody tr')).toHaveCount(2);
  await expect(page.locator('tbody')).toContainText(/Satu/i);
  await expect(page.locator('tbody')).toContainText(/Tiga/i);
  // The record says how they differ, and which import said so.
  await page.locator('tbody a.row').filter({ hasText: /Satu/i }).click();
  await expect(page.getByRole('region', { name: 'Status', exact: true })).toContainText(
    'Portal menyebutnya dicabut, tetapi Siaga belum dapat membuktikannya',
  );
  await expect(page.locator('ol.trail').getByRole('link', { name: /^IMP-/ })).toHaveAttribute('href', /^\/imports\//);
});

test('a renewal that was proposed is confirmed by one click, and stands among the confirmed ones', async ({ page }) => {
  await signInAs(page, 'Verifikator');
  await page.goto('/renewals?pairs=doubtful');
  await page.getByRole('link', { name: /^Diusulkan, tanpa catatan/ }).click();
  const first = page.locator('tbody tr').first();
  const name = await first.getByRole('link').first().innerText();
  await first.getByRole('link', { name: 'Bandingkan' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Pengganti sertifikat');
  const compared = page.url();
  await page.getByRole('button', { name: 'Bukan Penggantinya' }).click();
  // A rejection needs a reason; nothing was decided.
  await expect(page.getByLabel('Alasan')).toBeFocused();
  await page.getByRole('button', { name: 'Ya, Ini Penggantinya' }).click();
  await expect(page).toHaveURL(/done=confirmed/);
  await page.goto(compared);
  await expect(page.getByText('Dikonfirmasi sebagai pengganti')).toBeVisible();
  await page.goto('/renewals?pairs=doubtful');
  await page.getByRole('link', { name: /^Dikonfirmasi/ }).click();
  await expect(page.locator('tbody')).toContainText(name);
});

test('N asks for a new owner with the focus in the name, types nothing into it, and gives the focus back', async ({
  page,
}) => {
  await signInAs(page, 'Verifikator');
  await page.goto('/matching?tab=decide');
  const opens = page.locator('#pemilik-baru > summary');
  await expect(opens).toBeVisible();
  await page.waitForLoadState('networkidle');
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'Pemilik baru dari sertifikat ini?' });
  const name = dialog.getByLabel('Nama', { exact: true });
  await expect(name).toBeFocused();
  const proposed = await name.inputValue();
  expect(proposed).not.toBe('');
  // In a field the keys are letters again.
  await page.keyboard.press('End');
  await page.keyboard.press('n');
  await expect(name).toHaveValue(`${proposed}n`);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(opens).toBeFocused();
  // The focus never leaves the open dialog for the page behind it.
  await page.keyboard.press('n');
  await expect(name).toBeFocused();
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('main, header, nav, dialog')?.tagName)).not.toBe(
      'MAIN',
    );
  }
});

test('C reaches the search, a hit takes the digits back, Esc leaves the field, and G leads away without deciding', async ({
  page,
}) => {
  await signInAs(page, 'Verifikator');
  await page.goto('/matching?tab=decide');
  await expect(page.locator('#pemilik-baru > summary')).toBeVisible();
  await page.waitForLoadState('networkidle');
  const field = page.getByRole('searchbox', { name: 'Cari orang lain' });
  const first = page.locator('[data-key="1"]');
  await page.keyboard.press('c');
  await expect(field).toBeFocused();
  await page.keyboard.type('a');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/[?&]q=a/);
  await expect(first).toBeFocused();
  await page.keyboard.press('c');
  await expect(field).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(first).toBeFocused();
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await expect(page).toHaveURL(/\/reports$/);
});
