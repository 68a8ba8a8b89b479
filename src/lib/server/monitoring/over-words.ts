// What is said when something is over that people were told of: to whoever works in Siaga in a line, to an owner as a
// section of a letter. Pure.
import { capital, dateTime, number, serial } from '#lib/format.ts';
import { ownerSteps } from '../certificates/renewal-guide.ts';
import type { Over } from './notice-store.ts';
import { isServer, issuer, subjectOf, type OwnerItem } from './owner-words.ts';
import { aboutOf, isHint } from './words.ts';

const isHold = (o: Over): boolean => o.kind === 'on_hold';
const isReleased = (o: Over): boolean => (isHold(o) && !o.disowned) || o.kind === 'authority_revoked';

/** One of them, for an office. */
export function overLine(o: Over): string {
  const who = `${aboutOf(o)}${o.agency ? ` (${o.agency})` : ''}${o.serial ? `, seri ${serial(o.serial)}` : ''}`;
  if (o.kind === 'authority_revoked') return `${who}: penangguhan dilepas induknya, diketahui ${dateTime(o.over)}`;
  if (!o.certificateId) return `${who}: pulih ${dateTime(o.over)}`;
  const what = isHint(o)
    ? 'dugaan pencabutan dijawab: bukan pencabutan'
    : o.disowned
      ? 'penangguhan itu ternyata tentang sertifikat penerbit lain'
      : isHold(o)
        ? 'penangguhan dilepas penerbit'
        : 'penerbit tidak lagi menyebutnya tidak pernah diterbitkan';
  const then = o.usable ? 'boleh dipakai lagi' : 'tetap tidak boleh dipakai; lihat statusnya di Siaga';
  return `${who}: ${what}, diketahui ${dateTime(o.over)}; ${then}`;
}

export function overSubject(ended: readonly Over[]): string {
  const [one] = ended;
  if (ended.length === 1 && one) {
    if (isReleased(one)) return `penangguhan ${aboutOf(one)} dilepas`;
    if (isHint(one)) return `dugaan pencabutan ${aboutOf(one)} terjawab`;
    return one.certificateId ? `keterangan penerbit tentang ${aboutOf(one)} berubah` : `${aboutOf(one)} sudah pulih`;
  }
  const freed = ended.filter(isReleased).length;
  const changed = ended.filter((one) => one.certificateId && !isReleased(one)).length;
  const rest = ended.length - freed - changed;
  return [
    ...(freed ? [`${number(freed)} penangguhan dilepas`] : []),
    ...(changed ? [`keterangan penerbit tentang ${number(changed)} sertifikat berubah`] : []),
    ...(rest ? [`${number(rest)} gangguan sudah pulih`] : []),
  ].join('; ');
}

/** To an owner who was told to stop until word comes. @param now instant of reading, UTC ms */
export function freedItem(o: Over, now: number): OwnerItem {
  const ended = o.notAfter !== null && o.notAfter < now;
  const what = isHint(o)
    ? `Dugaan bahwa sertifikat ini dicabut sudah dijawab ${issuer(o)}: ia tidak dicabut`
    : o.disowned
      ? 'Penangguhan itu ternyata tentang sertifikat penerbit lain, bukan sertifikat Anda'
      : isHold(o)
        ? `Penangguhannya dilepas ${issuer(o)}`
        : `Menurut jawaban terbaru ${issuer(o)}, sertifikat ini tidak lagi disebut tidak pernah diterbitkan`;
  const still = ended
    ? ` Masa berlakunya sementara itu habis, ${dateTime(o.notAfter)}.`
    : o.usable
      ? ''
      : ' Namun masih ada hal lain yang menghalangi pemakaiannya.';
  return {
    subject: capital(
      o.usable ? `${subjectOf(o)} boleh dipakai lagi` : `kabar tentang ${subjectOf(o)}: belum boleh dipakai`,
    ),
    title: isReleased(o)
      ? 'Penangguhan dilepas'
      : isHint(o)
        ? 'Dugaan pencabutan terjawab'
        : 'Keterangan penerbit berubah',
    happened: `${what}, diketahui ${dateTime(o.over)}.${still}`,
    todo: ended
      ? ownerSteps(o.use ?? 'signature', true)
      : o.usable
        ? [
            isServer(o)
              ? 'Sertifikat ini boleh disajikan lagi di server.'
              : 'Sertifikat ini boleh dipakai lagi. Yang ditandatangani selama masa itu, tanda tangani ulang bila masih diperlukan.',
            ...(isReleased(o)
              ? [
                  'Bila Anda tidak tahu sebab penangguhannya atau tidak meminta pelepasannya, jangan memakainya dahulu dan beri tahu kami.',
                ]
              : []),
          ]
        : ['Jangan memakainya dahulu; hubungi kami.'],
  };
}

/** To whom it belonged when we asked to stop: the matter is over; how it stands is its owner's. */
export const FORMER: OwnerItem = {
  subject: 'Tidak perlu menunggu kabar lagi tentang sertifikat yang dahulu atas nama Anda',
  title: 'Urusan selesai',
  happened:
    'Kami pernah meminta Anda berhenti memakai sertifikat ini sampai ada kabar dari kami. Sertifikat ini tidak lagi tercatat atas nama Anda, dan urusan itu sudah selesai.',
  todo: ['Jangan memakai sertifikat ini. Bila kunci atau berkasnya masih ada pada Anda, beri tahu kami.'],
};
