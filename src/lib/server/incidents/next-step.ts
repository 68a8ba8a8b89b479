// What is to be done next on an incident, computed from what is missing: the one step of its page and the rows of
// Pekerjaan. A step that waits for somebody else's word is shown, but never before one that somebody can do. Pure.
import type { Act } from '../permission.ts';
import { obligationStages, parties } from '#lib/terms.ts';
import { clocksOf, forwardedAt, viewOf, type Budgets, type Clock, type ObligationView } from './clocks.ts';
import { currentReview, handlerOf, isDelegated, isSettled, stampOf, type Dossier, type Obligation } from './dossier.ts';
import { levelOf, stateFacts } from './facts.ts';
import { gateOf, reviewNeedsApproval, unmet } from './gate.ts';
import { isWritten, PROVEN } from './grades.ts';
import { types } from './kinds.ts';
import { isOver, stateOf } from './states.ts';

export type Step = {
  key: string;
  title: string;
  text: string;
  /** Anchor on the incident's page or another page. */
  href: string;
  button: string;
  act: Act;
  clock: Clock | null;
  /** Nothing to do but wait. */
  waiting: boolean;
  kind: 'incident' | 'obligation' | 'letter' | 'revocation';
};

/**
 * Steps in the order of urgency: who can act first, then the clock that ends first, then the order of the course. Where
 * somebody else may use the key, the owner is called and revocation asked for before anything is judged or written
 * (incident-escalation, "First steps").
 */
export function stepsOf(dossier: Dossier, budgets: Budgets): Step[] {
  if (isOver(stateOf(stateFacts(dossier)))) return [];
  const clocks = new Map(clocksOf(dossier, budgets).map((clock) => [clock.key, clock]));
  const steps = [
    ...triage(dossier),
    ...containment(dossier, clocks),
    ...dossier.obligations.map(viewOf).flatMap((o) => owed(dossier, o, clocks.get(`obligation:${o.id}`) ?? null)),
    ...dossier.obligations.flatMap(unseen),
    ...ending(dossier),
  ];
  const due = (step: Step) => step.clock?.dueAt ?? Infinity;
  const exposed = types[dossier.type].course === 'exposure';
  const rank = (step: Step) => {
    if (step.waiting) return 5;
    if (step.key === 'assign') return 0;
    if (exposed && step.key === 'call') return 1;
    if (exposed && step.kind === 'revocation') return 2;
    return step.key === 'assess' ? (exposed ? 3 : 0) : 4;
  };
  return steps
    .map((step, i) => ({ step, i }))
    .sort((a, b) => rank(a.step) - rank(b.step) || due(a.step) - due(b.step) || a.i - b.i)
    .map(({ step }) => step);
}

const base = { waiting: false, clock: null, act: 'incidents.handle' as Act, kind: 'incident' as const };

function triage(dossier: Dossier): Step[] {
  const steps: Step[] = [];
  if (!handlerOf(dossier))
    steps.push({
      ...base,
      key: 'assign',
      title: 'Tunjuk penangan',
      text: 'Belum ada yang bertanggung jawab atas insiden ini.',
      href: '#penanganan',
      button: 'Tunjuk',
      act: 'incidents.triage',
    });
  if (!levelOf(dossier))
    steps.push({
      ...base,
      key: 'assess',
      title: 'Nilai tingkat risiko',
      text: 'Dua pilihan: dampak dan kemendesakan. Tabelnya tercetak di formulir.',
      href: '#nilai',
      button: 'Nilai Risiko',
    });
  return steps;
}

/** The owner, the revocation of an exposed key; preserving the document for a dispute. */
function containment(dossier: Dossier, clocks: Map<string, Clock>): Step[] {
  const { course } = types[dossier.type];
  const steps: Step[] = [];
  const request = clocks.get(`request:${dossier.id}`) ?? null;
  if (course === 'exposure' && !stampOf(dossier, 'owner_called') && forwardedAt(dossier) === null) {
    steps.push({
      ...base,
      key: 'call',
      title: 'Hubungi pemilik',
      text: 'Pastikan apa yang hilang dan pemakaian terakhir yang pasti; lalu minta pencabutan.',
      href: '#langkah',
      button: 'Sudah Dihubungi',
      clock: request,
    });
  }
  if (course === 'dispute' && !stampOf(dossier, 'preserved')) {
    steps.push({
      ...base,
      key: 'preserve',
      title: 'Amankan dokumen dan hentikan pemakaian tanda tangan',
      text: 'Simpan kedua versi berkas sebagai bukti; jangan diubah.',
      href: '#langkah',
      button: 'Catat Sekarang',
    });
  }
  if (course === 'exposure' && dossier.certificates.length === 0) {
    steps.push({
      ...base,
      key: 'link',
      kind: 'revocation',
      title: 'Kaitkan sertifikat yang terdampak',
      text: 'Cari dengan nama pemilik atau nomor seri.',
      href: '#sertifikat',
      button: 'Cari Sertifikat',
      clock: request,
    });
  }
  const asked = new Set(dossier.requests.map((r) => r.certificateId));
  const unasked = course === 'exposure' ? dossier.certificates.filter((c) => !asked.has(c.id)) : [];
  for (const c of unasked) {
    steps.push({
      ...base,
      key: `ask:${c.id}`,
      kind: 'revocation',
      title: `Catat permintaan pencabutan ${c.commonName}`,
      text: 'Kunci ini mungkin dipakai orang lain (Pasal 12 huruf d).',
      href: '#pencabutan',
      button: 'Minta Pencabutan',
      clock: request,
    });
  }
  for (const r of dossier.requests) {
    const has = (kind: string) => r.steps.some((s) => s.kind === kind);
    const name = dossier.certificates.find((c) => c.id === r.certificateId)?.commonName ?? 'sertifikat';
    if (isSettled(r)) continue;
    if (!has('forwarded')) {
      steps.push({
        ...base,
        key: `forward:${r.id}`,
        kind: 'revocation',
        title: `Teruskan pencabutan ${name} ke BSrE`,
        text: 'Ajukan di konsol verifikator, lalu catat nomornya di sini.',
        href: '#pencabutan',
        button: 'Catat Nomor',
        clock: request,
      });
    } else {
      steps.push({
        ...base,
        key: `see:${r.id}`,
        kind: 'revocation',
        waiting: true,
        title: `Tunggu pencabutan ${name} terlihat pada CRL`,
        text: 'Siaga memeriksa CRL dan OCSP setiap 5 menit untuk insiden terbuka. Hubungi BSrE bila batasnya mendekat.',
        href: '#pencabutan',
        button: 'Lihat',
        clock: clocks.get(`seen:${r.id}`) ?? null,
      });
    }
  }
  return steps;
}

/** One step for each obligation that is not settled, or not yet proven. */
function owed(dossier: Dossier, o: ObligationView, clock: Clock | null): Step[] {
  const what = obligationStages[o.stage].toLowerCase();
  const party = parties[o.party];
  const anchor = `#kewajiban-${o.party}-${o.stage}`;
  const common = {
    ...base,
    key: `obligation:${o.id}`,
    kind: 'obligation' as const,
    href: anchor,
    act: 'letters.send' as Act,
    clock,
  };
  if (o.waived) return [];
  if (o.settledAt !== null) {
    if (o.progress.grade >= PROVEN) return [];
    return [
      {
        ...common,
        clock: null,
        waiting: true,
        title: `Catat tanda terima ${party}`,
        text: `${obligationStages[o.stage]} sudah terkirim; terbukti bila instansi memberi nomor.`,
        button: 'Catat Tanda Terima',
        act: 'letters.receipt',
      },
    ];
  }
  if (o.proposal) {
    return [
      {
        ...common,
        title: `Putuskan usulan tidak melapor ke ${party}`,
        text: o.proposal.reason,
        button: 'Putuskan',
        act: 'incidents.second',
      },
    ];
  }
  const alive = o.letters.filter((l) => l.withdrawnAt === null).at(-1);
  if (!alive)
    return [
      {
        ...common,
        title: `Susun ${what} ke ${party}`,
        text: 'Surat disusun dari catatan insiden; Anda memeriksa isinya.',
        button: 'Susun Surat',
        act: 'letters.write',
      },
    ];
  const href = `/letters/${alive.id}`;
  if (o.progress.failedAt !== null) {
    return [
      {
        ...common,
        title: `Sampaikan ${what} ke ${party} lewat jalur lain`,
        text: `Surel ditolak server: ${lastReply(o)}`,
        button: 'Pilih Jalur Lain',
      },
    ];
  }
  if (alive.lockedAt === null) {
    if (!alive.number)
      return [
        {
          ...common,
          kind: 'letter',
          title: `Isi nomor surat ${what} ke ${party}`,
          text: 'Nomor diambil dari agenda kantor, lalu surat diajukan untuk disetujui.',
          href,
          button: 'Isi Nomor',
          act: 'letters.write',
        },
      ];
    return [
      {
        ...common,
        kind: 'letter',
        title: `Setujui ${what} ke ${party}`,
        text: 'Baca PDF-nya; yang menyetujui bukan penulisnya.',
        href,
        button: 'Baca dan Setujui',
        act: 'letters.approve',
      },
    ];
  }
  const posted = o.transmissions.filter((t) => t.letterId === alive.id && t.channel === 'email');
  if (!alive.content.email && posted.length === 0)
    return [
      {
        ...common,
        title: `Sampaikan ${what} ke ${party} lewat jalur lain`,
        text: 'Penerima belum punya alamat surel: antar, kirim lewat SRIKANDI, atau unggah ke portalnya, lalu catat dengan buktinya.',
        button: 'Jalur Lain',
      },
    ];
  if (!posted.some(isWritten))
    return [
      {
        ...common,
        kind: 'letter',
        title: `Kirim ${what} ke ${party}`,
        text: posted.length ? 'Surelnya dibatalkan sebelum terkirim.' : 'Surat sudah disetujui dan dikunci.',
        href,
        button: 'Kirim',
      },
    ];
  const text = o.progress.held
    ? 'Pengiriman surel belum dinyalakan; surat tertahan di kotak keluar.'
    : 'Surat antre di kotak keluar dan dikirim sendiri.';
  return [
    {
      ...common,
      kind: 'letter',
      waiting: !o.progress.held,
      title: `Tunggu ${what} ke ${party} terkirim`,
      text,
      href: o.progress.held ? '/system/mail' : href,
      button: 'Lihat',
    },
  ];
}

/** Letters that left under delegation and that the signatory has not seen yet. */
const unseen = (o: Obligation): Step[] =>
  o.letters
    .filter((letter) => isDelegated(letter) && letter.approvedAt === null)
    .map((letter) => ({
      ...base,
      key: `approve:${letter.id}`,
      kind: 'letter',
      title: `Setujui ${obligationStages[o.stage].toLowerCase()} ke ${parties[o.party]} yang sudah dikirim piket`,
      text: `Dikirim dengan pelimpahan ${letter.delegation}. Baca PDF-nya; yang menyetujui bukan penulisnya.`,
      href: `/letters/${letter.id}`,
      button: 'Baca dan Setujui',
      act: 'letters.approve',
    }));

const lastReply = (o: ObligationView): string =>
  o.transmissions.findLast((t) => t.mail?.state === 'failed')?.mail?.lastReply ?? 'tanpa keterangan.';

/** What remains when danger and duties are over. */
function ending(dossier: Dossier): Step[] {
  const gate = gateOf(dossier);
  const open = (key: string) => gate.some((item) => item.key === key && !item.met);
  const busy = unmet(gate).some((item) => item.key.startsWith('obligation:') || item.key.startsWith('revocation'));
  const steps: Step[] = [];
  const hasAssessed = levelOf(dossier) !== null;
  if (open('recovered') && hasAssessed)
    steps.push({
      ...base,
      key: 'recovered',
      title: 'Catat pemakaian pulih',
      text: 'Akses kembali, sertifikat pengganti aktif, atau sengketa selesai.',
      href: '#langkah',
      button: 'Catat',
      waiting: busy,
    });
  if (open('review'))
    steps.push({
      ...base,
      key: 'review',
      title: 'Tulis akar masalah dan hasil',
      text: 'Tinjauan pendek: sebab, hasil, pelajaran, tindak lanjut.',
      href: '#tinjauan',
      button: 'Tulis Tinjauan',
      waiting: busy,
    });
  if (!open('review') && reviewNeedsApproval(dossier) && open('review.approved') && currentReview(dossier)) {
    steps.push({
      ...base,
      key: 'approve-review',
      title: 'Setujui tinjauan insiden',
      text: 'Disetujui orang lain, bukan penulisnya.',
      href: '#tinjauan',
      button: 'Baca dan Setujui',
      act: 'incidents.second',
    });
  }
  if (open('informed') && !open('review'))
    steps.push({
      ...base,
      key: 'inform',
      title: 'Beri tahu pelapor',
      text: 'Sampaikan hasilnya, lalu catat.',
      href: '#langkah',
      button: 'Catat',
      waiting: busy,
    });
  if (unmet(gate).length === 0)
    steps.push({
      ...base,
      key: 'close',
      title: 'Tutup insiden',
      text: 'Semua syarat penutupan terpenuhi.',
      href: '#gerbang',
      button: 'Tutup Insiden',
      act: 'incidents.close',
    });
  return steps;
}
