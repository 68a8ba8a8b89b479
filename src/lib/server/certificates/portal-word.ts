// What BSrE's portal believes of a certificate, as its list says it, and whether that agrees with what Siaga proved. Pure.
// The two beliefs stand side by side (certificate-status §1): the portal's word never moves a facet, a difference is work.
import type { portalWords } from '#lib/terms.ts';
import type { Revocation } from './label.ts';

export type PortalWord = keyof typeof portalWords;

/** The API's own words and what exports and offices make of them, in Indonesian and English; compared in small letters. */
const spellings: Record<PortalWord, RegExp> = {
  issued: /^(issued?|aktif|active|valid|berlaku|masih berlaku|terbit|sudah terbit|diterbitkan)$/,
  expired:
    /^(expired?|ked[ae]lu?warsa|kad[ae]lu?warsa|kad[ae]luarsa|ked[ae]luarsa|habis masa berlaku|masa berlaku habis|berakhir)$/,
  renewing:
    /^(renew(al|ing)?|(dalam |sedang )?(proses )?(pembaruan|perpanjangan)|(dalam|sedang) (diperbarui|diperpanjang))$/,
  verifying:
    /^(waiting (for )?verification|pending verification|(menunggu|dalam|sedang)( proses)? verifikasi|sedang diverifikasi)$/,
  unactivated: /^(new|not activated|belum (di)?aktivasi|belum diaktifkan)$/,
  none: /^(no certificate|(belum ada|belum memiliki|belum punya|tidak memiliki) sertifikat( elektronik)?)$/,
  unregistered: /^(not registered|(belum|tidak) terdaftar)$/,
  suspended: /^(suspend(ed)?|(di)?tangguhkan|dalam penangguhan|dibekukan)$/,
  revoked: /^(revoked?|(sudah |telah )?dicabut)$/,
};

/** @returns the word, '' when nothing is said, null when it is unknown: "nonaktif" may mean four of them */
export function readPortalWord(text: string): PortalWord | '' | null {
  const said = text
    .toLowerCase()
    .replace(/[^a-z]+/g, ' ')
    .trim();
  if (said === '') return '';
  return (Object.keys(spellings) as PortalWord[]).find((word) => spellings[word].test(said)) ?? null;
}

export type PortalSaid = { word: PortalWord; at: number };
export type Proved = {
  revocation: Revocation;
  revokedAt: number | null;
  revocationSeenAt: number | null;
  notAfter: number | null;
  fingerprint: string | null;
};
export type Mismatch = 'unproved' | 'denied' | 'since_revoked' | 'since_held' | 'since_ended' | 'in_force' | 'exists';

/**
 * How the portal's word differs from what Siaga proved; null: it does not, or nothing can be said. A word is judged by the
 * day of its list: what happened afterwards is no mismatch. RENEW, NEW, SUSPEND and verification are states of an account,
 * not of a certificate (domain/bsre.md §1.5), and after its end no revocation can be proved any more (§2.14).
 */
export function mismatchOf(said: PortalSaid, proved: Proved, now: number): Mismatch | null {
  const { revocation, notAfter } = proved;
  const bad = revocation === 'revoked' || revocation === 'on_hold';
  const ended = notAfter !== null && notAfter < said.at;
  switch (said.word) {
    case 'revoked':
      if (revocation === 'revoked' || (notAfter !== null && notAfter < now)) return null;
      return revocation === 'good' || revocation === 'released' ? 'denied' : 'unproved';
    case 'issued':
      if (bad && (proved.revokedAt ?? proved.revocationSeenAt ?? 0) <= said.at)
        return revocation === 'revoked' ? 'since_revoked' : 'since_held';
      return ended ? 'since_ended' : null;
    case 'expired':
      return revocation !== 'revoked' && notAfter !== null && !ended ? 'in_force' : null;
    case 'none':
    case 'unregistered':
      return revocation !== 'revoked' && proved.fingerprint !== null && !ended ? 'exists' : null;
    default:
      return null;
  }
}

/** Whether `mismatchOf` finds any, in SQL over `portal_said` and its certificate. */
export function mismatchSql(now: number, said = 'x', certificate = 'c'): string {
  if (!Number.isSafeInteger(now)) throw new TypeError('an instant is a whole number of milliseconds');
  const [x, c] = [said, certificate];
  const ended = `coalesce(${c}.not_after < ${x}.at, 0)`;
  return `(case ${x}.word
    when 'revoked' then ${c}.revocation <> 'revoked' and coalesce(${c}.not_after >= ${now}, 1)
    when 'issued' then (${c}.revocation in ('revoked', 'on_hold') and coalesce(${c}.revoked_at, ${c}.revocation_seen_at, 0) <= ${x}.at) or ${ended}
    when 'expired' then ${c}.revocation <> 'revoked' and ${c}.not_after is not null and not ${ended}
    when 'none' then ${c}.revocation <> 'revoked' and ${c}.fingerprint is not null and not ${ended}
    when 'unregistered' then ${c}.revocation <> 'revoked' and ${c}.fingerprint is not null and not ${ended}
    else 0 end)`;
}

/** The list of those whose portal says otherwise, with the columns that show it. */
export const PORTAL_MISMATCHES = '/certificates?portal=mismatch&columns=agency,status,end,portal';

/** The difference and what to do about it, in a sentence each. */
export const mismatchSentences: Record<Mismatch, { sentence: string; next: string }> = {
  unproved: {
    sentence: 'Portal menyebutnya dicabut, tetapi Siaga belum dapat membuktikannya dari CRL atau OCSP.',
    next: 'Periksa lagi ke sumbernya; bila tidak terjawab, minta penegasan BSrE dan jangan pakai sertifikat ini sampai jelas.',
  },
  denied: {
    sentence: 'Portal menyebutnya dicabut, padahal CRL atau OCSP terakhir tidak mencantumkannya sebagai dicabut.',
    next: 'Periksa lagi ke sumbernya; bila tetap berbeda, minta penegasan BSrE dan jangan pakai sertifikat ini sampai jelas.',
  },
  since_revoked: {
    sentence: 'Portal menyebutnya aktif, padahal pencabutannya sudah terbukti saat itu.',
    next: 'Yang berlaku adalah buktinya: sertifikat ini dicabut. Minta BSrE memperbaiki data portal, lalu impor daftar yang baru.',
  },
  since_held: {
    sentence: 'Portal menyebutnya aktif, padahal sudah ditangguhkan menurut bukti penerbit.',
    next: 'Minta penegasan BSrE; sampai jelas, jangan pakai sertifikat ini.',
  },
  since_ended: {
    sentence: 'Portal menyebutnya aktif, padahal masa berlakunya sudah habis saat itu.',
    next: 'Periksa apakah barisnya milik sertifikat pengganti; bila ya, impor berkas penggantinya.',
  },
  in_force: {
    sentence: 'Portal menyebutnya kedaluwarsa, padahal masa berlakunya belum habis saat itu.',
    next: 'Bandingkan akhir masa berlaku di sini dengan yang ada di portal; bila keliru di portal, laporkan kepada BSrE.',
  },
  exists: {
    sentence: 'Portal menyebut pemiliknya tidak punya sertifikat, padahal berkasnya ada di Siaga.',
    next: 'Periksa di portal dengan NIK pemiliknya apakah akunnya sudah diganti, lalu impor daftar yang baru.',
  },
};
