import { describe, expect, test } from 'vitest';
import { makeWorld } from '#tests/support/world.ts';
import * as audit from '../audit/index.ts';
import { AppError } from '../errors.ts';
import * as files from '../files/index.ts';
import * as history from './index.ts';

const evaluation = (change: object = {}): history.SummaryInput => ({
  kind: 'evaluation',
  period: '2025-S1',
  agencies: '104',
  findings: '12',
  closed: '7',
  score: '71,5',
  reportedTo: 'Walikota Batam',
  reportedOn: '2025-07-20',
  reference: 'Surat 500.12/88/DISKOMINFO/VII/2025',
  ...change,
});
const incidents = (change: object = {}): history.SummaryInput => ({
  kind: 'incidents',
  period: '2025',
  types: { key_lost: '3', misuse: '1' } as never,
  reportedTo: 'BSSN dan BSrE',
  reference: 'Berkas insiden 2025, lemari 2',
  ...change,
});
const refusal = (act: () => unknown): AppError => {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('the time before Siaga', () => {
  test('is entered as summaries with their document, and listed newest first', () => {
    const world = makeWorld();
    const me = world.person('supervisor');
    history.record(me, evaluation());
    history.record(me, incidents());
    const { rows } = history.list(world.person('leader'));
    expect(rows.map((row) => [row.kind, row.period])).toEqual([
      ['evaluation', '2025-S1'],
      ['incidents', '2025'],
    ]);
    expect(rows[0]).toMatchObject({ counts: { agencies: 104, findings: 12, closed: 7 }, score: 7150 });
    expect(rows[1]!.counts).toMatchObject({ key_lost: 3, misuse: 1, repudiation: null });
    expect(audit.list(world.ctx(), { limit: 5 }, () => 'Ani').map((entry) => entry.sentence)).toContainEqual(
      expect.stringContaining('mencatat riwayat insiden 2025 dari arsip'),
    );
  });

  test('what the document does not tell stays unknown, and is never counted as none', () => {
    const world = makeWorld();
    const me = world.person('supervisor');
    history.record(me, evaluation({ findings: '', closed: '', score: '' }));
    history.record(me, incidents());
    history.record(me, incidents({ period: '2024', types: { key_lost: '0' } }));
    const types = { key_lost: '2', passphrase_leaked: '0', key_damaged: '0', key_inaccessible: '0', misuse: '0' };
    const rest = { authentication_dispute: '0', authenticity_dispute: '0', repudiation: '0', other: '0' };
    history.record(me, incidents({ period: '2023', types: { ...types, ...rest } }));
    const [, partly, none, whole] = ['2025-S1', '2025', '2024', '2023'].map((period) =>
      history.list(me).rows.find((row) => row.period === period)!,
    );
    const [first] = history.list(me).rows;
    expect(first!.counts).toEqual({ agencies: 104, findings: null, closed: null });
    expect(history.closedWords(first!.counts)).toBe('tidak diketahui');
    expect(history.closedWords({ agencies: 1, findings: 12, closed: null })).toBe('tidak diketahui dari 12');
    const words = ({ counts }: history.PastRow) => [
      history.sumWords(history.incidentSum(counts)),
      history.typeWords(counts),
    ];
    expect(words(partly!)).toEqual([
      'paling sedikit 4',
      'kunci hilang 3, penyalahgunaan 1; 7 jenis lain tidak diketahui',
    ]);
    expect(words(none!)).toEqual(['tidak diketahui', '8 jenis tidak diketahui']);
    expect(words(whole!)).toEqual(['2', 'kunci hilang 2']);
  });

  test('refuses what cannot be, and says at which field', () => {
    const world = makeWorld();
    const me = world.person('supervisor');
    const fieldsOf = (input: history.SummaryInput) =>
      Object.keys(refusal(() => history.record(me, input)).fields ?? {});
    expect(fieldsOf(evaluation({ period: '2027' }))).toEqual(['period']);
    expect(fieldsOf(evaluation({ period: '2025-S3' }))).toEqual(['period']);
    expect(fieldsOf(evaluation({ agencies: '0' }))).toEqual(['agencies']);
    expect(fieldsOf(evaluation({ agencies: 'banyak' }))).toEqual(['agencies']);
    expect(fieldsOf(evaluation({ closed: '13' }))).toEqual(['closed']);
    expect(fieldsOf(evaluation({ score: '101' }))).toEqual(['score']);
    expect(fieldsOf(evaluation({ reportedOn: '2099-01-01' }))).toEqual(['reportedOn']);
    expect(fieldsOf(evaluation({ reference: ' ' }))).toEqual(['reference']);
    expect(fieldsOf(incidents({ types: { key_lost: '-1' } }))).toEqual(['key_lost']);
    expect(fieldsOf(incidents({ types: { misuse: ' ' } }))).toEqual(['key_lost']);
    expect(fieldsOf(evaluation({ agencies: '' }))).toEqual(['agencies']);
    expect(history.list(me).rows).toEqual([]);
    expect(refusal(() => history.record(world.person('handler'), incidents())).code).toBe('forbidden');
    expect(refusal(() => history.list(world.person('officer'))).code).toBe('forbidden');
  });

  test('tells a time once: not twice, not a year and its semester, not what Siaga holds itself', () => {
    const world = makeWorld();
    const me = world.person('supervisor');
    history.record(me, evaluation());
    expect(refusal(() => history.record(me, evaluation())).message).toContain('sudah dicatat');
    expect(refusal(() => history.record(me, evaluation({ period: '2025' }))).message).toContain('dua kali');
    history.record(me, evaluation({ period: '2025-S2' }));
    history.record(me, incidents());
    world.db.$client
      .prepare(
        "insert into evaluation_round (id, code, period, kind, title, reason, criteria_version, opened_at, opened_by, answer_due) values ('r', '2026-S1', '2026-S1', 'routine', 'x', '', 1, 1, 'x', '2026-02-01')",
      )
      .run();
    expect(refusal(() => history.record(me, evaluation({ period: '2026-S1' }))).message).toContain('Siaga sendiri');
    expect(refusal(() => history.record(me, evaluation({ period: '2026' }))).message).toContain('Siaga sendiri');
  });

  test('offers only the periods it will take; a correction also the one it corrects', () => {
    const world = makeWorld();
    const me = world.person('supervisor');
    const id = history.record(me, evaluation());
    world.db.$client
      .prepare(
        "insert into evaluation_round (id, code, period, kind, title, reason, criteria_version, opened_at, opened_by, answer_due) values ('r', '2026-S1', '2026-S1', 'routine', 'x', '', 1, 1, 'x', '2026-02-01')",
      )
      .run();
    const offered = history.openPeriods(me, 'evaluation');
    expect(offered.slice(0, 4)).toEqual(['2026-S2', '2025-S2', '2024', '2024-S2']);
    expect(history.openPeriods(me, 'evaluation', id).slice(0, 4)).toEqual(['2026-S2', '2025', '2025-S2', '2025-S1']);
    expect(history.openPeriods(me, 'incidents').slice(0, 3)).toEqual(['2026', '2026-S2', '2026-S1']);
    for (const period of offered) history.withdraw(me, history.record(me, evaluation({ period })), 'Uji coba');
  });

  test('a correction takes the old row out of force and keeps its document; a withdrawal needs its reason', () => {
    const world = makeWorld();
    const me = world.person('supervisor');
    const stored = files.put(me, Buffer.from('%PDF-1.7 arsip'));
    const evidence = { ...stored, name: 'laporan-2025.pdf', mediaType: 'application/pdf' };
    const first = history.record(me, evaluation({ evidence }));
    expect(refusal(() => history.correct(me, first, evaluation(), 'x')).fields).toHaveProperty('reason');
    const second = history.correct(me, first, evaluation({ agencies: '105' }), 'Salah hitung satu kecamatan');
    expect(history.list(me).rows.map((row) => row.counts.agencies)).toEqual([105]);
    expect(history.list(me).withdrawn.map((row) => row.id)).toEqual([first]);
    expect(history.file(me, second).bytes.toString()).toBe('%PDF-1.7 arsip');
    expect(refusal(() => history.correct(me, first, evaluation(), 'Sekali lagi')).code).toBe('conflict');
    expect(refusal(() => history.correct(me, second, incidents(), 'Hal yang lain')).code).toBe('invalid');
    history.withdraw(me, second, 'Ternyata laporan kota lain');
    expect(history.list(me).rows).toEqual([]);
    history.record(me, evaluation());
  });

  test('the database itself refuses to edit or remove a row', () => {
    const world = makeWorld();
    const id = history.record(world.person('supervisor'), incidents());
    const run = (sql: string) => () => world.db.$client.prepare(sql).run(id);
    expect(run("update past_summary set counts = '{}' where id = ?")).toThrow('never edited');
    expect(run('delete from past_summary where id = ?')).toThrow('append-only');
  });
});
