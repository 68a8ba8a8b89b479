// All objects about one certificate, replayed in order of thisUpdate through the state machine (cli.md `status`,
// certificate-status §4): what somebody who had seen them one after the other would believe now.
import { HOUR } from '../calendar.ts';
import { extensionOf } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import type { Crl } from './crl.ts';
import { decide, NOTHING_KNOWN, type Event, type FreshnessPolicy, type Word } from './decide.ts';
import { combines, crlNumber } from './delta.ts';
import { FileLines, type Link, type Standing } from './file-crl.ts';
import { refused, type Objects } from './file-objects.ts';
import { ocspTime, takeOcsp } from './file-ocsp.ts';
import { isFresh, NEGATIVE, statusOf, SETTLED, type Judged } from './file-verdict.ts';
import type { Explained, FilesRequest } from './from-files.ts';
import type { OcspResponse } from './ocsp.ts';
import { remarks as remarkTexts } from './remarks.ts';
import { silences } from './silences.ts';
import { subjectOfView, wordOfLists, type Named } from './subject.ts';
import { entryOf } from './words-of.ts';

const NO_REV_AVAIL = '2.5.29.56';
/** Freshness is judged once, at the end and by the caller's maximum age; the replay itself never ages anything. */
const AGELESS: FreshnessPolicy = { leafCrlHours: Number.MAX_SAFE_INTEGER / HOUR, ocspHours: 24, authority: true };

type Item = { at: number; crl: Crl } | { at: number; ocsp: OcspResponse };

/** @param issuer the certificate above it; undefined: none was found, so nobody can vouch for anything */
export function judgeOne(
  { certificate, issuer, top }: Omit<Link, 'issuer'> & { issuer: CertificateView | undefined },
  request: FilesRequest,
  objects: Objects,
  explanations: Explained[],
): Judged {
  const names = certificate.crlUrls.length + certificate.ocspUrls.length + certificate.crlDistributionPoints.length;
  const supplied = (request.crls?.length ?? 0) + (request.ocsps?.length ?? 0);
  const facts = {
    named: names + supplied > 0,
    applicable: extensionOf(certificate, NO_REV_AVAIL) === null,
  };
  if (!issuer) return { state: NOTHING_KNOWN, fresh: false, vouched: true, ...facts };
  const replay = new Replay({ certificate, issuer, top }, request, objects, explanations);
  for (const [i, item] of replay.items.entries()) replay.take(item, replay.items[i + 1]);
  replay.finish();
  const { state } = replay;
  return { state, fresh: isFresh(state, request), vouched: replay.vouched(), ...facts };
}

class Replay {
  state = NOTHING_KNOWN;
  readonly items: Item[];
  private answer: Word | null = null;
  /** Something was taken that no decision has heard yet. */
  private undecided = false;
  /** It is on hold, and what releases it is of the same instant (§4: strictly newer). */
  private tied = false;
  /** Answers whose delegate no list has cleared yet; a later list may. */
  private unchecked: OcspResponse[] = [];
  /** Lines that named the certificate. */
  private readonly listedIn = new Map<string, Named>();
  private readonly lines: FileLines;
  private readonly link: Link;
  private readonly request: FilesRequest;
  private readonly objects: Objects;
  private readonly explanations: Explained[];

  constructor(link: Link, request: FilesRequest, objects: Objects, explanations: Explained[]) {
    this.link = link;
    this.request = request;
    this.objects = objects;
    this.explanations = explanations;
    this.lines = new FileLines(link, request, objects, (path) => this.standing(path));
    this.items = [
      ...inOrder(objects.crls).map((crl) => ({ crl, at: crl.thisUpdate.ms })),
      ...objects.ocsps.map((ocsp) => ({ ocsp, at: ocspTime(ocsp) })),
    ].sort((a, b) => a.at - b.at);
  }

  take(item: Item, next: Item | undefined): void {
    if ('ocsp' in item ? this.takeAnswer(item.ocsp) : this.takeList(item.crl)) this.undecided = true;
    // A delta of the same instant belongs to its complete list: they speak as one (§2 no. 10).
    const goesOn = next && next.at === item.at && 'crl' in next && this.lines.continuedBy(next.crl);
    // Also after a delta that was refused: it must not silence the list before it.
    if (this.undecided && !goesOn) this.decide();
  }

  private takeList(crl: Crl): boolean {
    // A list of another CA of the path is simply not about this certificate.
    if (!this.lines.concerns(crl)) return false;
    const taken = this.lines.take(crl);
    if ('refusal' in taken) {
      this.explanations.push(refused(taken.refusal), ...(taken.hints ? [HINT] : []));
      return false;
    }
    for (const code of taken.remarks) {
      const { text, clause } = remarkTexts[code];
      this.explanations.push({ code, text, clause });
    }
    const waiting = this.unchecked;
    this.unchecked = [];
    for (const ocsp of waiting) this.takeAnswer(ocsp);
    return true;
  }

  private takeAnswer(ocsp: OcspResponse): boolean {
    const taken = takeOcsp(ocsp, this.link, this.request, this.answer, this.lines.held);
    if (taken === 'not_about_this') return false;
    this.objects.heard.add(ocsp);
    if (taken === 'delegate_unchecked') this.unchecked.push(ocsp);
    else if (typeof taken === 'string') this.explanations.push(refused(taken, 'ocsp'));
    else this.answer = { ...taken, saidSince: this.saidSince(taken) };
    return typeof taken !== 'string';
  }

  /** Since when the responder says what this answer says. */
  private saidSince({ status, thisUpdate }: Word): number {
    return this.answer?.status === status ? (this.answer.saidSince ?? this.answer.thisUpdate) : thisUpdate;
  }

  private decide(): void {
    this.undecided = false;
    const { certificate } = this.link;
    const said = wordOfLists(this.lines.held, subjectOfView(certificate), ({ scope }) => this.listedIn.get(scope));
    if (said.silence) this.explanations.push({ code: said.silence, ...silences[said.silence] });
    for (const held of said.namedBy) this.listedIn.set(held.scope, entryOf(held, certificate.serial));
    const words = [said.word, this.answer].filter((word): word is Word => word !== null);
    const decision = decide(this.state, words, AGELESS, certificate.notAfter.ms);
    for (const { kind } of decision.events) if (SPOKEN[kind]) this.explanations.push(SPOKEN[kind]);
    this.state = decision.state;
    const { status, thisUpdate } = decision.state;
    this.tied = status === 'on_hold' && words.some((word) => word.status === 'good' && word.thisUpdate === thisUpdate);
  }

  /** Says what stayed open; after the last object. */
  finish(): void {
    if (this.unchecked.length) this.explanations.push(refused('delegate_unchecked'));
    if (this.tied) this.explanations.push(RELEASED_AT_ONCE);
  }

  vouched(): boolean {
    return this.state.source !== 'crl' || this.lines.vouched(this.state.evidenceId);
  }

  /** What is being asked about already is left to that asking: two that vouch for each other end here. */
  private standing(path: CertificateView[]): Standing {
    const top = path.at(-1)!;
    const all = path.slice(0, -1).map((certificate, i): Standing => {
      const { asking } = this.objects;
      if (asking.has(certificate.fingerprint)) return 'settled';
      asking.add(certificate.fingerprint);
      const judged = judgeOne({ certificate, issuer: path[i + 1], top }, this.request, this.objects, []);
      asking.delete(certificate.fingerprint);
      const status = statusOf(judged);
      return NEGATIVE.includes(status) ? 'negative' : SETTLED.includes(status) ? 'settled' : 'open';
    });
    return all.includes('negative') ? 'negative' : all.includes('open') ? 'open' : 'settled';
  }
}

/** By number; a delta of the same instant stands right behind the complete list that it continues. */
function inOrder(crls: readonly Crl[]): Crl[] {
  const number = ({ number }: Crl) => crlNumber(number ?? '0');
  const sorted = [...crls].sort((a, b) => (number(a) < number(b) ? -1 : number(a) > number(b) ? 1 : 0));
  const deltas = new Set(sorted.filter(({ deltaOf }) => deltaOf !== null));
  const complete = sorted.filter(({ deltaOf }) => deltaOf === null);
  const together = complete.flatMap((list) => [
    list,
    ...[...deltas].filter(
      (one) => one.thisUpdate.ms === list.thisUpdate.ms && combines(list, one) && deltas.delete(one),
    ),
  ]);
  return [...together, ...deltas];
}

const RELEASED_AT_ONCE: Explained = {
  code: 'release_not_newer',
  text: 'Satu bukti menangguhkan dan bukti lain dari detik yang sama mengatakan baik: pelepasan hanya dipercaya dari bukti yang terbit sesudah penangguhannya, jadi yang menangguhkan yang dipegang. Sertakan CRL atau jawaban OCSP yang lebih baru.',
  clause: 'aturan Siaga: pelepasan dari penangguhan',
};

const HINT: Explained = {
  code: 'hint',
  text: 'Mungkin dicabut, perlu dicek manual: nomor serinya tercantum di CRL yang tidak boleh dipakai itu. Tanyakan ke penerbit dan tahan pemakaiannya sementara itu.',
  clause: 'RFC 5280 §5.2',
};

const SPOKEN: Partial<Record<Event['kind'], Explained>> = {
  early_removal: {
    code: 'early_removal',
    text: 'Hilang dari CRL sebelum kedaluwarsa; tetap dianggap dicabut.',
    clause: 'RFC 5280 §3.3',
  },
  conflict: {
    code: 'conflict',
    text: 'Dua bukti yang sama-sama sah bertentangan; yang mencabut atau menahan yang berlaku.',
    clause: 'aturan Siaga: sumber yang bertentangan',
  },
};
