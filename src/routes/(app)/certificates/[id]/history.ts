// The life of a certificate as one list: issued, recorded, checked, owned, revoked. Newest first.
import { dateTime } from '#lib/format.ts';
import { reasonWord, revocationWord, revokedSince } from '#lib/status-words.ts';
import { certificateSources, chainWords, portalWords } from '#lib/terms.ts';

type Item = { at: number; title: string; text?: string; who?: string; tone?: 'ok' | 'warn' | 'bad' | 'off' };
type Chain = keyof typeof chainWords;

export type Life = {
  notBefore: number | null;
  notAfter: number | null;
  addedAt: number;
  source: keyof typeof certificateSources;
  holderName: string | null;
  ownerships: {
    from: number;
    to: number | null;
    why: string;
    by: string;
    holderName: string | null;
    agencyName: string | null;
  }[];
  /** When lists lost it before its time: the status stays (certificate-status §3). */
  removals: number[];
  portal: { said: { at: number; word: keyof typeof portalWords; number: string }[] };
  events: {
    at: number;
    facet: 'chain' | 'revocation' | 'lifecycle';
    from: string;
    to: string;
    detail: Record<string, string | number>;
  }[];
};

/** @param now instants ahead of it are left out */
export function historyOf(life: Life, now: number): Item[] {
  const items: Item[] = [
    { at: life.addedAt, title: 'Dicatat di Siaga', text: `dari ${certificateSources[life.source].toLowerCase()}.` },
  ];
  if (life.notBefore !== null) items.push({ at: life.notBefore, title: 'Mulai berlaku', tone: 'ok' });
  if (life.notAfter !== null && life.notAfter <= now)
    items.push({ at: life.notAfter, title: 'Masa berlaku habis', tone: 'off' });
  for (const event of life.events) items.push(eventItem(event));
  for (const at of life.removals)
    items.push({ at, title: 'Hilang dari CRL sebelum kedaluwarsa', text: 'Tetap dianggap dicabut.', tone: 'bad' });
  for (const { at, word, number } of life.portal.said.filter(isNews)) {
    items.push({
      at,
      title: `Portal BSrE: ${portalWords[word].word.toLowerCase()}`,
      text: `menurut daftar impor ${number}.`,
    });
  }
  // The first owner stands from the certificate's own beginning; it was learnt when it was recorded.
  for (const owner of life.ownerships.filter((o) => o.from > life.addedAt)) {
    const whom = [owner.holderName, owner.agencyName].filter(Boolean).join(', ');
    items.push({
      at: owner.from,
      title: 'Pemilik atau Perangkat Daerah berubah',
      text: `menjadi ${whom}. ${owner.why}.`,
      who: owner.by,
    });
  }
  return items.sort((a, b) => b.at - a.at);
}

/** Of lists that say the same again, newest first, only the first is news. */
const isNews = ({ word }: { word: string }, i: number, said: readonly { word: string }[]) => said[i + 1]?.word !== word;

function eventItem(event: Life['events'][number]): Item {
  const { at, facet, to, from, detail } = event;
  if (facet === 'chain') {
    return {
      at,
      title: `Rantai: ${chainWords[to as Chain]}`,
      text: `sebelumnya ${chainWords[from as Chain].toLowerCase()}.`,
      tone: to === 'anchored' ? 'ok' : 'warn',
    };
  }
  if (facet === 'lifecycle') {
    if (to === 'retired') return { at, title: 'Tidak dipakai lagi', tone: 'off' };
    if (from === 'retired') return { at, title: 'Dipakai lagi', tone: 'ok' };
    if (to === 'archived')
      return detail.why === 'import_voided'
        ? { at, title: 'Diarsipkan', text: 'karena impornya dibatalkan.', tone: 'off' }
        : { at, title: 'Diarsipkan', tone: 'off' };
    if (from === 'archived') return { at, title: 'Dikembalikan dari arsip', tone: 'ok' };
    return { at, title: 'Berkas sertifikat datang', text: 'dan melengkapi catatan ini.', tone: 'ok' };
  }
  const said = { status: to, source: detail.source, revokedAt: detail.revokedAt };
  const since = revokedSince(said);
  const reason = typeof detail.reason === 'number' && to !== 'on_hold' ? ` Alasan: ${reasonWord(detail.reason)}.` : '';
  const when = since === null ? '' : ` Menurut penerbit sejak ${dateTime(since)}.`;
  const source = detail.source === 'crl' ? 'CRL' : detail.source === 'ocsp' ? 'OCSP' : '';
  const tone =
    to === 'revoked' || to === 'on_hold' || to === 'conflict'
      ? 'bad'
      : to === 'good' || to === 'released'
        ? 'ok'
        : 'warn';
  return {
    at,
    title: `Status pencabutan: ${revocationWord(said)}`,
    text: `${source ? `menurut ${source}.` : ''}${reason}${when}`.trim(),
    tone,
  };
}
