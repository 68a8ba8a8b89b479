// Revocation on the screen: the answer stands on the first screen of a certificate, and whoever goes on to report an
// incident has nothing to type. Nothing is sent, so that the other stories find the city as it was.
import { expect, test } from '@playwright/test';
import { signInAs } from './people.ts';

test('from an early removal the report of an incident is filled in, word for word from the evidence', async ({
  page,
}) => {
  await signInAs(page, 'Pengawas');
  await page.goto('/sources/signals?kind=early_removal');
  await page.locator('tbody a[href^="/sources/signals/"]').first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Hilang dari CRL sebelum waktunya');
  const certificate = await page.locator('aside a[href^="/certificates/"]').getAttribute('href');

  await page.goto(certificate!);
  const answer = page.getByRole('region', { name: 'Status', exact: true });
  await expect(answer).toContainText('Nomor serinya tercantum sebagai dicabut di CRL');
  await expect(answer).toContainText('Dasar: RFC 5280');
  await expect(answer.getByRole('link', { name: /^CRL .* nomor \d+/ })).toHaveAttribute('href', /^\/evidence\//);

  await answer.getByRole('link', { name: 'Buka Insiden' }).click();
  await expect(page).toHaveURL(/\/lapor\?certificate=[\w-]+&signal=[\w-]+$/);
  await expect(page.getByLabel('Cerita singkat')).toHaveValue(
    /lalu hilang dari CRL[\s\S]*Bukti: CRL[\s\S]*\/evidence\//,
  );
  const complete = await page
    .getByRole('button', { name: 'Kirim Laporan' })
    .evaluate((button: HTMLButtonElement) => button.form!.checkValidity());
  expect(complete).toBe(true);
});

test('an address cannot put words into a report', async ({ page }) => {
  await signInAs(page, 'Pengawas');
  await page.goto('/lapor?certificate=%3Cscript%3E&signal=1&story=Diisi+orang+lain&phone=0812');
  await expect(page.getByLabel('Cerita singkat')).toHaveValue('');
  await expect(page.getByLabel('Nomor HP yang bisa dihubungi')).toHaveValue('');
});
