// The state of an article, computed from facts. Pure: facts in, state, figure and the newest evidence out.
// terpenuhi only when there is something and nothing is missing; what has not happened is "berjalan", not a pass.
import { number, percent } from '../../format.ts';
import { HOUR } from '../calendar.ts';
import { share } from '../evaluations/score.ts';
import type { Facts } from './facts.ts';

export type State = 'met' | 'running' | 'action' | 'absent' | 'background';
export type Standing = { state: State; figure: string; at: number | null };

const of = (n: number, total: number, what: string): string => `${number(n)} dari ${number(total)} ${what}`;
const standing = (state: State, figure: string, at: number | null = null): Standing => ({ state, figure, at });
/** met when all, else action; running when there is nothing yet. */
const whole = (n: number, total: number, what: string, empty: string, at: number | null = null): Standing =>
  total === 0 ? standing('running', empty, at) : standing(n === total ? 'met' : 'action', of(n, total, what), at);
/** A share that grows: met from `enough` basis points on. */
const mostly = (n: number, total: number, what: string, enough = 9_500): Standing =>
  total === 0
    ? standing('action', 'belum ada sertifikat')
    : standing(
        (share(n, total) ?? 0) >= enough ? 'met' : 'running',
        `${of(n, total, what)} (${percent(share(n, total))})`,
      );
const use = (f: Facts, kind: string): Standing => {
  const n = f.uses[kind] ?? 0;
  return standing('running', n ? `${number(n)} sertifikat aktif` : 'belum ada sertifikat jenis ini');
};

export const rules: Record<string, (f: Facts) => Standing> = {
  agencies: (f) =>
    f.agencies
      ? standing('met', `${number(f.agencies)} Perangkat Daerah, ${number(f.units)} unit`)
      : standing('action', 'daftar belum dimasukkan'),
  inventory: (f) => mostly(f.withFile, f.active, 'sertifikat aktif ada berkasnya'),
  holders: (f) => {
    const all = Object.values(f.holders).reduce((sum, n) => sum + n, 0);
    return all ? standing('running', `${number(all)} pemilik`) : standing('action', 'belum ada pemilik');
  },
  verifiers: (f) =>
    f.roles.verifier
      ? standing('running', `${number(f.roles.verifier)} Verifikator`)
      : standing('action', 'belum ada Verifikator'),
  auditors: (f) =>
    f.roles.auditor
      ? standing('running', `${number(f.roles.auditor)} akun Auditor`)
      : standing('running', 'belum ada akun Auditor'),
  settings: (f) =>
    standing(
      'running',
      f.settings.n ? `${number(f.settings.n)} versi pengaturan` : 'memakai nilai bawaan',
      f.settings.at,
    ),
  trust: (f) =>
    f.proposedAuthorities
      ? standing(
          'action',
          `${number(f.anchors.n)} jangkar, ${number(f.proposedAuthorities)} menunggu keputusan`,
          f.anchors.at,
        )
      : f.anchors.n
        ? standing('met', `${number(f.anchors.n)} jangkar kepercayaan`, f.anchors.at)
        : standing('action', 'belum ada penerbit yang dipercaya'),
  use_signature: (f) => use(f, 'signature'),
  use_email: (f) => use(f, 'email'),
  use_document: (f) => use(f, 'document'),
  use_tls_server: (f) => use(f, 'tls_server'),
  use_tls_client: (f) => use(f, 'tls_client'),
  verified: (f) => mostly(f.verified, f.active, 'berpemilik terverifikasi'),
  fresh: (f) => mostly(f.fresh, f.active, 'berbukti segar'),
  renewal: (f) => {
    if (f.leavers) return standing('action', `${number(f.leavers)} dipegang pejabat yang tidak lagi menjabat`);
    return whole(
      f.endingSoon.ready,
      f.endingSoon.n,
      'habis ≤ 30 hari sudah ada pengganti',
      'tidak ada yang habis ≤ 30 hari',
    );
  },
  // That nothing was refused proves nothing about how owners keep their keys: never a pass.
  keys: (f) =>
    standing('running', f.rejectedKeys ? `${number(f.rejectedKeys)} berkas ditolak` : 'belum ada berkas yang ditolak'),
  access: (f) =>
    f.users ? standing('met', `${number(f.users)} pengguna aktif`) : standing('action', 'belum ada pengguna'),
  trail: (f) => {
    const { check, size } = f.trail;
    if (!check) return standing('action', `${number(size)} entri, belum pernah diperiksa`);
    if (!check.ok) return standing('action', 'pemeriksaan terakhir menemukan kerusakan', check.at);
    const recent = f.now - check.at <= 26 * HOUR;
    return standing(
      recent ? 'met' : 'action',
      `${number(size)} entri, ${recent ? 'utuh' : 'lama tidak diperiksa'}`,
      check.at,
    );
  },
  backup: (f) =>
    f.backup
      ? standing(f.now - f.backup.at <= 26 * HOUR ? 'running' : 'action', f.backup.result, f.backup.at)
      : standing('action', 'belum ada cadangan'),
  intakes: (f) =>
    f.intakes.n
      ? standing(
          f.intakes.undecided ? 'running' : 'met',
          `${number(f.intakes.n)} laporan tahun ini, ${number(f.intakes.undecided)} belum diputuskan`,
          f.intakes.at,
        )
      : standing('running', 'belum ada laporan tahun ini'),
  incidents: (f) =>
    standing(
      'running',
      (f.incidents.n
        ? `${number(f.incidents.n)} insiden tahun ini, ${number(f.incidents.open)} terbuka`
        : 'belum ada insiden tahun ini') + archived(f.archived.incidents),
      f.incidents.at,
    ),
  clause_a: (f) =>
    standing(
      'running',
      f.incidents.a ? `${number(f.incidents.a)} insiden tahun ini` : 'belum ada insiden tahun ini',
      f.incidents.at,
    ),
  clause_b: (f) =>
    standing(
      'running',
      f.incidents.b ? `${number(f.incidents.b)} insiden tahun ini` : 'belum ada insiden tahun ini',
      f.incidents.at,
    ),
  obligations: (f) => {
    const { n, met, late, released, at } = f.obligations;
    if (n === 0) return standing('running', 'tidak ada insiden yang wajib dilaporkan tahun ini');
    const owed = n - released;
    if (met < owed)
      return standing(
        late ? 'action' : 'running',
        `${of(met, owed, 'laporan awal terkirim')}${late ? `, ${number(late)} terlambat` : ''}`,
        at,
      );
    return standing('met', `${of(met, owed, 'laporan awal terkirim')}${late ? `, ${number(late)} terlambat` : ''}`, at);
  },
  help: (f) => whole(f.help.met, f.help.n, 'permintaan terkirim', 'belum ada yang perlu diminta tahun ini', f.help.at),
  revocations: (f) => {
    const { n, seen, late, at } = f.revocations;
    if (n === 0) return standing('running', 'belum ada permintaan tahun ini');
    if (late) return standing('action', `${of(seen, n, 'pencabutan terlihat')}, ${number(late)} lewat sehari`, at);
    return standing(seen === n ? 'met' : 'running', of(seen, n, 'pencabutan terlihat'), at);
  },
  correspondence: (f) =>
    standing(
      'running',
      f.letters.n
        ? `${number(f.letters.n)} surat tahun ini, ${number(f.letters.answered)} bertanda terima`
        : 'belum ada surat tahun ini',
      f.letters.at,
    ),
  findings: (f) => {
    const { all, open, overdue } = f.findings;
    if (all === 0) return standing(f.evaluated.open ? 'running' : 'action', 'belum ada temuan');
    return standing(
      overdue ? 'action' : 'running',
      `${number(all)} temuan, ${number(open)} terbuka${overdue ? `, ${number(overdue)} lewat tenggat` : ''}`,
    );
  },
  coverage: (f) => {
    const { n, total, open } = f.evaluated;
    const past = archived(f.archived.evaluation);
    if (total > 0 && n === total) return standing('met', of(n, total, `PD, ${f.semester}`) + past);
    return standing(
      open ? 'running' : 'action',
      (open ? of(n, total, `PD, ${f.semester}`) : `evaluasi ${f.semester} belum dibuka`) + past,
    );
  },
  annual: (f) => yearly(f, f.annual, 4, 'penerima'),
  utilisation: (f) => yearly(f, f.utilisation, 1, 'laporan'),
  functions: (f) =>
    standing(f.trail.check?.ok ? 'met' : 'running', 'matriks kesesuaian fungsi tersedia', f.trail.check?.at ?? null),
};

/** The time before Siaga proves nothing about now; it is only told beside. */
const archived = (n: number): string => (n ? `; ${number(n)} masa sebelum Siaga dari arsip` : '');

/** Last year's report: met when sent to all; due in the first weeks of this year (kebijakan Dinas). */
function yearly(f: Facts, sent: { n: number; at: number | null; dueAt: number }, all: number, what: string): Standing {
  const figure = `${f.year - 1}: ${of(sent.n, all, what)}`;
  if (sent.n >= all) return standing('met', figure, sent.at);
  return standing(f.now < sent.dueAt ? 'running' : 'action', figure, sent.at);
}
