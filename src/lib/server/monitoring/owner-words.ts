// What an alert says to whoever owns the certificate, who has no account here and may never have heard of Siaga: what
// happened, when, and what to do now. Pure. What only the office can judge (contradicting sources, lists, clocks) is not
// told to owners.
import { capital, dateTime, midSentence, serial } from '#lib/format.ts';
import { revocationReasons, uses } from '#lib/terms.ts';
import { ownerSteps } from '../certificates/renewal-guide.ts';
import { endWords } from './rungs.ts';
import type { Pending } from './notice-store.ts';
import { isCompromise } from './topics.ts';
import { isHint, revisionWords } from './words.ts';

/** One certificate, as a mail to its owner tells of it. */
export type OwnerItem = { subject: string; title: string; happened: string; todo: string[] };

/** Whether there is something for the owner to know and to do. */
export const concernsOwner = (a: Pending): boolean =>
  ['expiry', 'revoked', 'on_hold', 'non_issued'].includes(a.kind) || isHint(a);

export const isServer = (a: Pending): boolean => a.use === 'tls_server' || a.use === 'tls_client';

/** "Sertifikat Anda" or the server's name: one person may keep the certificates of several servers. */
export const subjectOf = (a: Pending): string =>
  isServer(a) ? `sertifikat ${a.commonName}` : 'sertifikat elektronik Anda';

const since = (a: Pending): string =>
  a.revokedAt === null ? `, diketahui ${dateTime(a.raisedAt)}` : ` pada ${dateTime(a.revokedAt)}`;

export const issuer = (a: Pending): string => (a.issuer ? `penerbitnya (${a.issuer})` : 'penerbitnya');

/** @param now instant of reading, UTC ms */
export function ownerItem(a: Pending, now: number): OwnerItem {
  if (a.kind === 'revoked') return revoked(a);
  if (a.kind === 'on_hold') {
    const news = revisionWords(a.detail);
    return {
      subject: `Segera: ${subjectOf(a)} ditangguhkan`,
      title: 'Sertifikat ditangguhkan',
      happened: `Ditangguhkan ${issuer(a)}${since(a)}. ${news ? `Penerbit mengubah keterangannya: ${news}. ` : ''}Selama ditangguhkan, sertifikat ini tidak berlaku.`,
      todo: [
        `${STOP(a)} sampai kami memberi tahu bahwa penangguhannya sudah dilepas.`,
        'Bila Anda tidak tahu sebabnya, beri tahu kami; kami menanyakannya ke penerbit.',
      ],
    };
  }
  if (a.kind === 'non_issued') return neverIssued(a);
  if (isHint(a))
    return {
      subject: `Segera: ${subjectOf(a)} mungkin dicabut`,
      title: 'Sertifikat mungkin dicabut',
      happened: `Nomor serinya tercantum di daftar pencabutan yang belum dapat kami pastikan keabsahannya, diketahui ${dateTime(a.raisedAt)}. Kami menanyakannya ke penerbit.`,
      todo: [`${STOP(a)} sampai ada kabar dari kami.`],
    };
  const end = a.notAfter ?? now;
  const ended = end < now;
  const words = endWords(end, now);
  return {
    subject: capital(`${subjectOf(a)} ${midSentence(words)}`),
    title: ended ? 'Masa berlaku sudah habis' : 'Masa berlaku akan habis',
    happened: `${ended ? 'Berlaku sampai' : `${words}:`} ${dateTime(end)}${ended ? '; sejak itu tidak dapat dipakai lagi' : ''}.`,
    todo: ownerSteps(a.use ?? 'signature', ended),
  };
}

const STOP = (a: Pending): string =>
  isServer(a) ? 'Jangan sajikan sertifikat ini di server' : 'Berhenti memakai sertifikat ini';

/** The CA says that it knows no such certificate (RFC 6960 §2.2): a forgery, a wrong file, or a mistake of the CA. */
const neverIssued = (a: Pending): OwnerItem => ({
  subject: `Segera: jangan pakai ${subjectOf(a)}, penerbit menyatakan tidak pernah menerbitkannya`,
  title: 'Tidak pernah diterbitkan menurut penerbit',
  happened: `Kami bertanya kepada ${issuer(a)}; jawabnya, diketahui ${dateTime(a.raisedAt)}: sertifikat dengan nomor seri ini tidak pernah diterbitkan. Sertifikatnya mungkin palsu, atau catatan penerbit keliru. Sampai jelas, tanda tangan dan sambungan yang memakainya tidak dapat dipercaya; kami menanyakannya ke penerbit.`,
  todo: [
    `${STOP(a)} sampai ada kabar dari kami.`,
    'Beri tahu kami dari mana Anda menerima sertifikat ini: siapa yang memberikannya, kapan, dan lewat portal atau surel mana. Simpan berkas dan surelnya.',
    isServer(a)
      ? 'Periksa siapa saja yang dapat memasang sertifikat di server itu.'
      : 'Beri tahu kami dokumen apa saja yang sudah Anda tanda tangani dengannya.',
  ],
});

function revoked(a: Pending): OwnerItem {
  const reason = a.detail.reason;
  const word = typeof reason === 'number' && reason !== 0 ? revocationReasons[reason]?.word : undefined;
  const why = word ? ` Alasan menurut penerbit: ${word}.` : ' Penerbit tidak menyebut alasannya.';
  const news = revisionWords(a.detail);
  const leaked = isCompromise(a);
  return {
    subject: `Segera: ${subjectOf(a)} dicabut${leaked ? `, ${word}` : ''}`,
    title: 'Sertifikat dicabut',
    happened: `Dicabut ${issuer(a)}${since(a)}.${why}${news ? ` Penerbit mengubah keterangannya: ${news}.` : ''} Pencabutan tidak dapat dibatalkan.`,
    todo: [
      isServer(a)
        ? 'Ganti sertifikat di server sekarang; peramban dan aplikasi menolak yang dicabut.'
        : 'Berhenti memakai sertifikat ini sekarang. Tanda tangan yang dibuat sesudah waktu itu tidak sah.',
      leaked
        ? 'Beri tahu kami hari ini juga sejak kapan kunci, kata sandi, atau perangkatnya mungkin diketahui orang lain, dan dokumen apa yang Anda tanda tangani sejak itu.'
        : 'Bila bukan Anda atau kantor Anda yang meminta pencabutan ini, beri tahu kami hari ini juga: mungkin ada penyalahgunaan.',
      isServer(a)
        ? 'Buat kunci baru untuk sertifikat penggantinya; kunci yang lama jangan dipakai lagi.'
        : 'Bila masih perlu menandatangani, minta penerbitan baru lewat petugas Perangkat Daerah Anda.',
    ],
  };
}

/** Which certificate is meant, as its owner finds it again in the portal. */
export const ownerCertificate = (a: Pending): string =>
  `${a.commonName} (${midSentence(uses[a.use ?? 'signature'])})${a.serial ? `, nomor seri ${serial(a.serial)}` : ''}`;
