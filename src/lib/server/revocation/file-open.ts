// Why a judgement from files could not settle a certificate of the path, and what to bring. Pure.
import type { CertificateView } from '../x509/types.ts';
import { isFresh, NEGATIVE, SETTLED, statusOf, type Judged } from './file-verdict.ts';
import type { Explained, FilesRequest } from './from-files.ts';

/** @param issuer the certificate above it, when there is one @returns null: nothing is open about it */
export function openQuestion(
  { subject }: CertificateView,
  issuer: CertificateView | undefined,
  judged: Judged,
  request: FilesRequest,
): Explained | null {
  const status = statusOf(judged);
  if (NEGATIVE.includes(status) || SETTLED.includes(status)) return null;
  const who = `Status pencabutan ${subject.text} belum dapat dipastikan`;
  if (!issuer) return { code: 'issuer_missing', text: `${who}: sertifikat penerbitnya tidak ditemukan. Sertakan.` };
  const { state } = judged;
  const kind = state.source === 'ocsp' ? 'jawaban OCSP' : 'CRL';
  const bring = `Sertakan CRL atau jawaban OCSP terbaru dari ${issuer.subject.text}.`;
  if (state.evidenceId === null || state.thisUpdate === null)
    return {
      code: 'evidence_missing',
      text: `${who}: tidak ada CRL atau jawaban OCSP yang dapat dipakai tentangnya. ${bring}`,
      clause: 'RFC 5280 §6.3.3',
    };
  if (status === 'unknown')
    return {
      code: 'answer_unknown',
      text: `${who}: penjawab OCSP tidak mengenalnya. ${bring}`,
      clause: 'RFC 6960 §2.2',
    };
  const at = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z');
  const tooOld = isFresh(state, { ...request, maxAge: null })
    ? `lebih tua daripada --max-age (terbit ${at(state.thisUpdate)})`
    : state.nextUpdate === null
      ? `terlalu lama (terbit ${at(state.thisUpdate)}, tanpa nextUpdate)`
      : `sudah lewat nextUpdate (${at(state.nextUpdate)})`;
  return {
    code: 'evidence_too_old',
    text: `${who}: ${kind} tentangnya ${tooOld}, sehingga tidak lagi membuktikan bahwa sertifikat itu baik. ${bring}`,
    clause: state.source === 'ocsp' ? 'RFC 6960 §4.2.2.1' : 'RFC 5280 §5.1.2.5',
  };
}
