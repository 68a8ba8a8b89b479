// The first hour of a real office: `npm start` on an empty folder, the one-time link from the console, the seven steps of
// Langkah Awal with the sheets as offices send them, a mail server that really answers, and the true state at the end.
import { expect, test, type Locator, type Page } from '@playwright/test';
import { randomBytes } from 'node:crypto';
import { makeIntermediate, makeLeaf, makeRoot } from '../support/ca.ts';
import { officeCertificateSheet, officePersonnelSheet } from '../support/office-sheets.ts';
import { openOffice, type Office } from './office.ts';

const PASSWORD = 'sembilan-belas-perahu-jelatang';
const YEAR = 365 * 86_400_000;
const FILES = 60;
const CERTIFICATES = 1800;
const PEOPLE = 2000;
const number = (n: number): string => n.toLocaleString('id-ID');

test.describe.configure({ mode: 'serial' });
test.use({ viewport: { width: 1440, height: 900 } });
test.setTimeout(180_000);

let office: Office;
let page: Page;
let supervisor: Page;
const invitations = new Map<string, string>();

test.beforeAll(async ({ browser }) => {
  office = await openOffice({ data: 'test-results/first-hour', port: 4797 });
  const person = async () => {
    const context = await browser.newContext({ baseURL: office.base, locale: 'id-ID', reducedMotion: 'reduce' });
    const opened = await context.newPage();
    opened.setDefaultTimeout(15_000);
    return opened;
  };
  page = await person();
  supervisor = await person();
});
test.afterAll(async () => {
  await page?.context().close();
  await supervisor?.context().close();
  await office?.close();
});

const dialog = (at: Page, name: string | RegExp): Locator => at.getByRole('dialog', { name });
const form = (at: Page, name: string): Locator => at.getByRole('form', { name });
const step = (n: number): Locator => page.locator('ol.steps > li').nth(n - 1);
/** Langkah Awal as it stands now: each step is left and found again here. */
async function start(): Promise<void> {
  await page.goto('/start');
  await expect(page.getByRole('heading', { name: 'Langkah Awal', level: 1 })).toBeVisible();
}
/** A page whose import is read or written by the jobs process. */
async function until(at: Page, seen: Locator): Promise<void> {
  await at.waitForLoadState('networkidle');
  const address = at.url();
  await expect(async () => {
    if (!(await seen.isVisible())) await at.goto(address);
    await expect(seen).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 60_000 });
}

test('the link from the console makes the first administrator and leads to seven open steps', async () => {
  await page.goto(office.setupLink);
  await page.getByLabel('Nama lengkap').fill('Rina Administrator');
  await page.getByLabel('Surel kedinasan').fill('rina@batam.example');
  await page.locator('input[name=password]').fill('pendek');
  await page.getByRole('button', { name: 'Buat Akun dan Mulai' }).click();
  await expect(page.getByLabel('Surel kedinasan')).toHaveValue('rina@batam.example');
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.getByRole('button', { name: 'Buat Akun dan Mulai' }).click();
  await expect(page).toHaveURL(/\/start$/);
  await expect(page.getByText('0 dari 7 selesai')).toBeVisible();
  // The link was for one time.
  await supervisor.goto(office.setupLink);
  await expect(supervisor.getByLabel('Nama lengkap')).toHaveCount(0);
});

test('1: identity, letterhead and who signs; what is missing is named', async () => {
  await step(1)
    .getByRole('link', { name: /^Isi Identitas/ })
    .click();
  await page.getByLabel('Nama Dinas').fill('Dinas Komunikasi dan Informatika');
  await page.getByLabel('Alamat', { exact: true }).fill('Jalan Engku Putri Nomor 1, Batam Centre 29400');
  await page.getByLabel('Sumber').fill('SK');
  await page.getByRole('button', { name: 'Simpan Versi Baru' }).click();
  await expect(page.getByText('Isi dasar perubahan').first()).toBeVisible();
  await expect(page.getByLabel('Nama Dinas')).toHaveValue('Dinas Komunikasi dan Informatika');
  await page.getByLabel('Sumber').fill('SK Kepala Dinas 12/2026');
  await page.getByRole('button', { name: 'Simpan Versi Baru' }).click();
  await expect(page.getByText('Pengaturan tersimpan sebagai versi baru.')).toBeVisible();
  await start();
  await expect(step(1)).toContainText('Belum diisi: penanda tangan.');
  await step(1).getByRole('link', { name: 'Penanda tangan', exact: true }).click();
  await page.getByLabel('Nama dan gelar').fill('Dr. Andi Contoh, S.T.');
  await page.getByLabel('Sumber').fill('SK Walikota 3/2026');
  await page.getByRole('button', { name: 'Simpan Versi Baru' }).click();
  await start();
  await expect(step(1)).toContainText('Selesai');
  await expect(page.getByText('1 dari 7 selesai')).toBeVisible();
});

test('2: head, supervisor and officer on duty are invited; an invitation works before any mail', async () => {
  for (const [name, role] of [
    ['Andi Kepala', 'Kepala Dinas'],
    ['Sari Pengawas', 'Pengawas'],
    ['Budi Piket', 'Penangan Insiden'],
  ] as const) {
    await page.goto('/system/users/new');
    const invite = form(page, 'Undang pengguna');
    await invite.getByLabel('Nama lengkap').fill(name);
    await invite.getByLabel('Surel kedinasan').fill(`${name.split(' ')[0]!.toLowerCase()}@batam.example`);
    await invite.getByRole('checkbox', { name: new RegExp(`^${role}\\b`) }).check();
    await invite.getByRole('button', { name: 'Buat Undangan' }).click();
    const link = page.getByText(/\/invitation\/\S+/).or(page.locator('input[value*="/invitation/"]'));
    await expect(link.first()).toBeVisible();
    const html = await page.content();
    invitations.set(role, /(https?:\/\/[^\s"<]+)?(\/invitation\/[\w-]+)/.exec(html)![2]!);
  }
  await start();
  await expect(step(2)).toContainText('1 Kepala Dinas, 1 Pengawas, 1 Penangan Insiden.');
  await supervisor.goto(invitations.get('Pengawas')!);
  await supervisor.locator('input[name=password]').fill(PASSWORD);
  await supervisor.getByRole('button', { name: 'Simpan dan Masuk' }).click();
  await expect(supervisor.getByRole('navigation', { name: /Menu/ }).first()).toBeAttached();
  // Until there are certificates, Beranda is Langkah Awal for everyone: what is theirs, and who does the rest.
  await supervisor.goto('/');
  await expect(supervisor.getByText('Langkah Anda berikutnya: Impor daftar pegawai.')).toBeVisible();
  await expect(supervisor.getByText('Dikerjakan Rina Administrator (Administrator)').first()).toBeVisible();
  await expect(supervisor.getByRole('link', { name: /^Periksa Penerbit/ })).toHaveCount(0);
});

test('3: issuers are trusted only after their fingerprint was compared', async () => {
  const now = Date.now();
  const root = makeRoot({ notBefore: now - 5 * YEAR, notAfter: now + 15 * YEAR });
  const issuer = makeIntermediate(root, { notBefore: now - 4 * YEAR, notAfter: now + 6 * YEAR });
  ca = { root, issuer };
  await step(3)
    .getByRole('link', { name: /^Periksa Penerbit/ })
    .click();
  await page.waitForURL('**/trust');
  // The national issuers are there as proposals; nothing of them is trusted.
  await until(page, page.getByRole('heading', { name: 'Root CA Indonesia DS G1' }));
  const add = form(page, 'Tambah penerbit');
  await add.locator('input[type=file]').setInputFiles(
    [root, issuer].map(({ certificate }, i) => ({
      name: `penerbit-${i}.cer`,
      mimeType: 'application/pkix-cert',
      buffer: certificate,
    })),
  );
  await add.getByRole('button', { name: 'Usulkan Penerbit' }).click();
  const section = page.getByRole('article', { name: 'Root CA Uji G1', exact: true });
  await expect(section).toBeVisible();
  const fingerprint = (await sha256(root.certificate)).toUpperCase();
  await section.getByText('Bandingkan Sidik Jari…').click();
  const compare = dialog(page, 'Percayai Root CA Uji G1?');
  await compare.getByLabel('Sidik jari SHA-256 dari sumber resmi').fill(fingerprint.replace(/^../, '00'));
  await compare.getByLabel('Dibandingkan dengan').fill('Telepon BSrE 021-000000');
  await compare.getByRole('button', { name: 'Percayai Penerbit Ini' }).click();
  await expect(compare.getByText(/tidak (sama|cocok)/).first()).toBeVisible();
  await compare.getByLabel('Sidik jari SHA-256 dari sumber resmi').fill(fingerprint.match(/../g)!.join(':'));
  await compare.getByRole('button', { name: 'Percayai Penerbit Ini' }).click();
  // Decided: it no longer waits.
  await expect(section).toHaveCount(0);
  await start();
  await expect(step(3)).toContainText('1 penerbit dipercaya.');
});

let ca: { root: ReturnType<typeof makeRoot>; issuer: ReturnType<typeof makeRoot> };
const sha256 = async (bytes: Buffer): Promise<string> =>
  Buffer.from(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))).toString('hex');

test('4: the personnel list of 2,000 rows is read, judged and imported', async () => {
  const sheet = await officePersonnelSheet({ rows: PEOPLE });
  await step(4)
    .getByRole('link', { name: /^Impor Pegawai/ })
    .click();
  const upload = form(page, 'Impor daftar pegawai');
  await upload.locator('input[type=file]').setInputFiles({
    name: sheet.name,
    mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    buffer: Buffer.from(sheet.bytes),
  });
  await upload.getByRole('button', { name: 'Impor Daftar Pegawai' }).click();
  await expect(page).toHaveURL(/\/imports\//);
  const address = page.url();
  // Left and found again at its step.
  await start();
  await step(4).getByRole('link', { name: /IMP-/ }).click();
  await expect(page).toHaveURL(address);
  await until(page, page.getByRole('button', { name: /^Impor [\d.]+ baris$/ }));
  // Places that the register does not know are explained once; one of their people has no NIP that survived Excel.
  const places = form(page, 'Sebutan Perangkat Daerah');
  for (const place of await places.getByRole('combobox').all())
    await place.selectOption({
      label: (await place.getAttribute('aria-label'))!.includes('Puskesmas') ? 'Dinas Kesehatan' : 'Dinas Pendidikan',
    });
  await places.getByRole('button', { name: 'Simpan dan baca ulang' }).click();
  await expect(page.getByText('Sebutan Perangkat Daerah yang belum dikenal')).toHaveCount(0, { timeout: 60_000 });
  await until(page, page.getByRole('button', { name: /^Impor [\d.]+ baris$/ }));
  await page.getByRole('button', { name: /^Impor [\d.]+ baris$/ }).click();
  await expect(page.getByRole('button', { name: /^Impor [\d.]+ baris$/ })).toHaveCount(0);
  await start();
  await until(page, step(4).getByText('Selesai'));
  await until(page, step(4).getByText(`${number(sheet.damage.rows)} orang tercatat`, { exact: false }));
});

test('5: a sheet from the portal and a bundle of certificates; names become owners in bulk', async () => {
  const { people } = await officePersonnelSheet({ rows: PEOPLE });
  const sheet = await officeCertificateSheet({ rows: CERTIFICATES, people });
  const notBefore = Date.now() - 100 * 86_400_000;
  const pem = people
    .slice(0, FILES)
    .map(({ name }) =>
      makeLeaf(ca.issuer, { notBefore, commonName: name.toUpperCase(), serial: randomBytes(16).toString('hex') }),
    )
    .map(
      (der) =>
        `-----BEGIN CERTIFICATE-----\n${der
          .toString('base64')
          .match(/.{1,64}/g)!
          .join('\n')}\n-----END CERTIFICATE-----\n`,
    )
    .join('Kiriman BSrE\n');
  await step(5)
    .getByRole('link', { name: /^Impor Sertifikat/ })
    .click();
  const upload = form(page, 'Impor sertifikat');
  await upload.locator('input[type=file]').setInputFiles({
    name: sheet.name,
    mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    buffer: Buffer.from(sheet.bytes),
  });
  await upload.getByRole('button', { name: 'Impor Sertifikat' }).click();
  await expect(page).toHaveURL(/\/imports\//);
  await until(page, page.getByRole('button', { name: /^Impor [\d.]+ baris$/ }));
  await page.getByRole('button', { name: /^Impor [\d.]+ baris$/ }).click();
  await expect(page.getByRole('button', { name: /^Impor [\d.]+ baris$/ })).toHaveCount(0);
  await page.goto('/certificates/import');
  await form(page, 'Impor sertifikat')
    .locator('input[type=file]')
    .setInputFiles({ name: 'terbitan.pem', mimeType: 'application/x-pem-file', buffer: Buffer.from(pem) });
  await page.getByRole('button', { name: 'Impor Sertifikat' }).click();
  await expect(page).toHaveURL(/\/imports\//);
  await until(page, page.getByText('Selesai', { exact: false }).first());
  await start();
  await until(page, step(5).getByText(`${number(CERTIFICATES + FILES)} sertifikat`, { exact: false }));
  // Whoever imports may match; here the supervisor does, whose work it is from now on.
  await supervisor.goto('/matching');
  await supervisor.getByText(/^Terima Semua [\d.]+ Usulan…$/).click();
  await supervisor.getByRole('button', { name: /^Terima [\d.]+ Usulan$/ }).click();
  await expect(supervisor.getByRole('link', { name: /^Usulan ?0$/ })).toBeVisible();
  const decisions = await supervisor.getByRole('link', { name: /Perlu diputuskan/ }).innerText();
  expect(Number(/(\d[\d.]*)\s*$/.exec(decisions)![1]!.replace('.', ''))).toBeLessThan(60);
});

test('6: the addresses of BSSN and BSrE', async () => {
  await start();
  await step(6)
    .getByRole('link', { name: /^Isi Alamat/ })
    .click();
  for (const [party, addressee] of [
    ['Kepala BSSN', 'Kepala Badan Siber dan Sandi Negara'],
    ['Kepala BSrE', 'Kepala Balai Besar Sertifikasi Elektronik'],
  ] as const) {
    await page.getByRole('region', { name: party, exact: true }).getByText('Isi Alamat', { exact: true }).click();
    const box = dialog(page, `Isi alamat ${party}`);
    await box.getByLabel('Yang dituju').fill(addressee);
    await box.getByLabel('Alamat', { exact: true }).fill('di Jakarta');
    await box.getByLabel('Surel resmi').fill(`${party === 'Kepala BSSN' ? 'bantuan70' : 'info'}@contoh.go.id`);
    await box.getByRole('button', { name: 'Simpan Alamat' }).click();
    await expect(page.getByText(addressee).first()).toBeVisible();
  }
  await start();
  await expect(step(6)).toContainText('Selesai');
});

test('7: a test letter arrives, what would be sent is read, then sending is switched on', async () => {
  await step(7)
    .getByRole('link', { name: /^Uji Surel/ })
    .click();
  const sender = form(page, 'Alamat pengirim');
  await sender.getByLabel('Alamat pengirim').fill('bukan alamat');
  await sender.getByLabel('Dasar').fill('Surat penunjukan server surel');
  await sender.getByRole('button', { name: 'Simpan Pengirim' }).click();
  await expect(page.getByText(/alamat/i).first()).toBeVisible();
  await sender.getByLabel('Alamat pengirim').fill('siaga@batam.example');
  await sender.getByLabel('Dasar').fill('Surat penunjukan server surel');
  await sender.getByRole('button', { name: 'Simpan Pengirim' }).click();
  const trial = form(page, 'Surel uji');
  await trial.getByLabel('Kirim surel uji ke').fill('rina@batam.example');
  await trial.getByRole('button', { name: 'Kirim Surel Uji' }).click();
  await expect.poll(() => office.letters.length, { timeout: 30_000 }).toBe(1);
  expect(office.letters[0]!.subject).toContain('Siaga');
  await start();
  await until(page, step(7).getByText('Uji kirim berhasil', { exact: false }));
  await step(7)
    .getByRole('link', { name: /^Nyalakan Pengiriman/ })
    .click();
  await expect(page.getByText('Yang akan dikirim').first()).toBeVisible();
  const on = form(page, 'Nyalakan pengiriman');
  await on.getByLabel('Dasar').fill('SK Kepala Dinas 12/2026');
  await on.getByRole('button', { name: 'Sudah Dibaca, Nyalakan Pengiriman' }).click();
  await start();
  await expect(page.getByText('7 dari 7 selesai')).toBeVisible();
});

test('home shows the true state, with its numbers leading to their rows', async () => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('bagian mesin');
  await expect(page.getByRole('heading', { name: 'Langkah Awal' })).toHaveCount(0);
  await supervisor.goto('/');
  const lede = supervisor.getByRole('heading', { level: 1 });
  await expect(lede).toContainText(/[\d.]+ sertifikat berlaku/);
  // The list holds what was imported: all of it, each in one tab.
  await supervisor.goto('/certificates');
  await expect(supervisor.getByText(number(CERTIFICATES + FILES)).first()).toBeVisible();
  await supervisor.goto('/holders');
  await expect(supervisor.getByText(number(PEOPLE)).first()).toBeVisible();
  // All of it stands in the trail.
  await supervisor.goto('/audit');
  await expect(supervisor.getByText('Rina Administrator').filter({ visible: true }).first()).toBeVisible();
});
