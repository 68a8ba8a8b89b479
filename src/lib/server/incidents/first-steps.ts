// The first steps on one phone screen (incident-escalation, "How people meet it"): some are ticked, others follow from
// what was recorded elsewhere. Pure.
import { obligationStages, parties } from '#lib/terms.ts';
import { forwardedAt, viewOf } from './clocks.ts';
import { stampOf, type Dossier, type StampKind } from './dossier.ts';
import { types } from './kinds.ts';

export type FirstStep = {
  key: string;
  label: string;
  done: boolean;
  at: number | null;
  /** Actor key of whoever recorded it. */
  by: string | null;
  sub: string;
  /** Ticked by hand with this stamp; null: it follows from other facts, see `href`. */
  tick: StampKind | null;
  href: string;
};

export function firstSteps(dossier: Dossier): FirstStep[] {
  const { course } = types[dossier.type];
  const ticked = (kind: StampKind, label: string, sub: string): FirstStep => {
    const stamp = stampOf(dossier, kind);
    return {
      key: kind,
      label,
      done: !!stamp,
      at: stamp?.at ?? null,
      by: stamp?.enteredBy ?? null,
      sub: stamp?.note || sub,
      tick: kind,
      href: '#langkah',
    };
  };
  const steps = [
    ticked('owner_called', 'Hubungi pemilik', 'Pastikan apa yang hilang dan pemakaian terakhir yang pasti.'),
  ];
  if (course === 'dispute')
    steps.push(ticked('preserved', 'Amankan dokumen, hentikan pemakaian', 'Simpan kedua versi berkas sebagai bukti.'));
  if (course === 'exposure' || dossier.requests.length) steps.push(revocation(dossier));
  if (course !== 'plain')
    steps.push(
      ticked('account_held', 'Minta admin SRIKANDI menahan akun', 'Juga aplikasi lain yang memakai tanda tangan ini.'),
    );
  steps.push(notices(dossier));
  if (course !== 'exposure')
    steps.push(
      ticked('recovered', 'Pastikan pemakaian pulih', 'Akses kembali, pengganti aktif, atau sengketa selesai.'),
    );
  steps.push(ticked('reporter_informed', 'Beri tahu pelapor', 'Sampaikan hasilnya setelah selesai.'));
  return steps;
}

function revocation(dossier: Dossier): FirstStep {
  const at = forwardedAt(dossier);
  const numbers = dossier.requests.flatMap((r) => r.steps.filter((s) => s.kind === 'forwarded').map((s) => s.number));
  const last = dossier.requests.flatMap((r) => r.steps).findLast((s) => s.kind === 'forwarded');
  return {
    key: 'revocation',
    label: 'Minta pencabutan ke BSrE',
    done: at !== null,
    at,
    by: last?.enteredBy ?? null,
    sub: numbers.length
      ? `nomor ${numbers.join(', ')}`
      : dossier.requests.length
        ? 'Diminta, belum diteruskan ke BSrE.'
        : 'Belum diminta.',
    tick: null,
    href: '#pencabutan',
  };
}

function notices(dossier: Dossier): FirstStep {
  const all = dossier.obligations.map(viewOf);
  const open = all.filter((o) => o.settledAt === null);
  const settled = all.map((o) => o.settledAt).filter((at) => at !== null);
  return {
    key: 'notices',
    label: all.length > 2 ? 'Kirim pemberitahuan dan permintaan bantuan' : 'Kirim pemberitahuan awal ke kedua Kepala',
    done: open.length === 0,
    at: open.length === 0 && settled.length ? Math.max(...settled) : null,
    by: null,
    sub: open.length
      ? `Belum: ${open.map((o) => `${obligationStages[o.stage].toLowerCase()} ke ${parties[o.party]}`).join('; ')}.`
      : '',
    tick: null,
    href: '#kewajiban',
  };
}
