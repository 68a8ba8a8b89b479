import { execFileSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eq } from 'drizzle-orm';
import { describe, expect, onTestFinished, test } from 'vitest';
import { buildCity } from '#tests/support/report-city.ts';
import { makeWorld } from '#tests/support/world.ts';
import * as audit from '../audit/index.ts';
import { certificate } from '../certificates/schema.ts';
import * as files from '../files/index.ts';
import { canonical } from './canonical.ts';
import type { Facts } from './facts.ts';
import { definitions } from './figures.ts';
import * as history from '../history/index.ts';
import * as reports from './index.ts';
import { recheck } from './recheck.ts';
import { figure, report, snapshot } from './schema.ts';
import * as store from './store.ts';

function city(size = 120) {
  const world = makeWorld();
  buildCity(world, size);
  return { world, maker: world.person('supervisor'), head: world.person('head') };
}

/** Text and page count of a PDF, by poppler. */
function textOf(bytes: Buffer): { text: string; pages: number } {
  const dir = mkdtempSync(path.join(tmpdir(), 'siaga-pdf-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const file = path.join(dir, 'a.pdf');
  writeFileSync(file, bytes);
  const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
  const info = execFileSync('pdfinfo', [file], { encoding: 'utf8' });
  return { text, pages: Number(/Pages:\s+(\d+)/.exec(info)![1]) };
}
const squeezed = (text: string) => text.replace(/[\s\u00A0]+/g, ' ');

describe('a snapshot', () => {
  test('gives every defined figure and recomputes without a difference', () => {
    const { world, maker } = city();
    const taken = reports.take(maker, '2026');
    const figures = store.figuresOf(world.db, taken.id);
    expect(figures.map((f) => f.code)).toEqual(definitions.map((d) => d.code));
    expect(recheck(files.read(maker, taken.rowsSha256).toString(), figures)).toEqual([]);
    expect(figures.find((f) => f.code === 'F-01')!.numerator).toBe(world.db.select().from(certificate).all().length);
  });

  test('of an empty office recomputes too, and says "belum diketahui" instead of zero shares', () => {
    const world = makeWorld();
    const maker = world.person('supervisor');
    const taken = reports.take(maker, '2026-S2');
    const figures = store.figuresOf(world.db, taken.id);
    expect(recheck(files.read(maker, taken.rowsSha256).toString(), figures)).toEqual([]);
    expect(figures.find((f) => f.code === 'F-02')!.value).toBeNull();
  });

  test('cannot be changed in the database', () => {
    const { world, maker } = city(20);
    const taken = reports.take(maker, '2026');
    expect(() => world.db.update(snapshot).set({ period: '2025' }).where(eq(snapshot.id, taken.id)).run()).toThrow(
      /frozen/,
    );
    expect(() => world.db.update(figure).set({ value: 1 }).run()).toThrow(/frozen/);
  });

  test('is refused for a period that is none or has not begun, and to those who may not', () => {
    const { world, maker } = city(20);
    expect(() => reports.take(maker, '2026-S3')).toThrow(/Periode/);
    expect(() => reports.take(maker, '2027')).toThrow(/belum dimulai/);
    expect(() => reports.take(world.person('officer'), '2026')).toThrow(/hak/);
  });

  test('keeps no names of persons', () => {
    const { maker } = city(30);
    const rows = files.read(maker, reports.take(maker, '2026').rowsSha256).toString();
    expect(rows).not.toContain('Orang 1');
  });
});

describe('recomputation', () => {
  test('finds a row that was changed, removed or added', () => {
    const { world, maker } = city();
    const taken = reports.take(maker, '2026');
    const figures = store.figuresOf(world.db, taken.id);
    const facts = JSON.parse(files.read(maker, taken.rowsSha256).toString()) as Facts;
    const changed = structuredClone(facts);
    changed.certificates[3]!.label = changed.certificates[3]!.label === 'expired' ? 'valid' : 'expired';
    expect(recheck(canonical(changed), figures).map((d) => d.code)).toContain('F-01');
    const removed = { ...facts, incidents: facts.incidents.slice(1) };
    expect(recheck(canonical(removed), figures).map((d) => d.code)).toContain('F-11');
    const serial = structuredClone(facts);
    serial.certificates[5]!.serial = 'dead';
    expect(recheck(canonical(serial), figures)).toEqual(
      expect.arrayContaining([expect.objectContaining({ code: 'F-01', what: 'rows' })]),
    );
  });

  test('finds a figure that does not follow from its rows', () => {
    const { world, maker } = city(40);
    const taken = reports.take(maker, '2026');
    const figures = store.figuresOf(world.db, taken.id);
    figures[0]!.value = 7000;
    expect(recheck(files.read(maker, taken.rowsSha256).toString(), figures)).toEqual([
      expect.objectContaining({ code: 'F-01', what: 'value', stored: '7000' }),
    ]);
  });

  test('of a file whose bytes were damaged is a difference, and approval is refused', async () => {
    const { world, maker, head } = city(40);
    const draft = await reports.make(maker, 'incidents', { period: '2026' });
    writeFileSync(files.pathOf(maker, store.snapshotById(world.db, draft.snapshotId!)!.rowsSha256), '{}');
    expect(reports.recompute(maker, draft.id)[0]).toMatchObject({ what: 'file' });
    expect(() => reports.approve(head, draft.id, draft.contentHash!, true)).toThrow(/perbedaan/);
    expect(store.reportById(world.db, draft.id)!.state).toBe('draft');
  });
});

describe('the four annual variants', () => {
  test('share one snapshot, differ in addressee and chapters, and print the same figures', async () => {
    const { maker } = city();
    const kinds = ['annual-mayor', 'annual-governor', 'annual-bssn', 'annual-bsre'] as const;
    const made = [];
    for (const kind of kinds) made.push(await reports.make(maker, kind, { period: '2026' }));
    expect(new Set(made.map((r) => r.snapshotId)).size).toBe(1);
    const texts = made.map((r) => textOf(reports.pdf(maker, r.id).bytes));
    const usable = reports.get(maker, made[0]!.id).figures.find((f) => f.code === 'F-02')!;
    for (const { text, pages } of texts) {
      expect(text).toContain(usable.text);
      expect(text).toContain('ASAL ANGKA');
      expect(text).toContain('DINAS KOMUNIKASI DAN INFORMATIKA');
      expect(pages).toBeGreaterThan(12);
      expect(pages).toBeLessThan(26);
    }
    const [mayor, governor, bssn, bsre] = texts.map((t) => squeezed(t.text));
    expect(mayor).toContain('Disampaikan kepada Walikota Batam');
    expect(mayor).not.toContain('Hal :');
    expect(governor).toContain('Gubernur Kepulauan Riau');
    expect(governor).toContain('Penyampaian Laporan Pengawasan dan Evaluasi');
    expect(bssn).toContain('Rincian Kriptografi');
    expect(bssn).toContain('Daftar Insiden');
    expect(bsre).toContain('Pasal 6 huruf g');
    expect(bsre).toContain('PEMANFAATAN');
    expect(mayor).not.toContain('Rincian Kriptografi');
  }, 60_000);

  test('have contents whose page numbers are those on which the chapters stand', async () => {
    const { maker } = city();
    const draft = await reports.make(maker, 'annual-mayor', { period: '2026' });
    const pages = textOf(reports.pdf(maker, draft.id).bytes).text.split('\f');
    const front = pages.findIndex((p) => /^\s*BAB I\s*$/m.test(p));
    const contents = pages.find((p) => p.includes('DAFTAR ISI'))!;
    const entries = [...contents.matchAll(/^\s+(\d\.\d)\s+(\S.*?)\s{3,}(\d+)$/gm)];
    expect(entries.length).toBeGreaterThan(15);
    for (const [, number, title, page] of entries) {
      expect(squeezed(pages[front + Number(page) - 1]!)).toContain(`${number} ${title}`);
    }
  });
});

describe('approval', () => {
  test('needs a second person, the text that was seen, and then gives immutable bytes', async () => {
    const { world, maker, head } = city(40);
    const both = world.person(['supervisor', 'head']);
    const own = await reports.make(both, 'inventory', { period: '2026' });
    expect(() => reports.approve(both, own.id, own.contentHash!)).toThrow(/orang kedua/);
    expect(() => reports.approve(maker, own.id, own.contentHash!)).toThrow(/hak/);
    expect(() => reports.approve(world.ctx(), own.id, own.contentHash!)).toThrow(/hak/);
    expect(() => reports.approve(head, own.id, 'lain')).toThrow(/berubah/);
    reports.approve(head, own.id, own.contentHash!, true);
    expect(reports.requestsWaiting(world.ctx())).toBe(true);
    await reports.buildRequested(world.ctx());
    const sealed = store.reportById(world.db, own.id)!;
    expect(sealed).toMatchObject({ state: 'approved', contentHash: own.contentHash });
    expect(reports.pdf(head, own.id).sha256).toBe(sealed.pdfSha256);
    expect(textOf(reports.pdf(head, own.id).bytes).text).not.toContain('DRAF');
    expect(() => world.db.update(report).set({ state: 'draft' }).where(eq(report.id, own.id)).run()).toThrow();
    expect(audit.verify(world.ctx()).ok).toBe(true);
  });

  test('is not for whoever edited the text, and an edit prints the draft anew', async () => {
    const { world, maker } = city(40);
    const editor = world.person(['supervisor', 'head']);
    const draft = await reports.make(maker, 'inventory', { period: '2026' });
    reports.edit(editor, draft.id, {
      narrative: { summary: 'Ada {F-01} sertifikat dan 987 lainnya.' },
      letterNumber: '',
    });
    await reports.buildRequested(world.ctx());
    const after = store.reportById(world.db, draft.id)!;
    expect(after.state).toBe('draft');
    expect(after.contentHash).not.toBe(draft.contentHash);
    expect(() => reports.approve(editor, draft.id, after.contentHash!, true)).toThrow(/orang kedua/);
    expect(reports.get(maker, draft.id).warnings).toEqual([expect.objectContaining({ kind: 'free', text: '987' })]);
  });

  test('of what would be printed differently afterwards is taken back', async () => {
    const { world, maker, head } = city(40);
    const draft = await reports.make(maker, 'annual-governor', { period: '2026' });
    reports.approve(head, draft.id, draft.contentHash!, true);
    const { contacts } = await import('../agencies/index.ts');
    contacts.set(world.person('administrator'), 'governor', {
      addressee: 'Penjabat Gubernur Kepulauan Riau',
      address: 'di Tanjungpinang',
      email: 'gubernur@example.id',
      phone: '0771000000',
      outOfHours: '',
    });
    await reports.buildRequested(world.ctx());
    await reports.buildRequested(world.ctx());
    const after = store.reportById(world.db, draft.id)!;
    expect(after).toMatchObject({ state: 'draft', approvedBy: null });
  });
});

describe('versions', () => {
  test('an approved report is replaced only with a reason, by a new version that says what changed', async () => {
    const { world, maker, head } = city(60);
    const first = await reports.make(maker, 'inventory', { period: '2026' });
    expect(() => reports.requestReport(maker, { kind: 'inventory', period: '2026' })).toThrow(/draf/);
    reports.approve(head, first.id, first.contentHash!, true);
    await reports.buildRequested(world.ctx());
    expect(() => reports.requestReport(maker, { kind: 'inventory', period: '2026' })).toThrow(/alasan/);
    const [one] = world.db.select().from(certificate).limit(1).all();
    world.db
      .update(certificate)
      .set({ archivedAt: world.clock.at - 1000 })
      .where(eq(certificate.id, one!.id))
      .run();
    const second = await reports.make(maker, 'inventory', { period: '2026', reason: 'satu catatan ganda' });
    expect(second.version).toBe(2);
    const { text } = textOf(reports.pdf(maker, second.id).bytes);
    expect(squeezed(text)).toContain('RALAT');
    expect(squeezed(text)).toContain('satu catatan ganda');
    expect(squeezed(text)).toMatch(/F.01 .*60 59/);
    expect(textOf(reports.pdf(maker, first.id).bytes).text).not.toContain('RALAT');
  });

  test('a killed printing is taken up by the next run, twice gives the same', async () => {
    const { world, maker } = city(40);
    const { id } = reports.requestReport(maker, { kind: 'incidents', period: '2026' });
    expect(reports.requestsWaiting(world.ctx())).toBe(true);
    await Promise.all([reports.buildRequested(world.ctx()), reports.buildRequested(world.ctx())]);
    const row = store.reportById(world.db, id)!;
    expect(row.state).toBe('draft');
    expect(await reports.buildRequested(world.ctx())).toBe(0);
    expect(audit.list(maker, { action: 'report.built' }, String)).toHaveLength(1);
  });
});

test('an approved report that cannot be printed is tried again less and less often, and people are told', async () => {
  const { world, maker, head } = city(40);
  const made = await reports.make(maker, 'annual-mayor', { period: '2026' });
  reports.approve(head, made.id, made.contentHash!, true);
  const { rowsSha256 } = store.snapshotById(world.db, store.reportById(world.db, made.id)!.snapshotId!)!;
  const place = files.pathOf(world.ctx(), rowsSha256);
  renameSync(place, `${place}.away`);
  expect(await reports.buildRequested(world.ctx())).toBe(0);
  expect(reports.requestsWaiting(world.ctx())).toBe(false);
  expect(store.reportById(world.db, made.id)).toMatchObject({ state: 'sealing', attempts: 1 });
  expect(store.reportById(world.db, made.id)!.message).toMatch(/[a-z].*\.$/);
  expect(reports.tasks(maker).map((task) => task.key)).toContain(`reports:seal:${made.id}`);
  const pauses = [];
  for (let i = 0; i < 9; i++) {
    const { retryAt } = store.reportById(world.db, made.id)!;
    pauses.push(retryAt! - world.clock.at);
    world.clock.at = retryAt!;
    expect(reports.requestsWaiting(world.ctx())).toBe(true);
    await reports.buildRequested(world.ctx());
  }
  expect(pauses.slice(0, 3)).toEqual([30_000, 60_000, 120_000]);
  expect(Math.max(...pauses)).toBe(3_600_000);
  renameSync(`${place}.away`, place);
  world.clock.advance(3_600_000);
  expect(await reports.buildRequested(world.ctx())).toBe(1);
  expect(store.reportById(world.db, made.id)).toMatchObject({ state: 'approved', attempts: 0, message: null });
});

describe('delivery', () => {
  test('is recorded for an approved report only, with its proof, and ends the task', async () => {
    const { world, maker, head } = city(40);
    const draft = await reports.make(maker, 'annual-mayor', { period: '2026' });
    const input = {
      party: 'mayor' as const,
      addressee: 'Walikota Batam',
      way: 'hand' as const,
      sentAt: world.clock.at,
      receipt: 'A-12',
    };
    await expect(reports.dispatch(maker, draft.id, input)).rejects.toThrow(/disetujui/);
    expect(reports.tasks(maker).map((t) => t.act)).toContain('reports.approve');
    reports.approve(head, draft.id, draft.contentHash!, true);
    await reports.buildRequested(world.ctx());
    expect(reports.tasks(maker).map((t) => t.act)).toContain('reports.send');
    world.clock.advance(60_000);
    await expect(reports.dispatch(maker, draft.id, { ...input, sentAt: world.clock.at + 60_000 })).rejects.toThrow(
      /belum terjadi/,
    );
    await expect(reports.dispatch(maker, draft.id, { ...input, addressee: '' })).rejects.toThrow(/periksa/);
    const approved = store.reportById(world.db, draft.id)!.approvedAt!;
    await expect(reports.dispatch(maker, draft.id, { ...input, sentAt: approved - 60_000 })).rejects.toThrow(
      /mendahului/,
    );
    await reports.dispatch(
      maker,
      draft.id,
      { ...input, sentAt: world.clock.at },
      { name: 'bukti.pdf', bytes: Buffer.from('%PDF-1.4'), mediaType: 'application/pdf' },
    );
    const { dispatches } = reports.get(maker, draft.id);
    expect(dispatches[0]).toMatchObject({ receipt: 'A-12', proofName: 'bukti.pdf' });
    expect(reports.proof(maker, draft.id, dispatches[0]!.id).bytes.toString()).toBe('%PDF-1.4');
    expect(reports.tasks(maker).filter((t) => t.href.endsWith(draft.id))).toEqual([]);
  });
});

describe('the brief', () => {
  test('is one page with the five figures, at once the second time, new when a row changes', async () => {
    const { world, maker } = city(200);
    const leader = world.person('leader');
    const started = performance.now();
    const first = await reports.brief(leader);
    expect(performance.now() - started).toBeLessThan(3000);
    const { text, pages } = textOf(first.bytes);
    expect(pages).toBe(1);
    for (const f of reports.leaderHome(leader).figures) expect(squeezed(text)).toContain(f.value);
    expect(text).toContain('Mohon arahan');
    expect(await reports.prepareBrief(world.ctx())).toBe(false);
    expect((await reports.brief(leader)).bytes.equals(first.bytes)).toBe(true);
    world.db
      .update(certificate)
      .set({ retiredAt: null, archivedAt: world.clock.at - 1 })
      .run();
    expect(await reports.prepareBrief(world.ctx())).toBe(true);
    expect(() => reports.leaderHome(world.person('officer'))).toThrow(/hak/);
    expect(reports.leaderHome(maker).figures).toHaveLength(5);
  });

  test('of an empty office still prints one page', async () => {
    const world = makeWorld();
    expect(textOf((await reports.brief(world.person('leader'))).bytes).pages).toBe(1);
  });
});

describe('the time before Siaga', () => {
  test('stands beside the figures, marked, in no figure, and not in a report made before it was entered', async () => {
    const { world, maker } = city();
    const before = await reports.make(maker, 'incidents', { period: '2026' });
    const id = history.record(maker, {
      kind: 'incidents',
      period: '2025',
      types: { key_lost: '3', misuse: '2' } as never,
      reportedTo: 'BSSN dan BSrE',
      reportedOn: '2025-12-30',
      reference: 'Nota dinas 700/12/2025',
    });
    history.record(maker, {
      kind: 'evaluation',
      period: '2024',
      agencies: '98',
      findings: '20',
      closed: '18',
      score: '66,25',
      reference: 'LHE 2024',
    });
    const after = await reports.make(maker, 'annual-bssn', { period: '2026' });
    const text = squeezed(textOf(reports.pdf(maker, after.id).bytes).text);
    expect(text).toContain('Insiden Tahun-Tahun Sebelumnya');
    expect(text).toContain('kunci hilang 3,');
    expect(text).toContain('BSSN dan BSrE, 30 Desember 2025');
    expect(text).toContain('Evaluasi Tahun-Tahun Sebelumnya');
    expect(text).toContain('dari arsip');
    const figure = (report: string, code: string) => reports.get(maker, report).figures.find((f) => f.code === code)!;
    for (const code of ['F-11', 'F-16']) expect(figure(after.id, code).text).toBe(figure(before.id, code).text);
    expect(reports.recompute(maker, after.id)).toEqual([]);
    expect(textOf(reports.pdf(maker, before.id).bytes).text).not.toContain('dari arsip');
    const trend = () => reports.leaderHome(world.person('leader')).figures.find((f) => f.code === 'F-11')!.trend;
    expect(trend()).toContain('5 dari arsip');
    // Withdrawn: gone from what is made from now on, not from what was made.
    history.withdraw(maker, id, 'Salah tahun');
    expect(trend()).not.toContain('arsip');
    expect(squeezed(textOf(reports.pdf(maker, after.id).bytes).text)).toContain('dari arsip');
  });
});
