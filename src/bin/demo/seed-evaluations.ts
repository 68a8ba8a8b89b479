// The semesters of the sample city: two closed evaluations and the one that runs, with findings in every state of their
// life. Measures come from the rows; people answer, review and close.
import { DAY, endOfDay, startOfDay, wibDate } from '#lib/server/calendar.ts';
import * as evaluations from '#lib/server/evaluations/index.ts';
import type { City } from './seed.ts';

export function planEvaluations(city: City): void {
  const year = Number(wibDate(city.today).slice(0, 4));
  const half = wibDate(city.today).slice(5) < '07-01' ? 1 : 2;
  const semesters =
    half === 2 ? [`${year - 1}-S2`, `${year}-S1`, `${year}-S2`] : [`${year - 1}-S1`, `${year - 1}-S2`, `${year}-S1`];
  semesters.forEach((code, i) => {
    const closes = code.endsWith('S1')
      ? endOfDay(`${code.slice(0, 4)}-06-30`) + 20 * DAY
      : endOfDay(`${code.slice(0, 4)}-12-31`) + 14 * DAY;
    if (i < 2) closed(city, code, closes, i);
    else running(city, code);
  });
}

function closed(city: City, code: string, closes: number, i: number): void {
  const opened = closes - 75 * DAY;
  if (opened <= city.clock.at + 10 * DAY) return;
  city.at(opened, async () => {
    evaluations.openRound(city.as('supervisor'), code);
    await measure(city, code);
  });
  city.at(opened + 10 * DAY, () => answer(city, code));
  city.at(closes - 30 * DAY, () => measure(city, code));
  // After the agencies' time to answer; their right of reply then runs five working days.
  city.at(closes - 14 * DAY, async () => {
    await measure(city, code);
    decideProposals(city, i === 0 ? [0, 0, 0] : [0, 0, 1, 3]);
    const { sheets } = evaluations.round(city.as('supervisor'), code);
    evaluations.review(
      city.as('supervisor'),
      code,
      sheets.map((sheet) => sheet.agency.code),
    );
  });
  city.at(closes - 2 * DAY, () => measure(city, code));
  city.at(closes - DAY, () => {
    const { xray } = evaluations.round(city.as('supervisor'), code);
    for (const { rule } of xray) {
      if (!evaluations.UNWAIVABLE.includes(rule))
        evaluations.waive(
          city.as('supervisor'),
          code,
          rule,
          'Sudah dilihat bersama Kepala Bidang; ditindaklanjuti di luar evaluasi ini.',
        );
    }
    evaluations.proposeClose(city.as('supervisor'), code);
  });
  city.at(closes, () => evaluations.close(city.as('head'), code));
}

/** Opened at the start of the last quarter of the semester, or six weeks ago; most agencies are through. */
function running(city: City, code: string): void {
  const start = startOfDay(`${code.slice(0, 4)}-${code.endsWith('S1') ? '03-20' : '09-20'}`);
  const opened = Math.min(start, city.now - 45 * DAY);
  city.at(opened, async () => {
    evaluations.openRound(city.as('supervisor'), code);
    await measure(city, code);
  });
  city.at(opened + 12 * DAY, () => answer(city, code));
  city.at(city.today - 6 * DAY, async () => {
    await measure(city, code);
    decideProposals(city, [0, 2, 3]);
    const { sheets } = evaluations.round(city.as('supervisor'), code);
    const chosen = sheets.filter((_, i) => i % 5 !== 4).map((sheet) => sheet.agency.code);
    evaluations.review(city.as('supervisor'), code, chosen);
  });
  city.at(city.now, () => measure(city, code));
}

/** Measures on the evidence of that day. */
async function measure(city: City, code: string): Promise<void> {
  await city.sweep();
  evaluations.collect(city.system, code);
}

/** The officer of the sub-district answers "Benar" to what was measured; most agencies let the time pass. */
function answer(city: City, code: string): void {
  const officer = city.as('officer');
  const sheet = evaluations.sheet(officer, code, '21.71.03');
  const answers = sheet.sheet.items
    .filter((item) => item.outcome.result !== 'not_applicable')
    .map((item) => ({ criterion: item.criterion.code, agrees: true, text: '' }));
  evaluations.answer(officer, code, '21.71.03', { answers });
}

/** Adopts as many proposals as there are stages, dismisses the next, and leaves the rest to the supervisor. */
function decideProposals(city: City, stages: readonly Stage[]): void {
  const supervisor = city.as('supervisor');
  const proposals = evaluations.findings.proposals(supervisor);
  proposals.slice(0, stages.length).forEach(({ id }, i) => {
    const { input } = evaluations.findings.draft(supervisor, id);
    const number = evaluations.findings.adopt(supervisor, id, {
      ...input,
      cause: 'Belum ada petugas yang ditunjuk memantau masa berlaku dan mutasi pegawai.',
    });
    followUp(city, number, stages[i]!);
  });
  const spare = proposals[stages.length];
  if (spare) evaluations.findings.dismiss(supervisor, spare.id, 'Keadaan sudah pulih sebelum evaluasi ditinjau.');
}

/** How far a follow-up came: closed by a second person, waiting for verification, planned only, untouched. */
type Stage = 0 | 1 | 2 | 3;

function followUp(city: City, number: string, stage: Stage): void {
  const at = city.clock.at;
  const supervisor = () => city.as('supervisor');
  if (stage === 3) return;
  city.at(at + 9 * DAY, () =>
    evaluations.findings.plan(supervisor(), number, {
      text: 'Menunjuk petugas, mendata ulang pemilik, lalu mengajukan pembaruan dan pencabutan.',
      dueOn: wibDate(city.clock.at + 40 * DAY),
    }),
  );
  if (stage === 2) return;
  city.at(at + 25 * DAY, () =>
    evaluations.findings.submit(supervisor(), number, {
      text: 'Petugas ditunjuk; seluruh sertifikat didata ulang dan diajukan.',
    }),
  );
  if (stage === 1) return;
  city.at(at + 33 * DAY, () =>
    evaluations.findings.verify(city.as('supervisor2'), number, {
      code: 1,
      text: 'Bukti diperiksa: daftar sesuai dengan inventaris.',
    }),
  );
}
