// What is known of the revocation of the CAs above a certificate, in words, and as work where nothing fresh is (certificate-
// status §1: "CA's CRL until nextUpdate"). Whether it keeps certificates from counting as in force is certificates' to say.
import { dateTime, number } from '#lib/format.ts';
import * as certificates from '../certificates/index.ts';
import type { Context } from '../context.ts';
import type { Task } from '../work.ts';
import type { FacetWords } from './facet-words.ts';
import { Issuers } from './issuers.ts';
import * as store from './store.ts';
import type { SourceView } from './views.ts';

type Above = { id: string; commonName: string; revokedAt: number | null };

const name = 'Pencabutan penerbit';
const clause = 'RFC 5280 §6.1.3 (a)(3)';
const wary = { name, clause, tone: 'warn', icon: 'triangle-alert' } as const;

/** @param path CA certificates above, nearest first; null: none of them is anything but an anchor */
export function issuersFacet(
  path: readonly Above[],
  statuses: ReadonlyMap<string, certificates.IssuerStatus>,
): FacetWords | null {
  const asked = path.flatMap((ca) => {
    const status = statuses.get(ca.id);
    return status && status.state !== 'anchor' ? [{ ...ca, ...status }] : [];
  });
  if (asked.length === 0) return null;
  const revoked = asked.find(({ revokedAt }) => revokedAt !== null);
  if (revoked)
    return {
      ...wary,
      tone: 'bad',
      icon: 'circle-x',
      word: 'Dicabut',
      text: `${revoked.commonName} dicabut atau ditangguhkan sejak ${dateTime(revoked.revokedAt)}.`,
    };
  const silent = asked.find(({ state }) => state === 'never') ?? asked.find(({ state }) => state === 'stale');
  if (silent) return { ...wary, word: silent.state === 'never' ? 'Belum diketahui' : 'Basi', text: silenceOf(silent) };
  const heard = asked.flatMap(({ until }) => until ?? []);
  if (heard.length === 0)
    return {
      ...wary,
      tone: 'mute',
      icon: 'circle-dashed',
      word: 'Tidak dapat diperiksa',
      text: `Sertifikat ${asked[0]!.commonName} tidak menyebut CRL maupun responder OCSP; itu tidak mengubah status sertifikat ini.`,
    };
  return {
    ...wary,
    tone: 'ok',
    icon: 'circle-check',
    word: 'Tidak dicabut',
    text: `Bukti tentang ${asked.length === 1 ? asked[0]!.commonName : `${number(asked.length)} penerbit di atasnya`} berlaku sampai ${dateTime(Math.min(...heard))}.`,
  };
}

/** Why nothing fresh is known of a CA. */
export const silenceOf = ({
  commonName,
  state,
  until,
}: Pick<Above, 'commonName'> & certificates.IssuerStatus): string =>
  state === 'never'
    ? `Belum pernah ada CRL atau jawaban OCSP yang berbicara tentang ${commonName}.`
    : `Bukti terakhir tentang ${commonName} lewat masa pakainya sejak ${dateTime(until)}.`;

/** CAs of which nothing fresh is known although their sources are well: what these publish does not speak about them. */
export function silentIssuers(ctx: Context, troubled: readonly Pick<SourceView, 'url'>[]): Task[] {
  const unheard = certificates.unheardIssuers(ctx);
  if (unheard.size === 0) return [];
  const statuses = certificates.issuerStatuses(ctx);
  const issuers = Issuers.read(ctx.db);
  const told = new Set(troubled.map(({ url }) => url));
  return issuers.all.flatMap((ca): Task[] => {
    const status = statuses.get(ca.id);
    if (!unheard.has(ca.id) || !status || !certificates.isUnheard(status)) return [];
    if ([...ca.view.crlUrls, ...ca.view.ocspUrls].some((url) => told.has(url))) return [];
    const { certificates: below } = store.standingUnder(ctx.db, issuers.below(ca));
    if (below === 0) return [];
    return [
      {
        key: `revocation:issuer:${ca.id}`,
        kind: 'source',
        title: 'Pastikan penerbit tidak dicabut',
        about: `${silenceOf({ ...ca, ...status })} ${number(below)} sertifikat di bawahnya perlu diperiksa ulang. Unggah CRL dari CA di atasnya, atau tanyakan kepadanya.`,
        dueAt: status.until,
        basis: 'CRL berikutnya',
        href: `/trust#penerbit-${ca.id}`,
        button: 'Lihat Penerbit',
        act: 'revocation.check',
      },
    ];
  });
}
