// What must be true before an incident may be closed (incident-escalation §9), each item with its link. Pure.
import { obligationStages, parties } from '#lib/terms.ts';
import { viewOf } from './clocks.ts';
import { currentReview, handlerOf, isDelegated, stampOf, type Dossier } from './dossier.ts';
import { levelOf } from './facts.ts';
import { types } from './kinds.ts';
import { needsApprovedReview } from './severity.ts';

export type GateItem = { key: string; label: string; met: boolean; detail: string; href: string };

export function gateOf(dossier: Dossier): GateItem[] {
  return [
    ...handling(dossier),
    ...obligations(dossier),
    ...delegated(dossier),
    ...preservation(dossier),
    ...revocations(dossier),
    ...review(dossier),
    informed(dossier),
  ];
}

export const unmet = (items: readonly GateItem[]): GateItem[] => items.filter((item) => !item.met);

/** Closing as "not an incident" or as a duplicate asks only that nobody waits for a letter. */
export const obligationItems = (dossier: Dossier): GateItem[] => obligations(dossier);

function handling(dossier: Dossier): GateItem[] {
  const level = levelOf(dossier);
  return [
    {
      key: 'handler',
      label: 'Penangan ditunjuk',
      met: !!handlerOf(dossier),
      detail: handlerOf(dossier)?.name ?? 'belum ada',
      href: '#penanganan',
    },
    {
      key: 'severity',
      label: 'Tingkat risiko dinilai',
      met: level !== null,
      detail: level ? 'dinilai' : 'belum dinilai',
      href: '#penanganan',
    },
  ];
}

function obligations(dossier: Dossier): GateItem[] {
  return dossier.obligations.map(viewOf).map((o) => ({
    key: `obligation:${o.id}`,
    label: `${obligationStages[o.stage]} ke ${parties[o.party]}`,
    met: o.settledAt !== null,
    detail: o.waived
      ? 'diputuskan tidak dilaporkan'
      : o.settledAt !== null
        ? 'terkirim'
        : o.progress.failedAt
          ? 'gagal dikirim'
          : 'belum terkirim',
    href: `#kewajiban-${o.party}-${o.stage}`,
  }));
}

/** A letter always takes a second person; under delegation after it left. */
const delegated = (dossier: Dossier): GateItem[] =>
  dossier.obligations.flatMap((o) =>
    o.letters.filter(isDelegated).map((letter) => ({
      key: `approved:${letter.id}`,
      label: `Surat piket ke ${parties[o.party]} disetujui`,
      met: letter.approvedAt !== null,
      detail: letter.approvedAt !== null ? 'disetujui' : `dikirim dengan pelimpahan ${letter.delegation}`,
      href: `/letters/${letter.id}`,
    })),
  );

/** A dispute has its document and signature preserved and the use suspended (incident-escalation §1). */
function preservation(dossier: Dossier): GateItem[] {
  if (types[dossier.type].course !== 'dispute') return [];
  const preserved = stampOf(dossier, 'preserved');
  return [
    {
      key: 'preserved',
      label: 'Dokumen diamankan dan pemakaian dihentikan',
      met: !!preserved,
      detail: preserved ? 'dicatat' : 'belum dicatat',
      href: '#langkah',
    },
  ];
}

/** A type that exposes a key needs its revocation; any revocation that was asked for must be seen or excepted. */
function revocations(dossier: Dossier): GateItem[] {
  const { course } = types[dossier.type];
  const asked = dossier.requests.map((request): GateItem => {
    const name = dossier.certificates.find((c) => c.id === request.certificateId)?.commonName ?? 'sertifikat';
    const seen = request.steps.some((s) => s.kind === 'seen');
    const exception = request.steps.some((s) => s.kind === 'exception');
    return {
      key: `revocation:${request.id}`,
      label: `Pencabutan ${name} terlihat`,
      met: seen || exception,
      detail: seen
        ? 'terlihat pada bukti terverifikasi'
        : exception
          ? 'pengecualian tercatat'
          : 'belum terlihat pada CRL terverifikasi',
      href: '#pencabutan',
    };
  });
  if (course === 'exposure' && asked.length === 0) {
    return [
      {
        key: 'revocation',
        label: 'Pencabutan diminta',
        met: false,
        detail: 'belum ada permintaan',
        href: '#pencabutan',
      },
    ];
  }
  if (course === 'exposure') return asked;
  const recovered = stampOf(dossier, 'recovered');
  return [
    ...asked,
    {
      key: 'recovered',
      label: 'Pemakaian pulih',
      met: !!recovered,
      detail: recovered ? 'dicatat' : 'belum dicatat',
      href: '#penanganan',
    },
  ];
}

/** Approval by another person for high and critical, for every dispute and after a re-opening. */
export function reviewNeedsApproval(dossier: Dossier): boolean {
  const level = levelOf(dossier);
  const reopened = dossier.verdicts.some((v) => v.kind === 'reopened');
  return (level !== null && needsApprovedReview(level)) || types[dossier.type].course === 'dispute' || reopened;
}

function review(dossier: Dossier): GateItem[] {
  const last = currentReview(dossier);
  const reopenedAt = dossier.verdicts.findLast((v) => v.kind === 'reopened')?.at ?? -Infinity;
  const fresh = last && last.writtenAt >= reopenedAt ? last : null;
  const items: GateItem[] = [
    {
      key: 'review',
      label: 'Akar masalah dan hasil ditulis',
      met: !!fresh,
      detail: fresh ? `tinjauan versi ${fresh.version}` : last ? 'tinjauan sebelum dibuka kembali' : 'belum ditulis',
      href: '#tinjauan',
    },
  ];
  if (reviewNeedsApproval(dossier)) {
    const approved = !!fresh && fresh.approvedAt !== null;
    items.push({
      key: 'review.approved',
      label: 'Tinjauan disetujui orang kedua',
      met: approved,
      detail: approved ? 'disetujui' : 'menunggu persetujuan',
      href: '#tinjauan',
    });
  }
  return items;
}

function informed(dossier: Dossier): GateItem {
  const stamp = stampOf(dossier, 'reporter_informed');
  return {
    key: 'informed',
    label: 'Pelapor diberi tahu',
    met: !!stamp,
    detail: stamp ? 'dicatat' : 'belum dicatat',
    href: '#penanganan',
  };
}
