// Every page of every role: it answers, axe finds nothing in light and dark, nothing scrolls sideways at 360 px, no
// script error, no inline style, no word of the code on the screen. Pages are found by following links from home.
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { ROLES, signInAs } from './people.ts';
import { templateOf, templates } from './routes.ts';

/** Reached through a one-time link only; their own tests visit them. */
const BY_LINK = ['/setup/[token]', '/invitation/[token]', '/reset/[token]', '/lapor/[token]'];
const visited = new Set<string>();

// A trace of a whole crawl costs more than the crawl.
test.use({ trace: 'off' });

for (const role of ROLES) {
  test(`every page that ${role} can reach is whole`, async ({ page }) => {
    test.setTimeout(480_000);
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of 40[34]/.test(message.text()))
        complaints.push(`${page.url()}: ${message.text()}`);
    });
    await signInAs(page, role);
    const seen = new Set<string>();
    const times = new Map<string, number>();
    const waiting = ['/', '/account'].map((address) => ({ address, found: 'the menu' }));
    while (waiting.length) {
      const { address, found } = waiting.shift()!;
      const template = templateOf(new URL(address, 'http://x').pathname);
      // A few addresses of each page: another year or tab may be the only way to a page behind it.
      if (!template || seen.has(address) || (times.get(template) ?? 0) >= 5) continue;
      seen.add(address);
      times.set(template, (times.get(template) ?? 0) + 1);
      // Another role's examination of the same page stands; for this role it must answer, and its links count.
      const known = visited.has(template) && address !== '/';
      const response = known ? await page.request.get(address) : await page.goto(address);
      if (!response || response.status() >= 400) {
        complaints.push(`${role}: ${address}, linked from ${found}, answered ${response?.status()}`);
        continue;
      }
      if (!known) complaints.push(...(await examine(page, address)));
      visited.add(template);
      waiting.push(...linksIn(await response.text()).map((link) => ({ address: link, found: address })));
    }
    expect(complaints).toEqual([]);
  });
}

test('the pages that need no sign-in are whole', async ({ page }) => {
  const complaints: string[] = [];
  for (const address of ['/sign-in', '/reset', '/lapor']) {
    await page.goto(address);
    complaints.push(...(await examine(page, address)));
    visited.add(address);
  }
  expect(complaints).toEqual([]);
});

test('the pages behind a form of the list are whole: saved views, a bulk act and what came of it', async ({ page }) => {
  const complaints: string[] = [];
  const whole = async (template: string) => {
    complaints.push(...(await examine(page, template)));
    visited.add(template);
  };
  await signInAs(page, 'Pengawas');
  await page.goto('/certificates?status=expired');
  await page.locator('#tampilan summary').click();
  await page.getByLabel('Simpan saringan, urutan, dan kolom').fill('Sudah habis');
  await page.getByRole('button', { name: 'Simpan Tampilan' }).click();
  await expect(page.getByRole('link', { name: 'Sudah habis' })).toBeAttached();
  await page.goto('/certificates/views');
  await expect(page.getByText('Sudah habis').first()).toBeVisible();
  await whole('/certificates/views');

  await page.goto('/certificates?status=expired');
  await page.locator('tbody input[name=id]').first().check();
  await page.locator('button[name=act][value=archive]').click();
  await page.waitForURL(/bulk\?/);
  await whole('/certificates/bulk');
  await page.getByLabel('Alasan').fill('Sudah lama habis dan tidak dipakai lagi.');
  await page.locator('form button.btn--main').click();
  await page.waitForURL(/bulk\/[^?/]+$/);
  await whole('/certificates/bulk/[id]');
  expect(complaints).toEqual([]);
});

test('an object that was refused has a page with its reason and what to do', async ({ page }) => {
  const complaints: string[] = [];
  await signInAs(page, 'Pengawas');
  await page.goto('/sources/uploads');
  await page
    .getByLabel('Berkas CRL atau jawaban OCSP')
    .setInputFiles({ name: 'bukan.crl', mimeType: 'application/pkix-crl', buffer: Buffer.from([0x30, 3, 2, 1, 0]) });
  await page.getByRole('button', { name: 'Unggah dan Periksa' }).click();
  const refused = page.locator('a[href^="/sources/refused/"]').first();
  await expect(refused).toBeVisible({ timeout: 20_000 });
  await refused.click();
  await expect(page.getByText('Ditolak, tidak mengubah status apa pun')).toBeVisible();
  complaints.push(...(await examine(page, '/sources/refused/[id]')));
  visited.add('/sources/refused/[id]');
  expect(complaints).toEqual([]);
});

test('no page was left out', () => {
  expect(templates.filter((template) => !visited.has(template) && !BY_LINK.includes(template))).toEqual([]);
});

async function examine(page: Page, address: string): Promise<string[]> {
  const complaints: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const axe = new AxeBuilder({ page });
    // Only colours differ between the themes.
    if (colorScheme === 'dark') axe.withRules('color-contrast');
    else axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']);
    const { violations } = await axe.analyze();
    for (const { id, nodes } of violations)
      complaints.push(`${address} (${colorScheme}): ${id}: ${nodes[0]?.html.slice(0, 160)}`);
  }
  await page.setViewportSize({ width: 360, height: 740 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) complaints.push(`${address}: ${wide} px wider than a 360 px window`);
  await page.setViewportSize({ width: 1280, height: 800 });
  // The announcer is SvelteKit's; its one style is allowed by hash.
  const inline = await page.locator('[style]:not(canvas, #svelte-announcer)').count();
  if (inline) complaints.push(`${address}: ${inline} inline styles`);
  const words = await page.locator('body').innerText();
  const leak = /\b(undefined|NaN|null|\[object|Invalid Date|true|false)\b/.exec(words);
  if (leak) complaints.push(`${address}: "${words.slice(Math.max(0, leak.index - 40), leak.index + 20)}"`);
  return complaints;
}

const linksIn = (html: string): string[] =>
  [...html.matchAll(/<a [^>]*href="(\/[^"#]*)[^"]*"/g)].map(([, href]) => href!.replaceAll('&amp;', '&'));
