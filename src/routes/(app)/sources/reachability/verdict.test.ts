// What the page of reachability says: what is known, and not more.
import { expect, test } from 'vitest';
import { verdictOf } from './verdict.ts';

type Row = Parameters<typeof verdictOf>[0][number];
const row = (ok: boolean | null, ...faults: Row['faulty'][number]['fault'][]): Row => ({
  host: 'ca.test',
  port: 80,
  ok,
  faulty: faults.map((fault, n) => ({ sourceId: `s${n}`, url: 'http://ca.test/a.crl', text: '', at: 1, fault })),
});

test('a host that did not answer and was not tested is nowhere said to be reached, nor the firewall to be innocent', () => {
  for (const rows of [[row(null, 'no_answer', 'no_answer')], [row(null, 'no_answer'), row(true)]]) {
    const { word, sentence, tone, hints } = verdictOf(
      [...rows.slice(1), rows[0]!].map((one, port) => ({ ...one, port })),
    );
    expect({ word, tone }).toEqual({ word: 'Ada yang tidak menjawab', tone: 'bad' });
    expect(sentence).toContain('1 tujuan tidak menjawab saat terakhir ditanya');
    expect(hints).toContain('firewall');
    expect(hints).not.toContain('bukan firewall');
  }
  expect(verdictOf([row(null, 'no_answer')]).sentence).not.toContain('terjangkau');
});

test('only what was answered, and answered wrongly, is laid at the issuer’s door', () => {
  expect(verdictOf([row(null, 'answered')])).toMatchObject({
    sentence: expect.stringMatching(/belum pernah diuji.*1 alamat dijawab galat/),
    hints: expect.stringContaining('bukan firewall'),
  });
  const page = verdictOf([row(true, 'web_page')]);
  expect(page.sentence).toContain('1 alamat dijawab halaman web');
  expect(page.hints).toMatch(/proksi/);
  expect(page.hints).not.toContain('bukan firewall');
  expect(verdictOf([row(null, 'ours')]).sentence).toBe('Jangkauan belum pernah diuji.');
  expect(verdictOf([row(true, 'before_test')])).toMatchObject({ word: 'Semua terjangkau', tone: 'ok' });
});

test('what answered the test and not afterwards is said to be so', () => {
  expect(verdictOf([row(true, 'no_answer')])).toMatchObject({
    word: 'Ada yang tidak menjawab',
    sentence: expect.stringContaining('terjangkau saat diuji, tetapi sesudah itu tidak menjawab'),
  });
});

test('end-points are counted, not hosts nor purposes', () => {
  const mail = { ...row(false), port: 25 };
  expect(verdictOf([row(false), row(false), mail])).toMatchObject({
    word: 'Ada yang tidak terjangkau',
    sentence: '2 dari 2 tujuan (host dan port) tidak terjangkau saat diuji.',
  });
  expect(verdictOf([row(true), { ...row(null), port: 25 }]).sentence).toContain('1 dari 2 tujuan');
});
