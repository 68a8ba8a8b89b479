// What fresh evidence says of the CA certificates themselves, and whose certificates no fresh evidence about every CA above
// them vouches for: "CA's CRL until nextUpdate" (certificate-status §1; RFC 5280 §6.1.3 (a)(3) asks it of every certificate
// of the path but the anchor). A CA that names neither a list nor a responder cannot be asked, and is held against nobody.
import { HOUR } from '../calendar.ts';
import type { Context } from '../context.ts';
import { connection } from '../db/index.ts';
import * as settings from '../settings/index.ts';
import { pathsFrom } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import type { Keyring, KnownAuthority } from './chain.ts';
import { keyringOf } from './keyring.ts';

/** @property until until when the evidence is fresh, UTC ms; null: there is none */
export type IssuerStatus = {
  state: 'anchor' | 'fresh' | 'stale' | 'never' | 'not_checkable';
  until: number | null;
};

/** Of every CA certificate that is not rejected, by id. @param at instant of judgement, UTC ms */
export function issuerStatuses(ctx: Context, at = ctx.now()): Map<string, IssuerStatus> {
  const ring = keyringOf(ctx);
  const { ocspHours } = settings.get(ctx, 'freshness');
  const until = (e: string) =>
    `coalesce(${e}.next_update, ${e}.this_update + case ${e}.kind when 'ocsp' then @answers else 0 end)`;
  // Of a time before the object came, what its line had then.
  const rows = connection(ctx.db)
    .prepare(
      `select a.id, a.trust, case when e.accepted_at <= @at then ${until('e')} else
                (select max(${until('n')}) from revocation_evidence n
                  where n.issuer_key = e.issuer_key and n.scope = e.scope and n.kind = e.kind and n.certificate_id is null
                    and n.accepted_at <= @at) end as until
         from authority a left join revocation_evidence e on e.id = a.revocation_evidence_id where a.trust <> 'rejected'`,
    )
    .all({ at, answers: ocspHours * HOUR }) as { id: string; trust: string; until: number | null }[];
  return new Map(
    rows.map(({ id, trust, until }): [string, IssuerStatus] => {
      if (trust === 'anchor') return [id, { state: 'anchor', until: null }];
      if (until !== null) return [id, { state: until >= at ? 'fresh' : 'stale', until }];
      return [id, { state: isAskable(ring.byId(id)!.view) ? 'never' : 'not_checkable', until }];
    }),
  );
}

const isAskable = ({ crlUrls, ocspUrls }: CertificateView): boolean => crlUrls.length + ocspUrls.length > 0;

/** CA certificates whose own revocation is not known freshly, so that what they issued is not in force by evidence. */
export const isUnheard = ({ state }: IssuerStatus): boolean => state === 'never' || state === 'stale';

const NOBODY: ReadonlySet<string> = new Set();

/**
 * Issuers of which no path to an anchor is freshly known to be unrevoked, by id. Two certificates of one name and key are
 * one CA: what vouches for either does for both. None at all where the office looks at the certificates' own evidence only.
 */
export function unheardIssuers(ctx: Context, at = ctx.now()): ReadonlySet<string> {
  if (!settings.get(ctx, 'freshness').issuers) return NOBODY;
  const statuses = issuerStatuses(ctx, at);
  if (![...statuses.values()].some(isUnheard)) return NOBODY;
  const ring = keyringOf(ctx);
  const vouched = (view: CertificateView): boolean => {
    const status = statuses.get(ring.find(view.fingerprint)!.id);
    return status?.state === 'anchor' || (status !== undefined && !isUnheard(status) && view.notAfter.ms >= at);
  };
  const anchored = [...statuses.keys()].map((id) => ring.byId(id)!).filter((one) => ring.reachOf(one).end === 'anchor');
  const alike = Map.groupBy(anchored, ({ view }) => `${view.publicKey.spkiSha256} ${view.subject.der.toString('hex')}`);
  return new Set(
    [...alike.values()]
      .filter((group) => !group.some((one) => pathsOf(ring, one).some((path) => path.every(vouched))))
      .flatMap((group) => group.map(({ id }) => id)),
  );
}

const remembered = new WeakMap<Keyring, Map<string, CertificateView[][]>>();

/** Paths from a CA to the anchors, itself first; remembered while the keyring stays the same. */
function pathsOf(ring: Keyring, one: KnownAuthority): CertificateView[][] {
  const known = remembered.get(ring) ?? new Map<string, CertificateView[][]>();
  remembered.set(ring, known);
  let paths = known.get(one.id);
  if (!paths) {
    const { above } = ring.reachOf(one);
    const [anchors, intermediates] = [true, false].map((isAnchor) =>
      above.filter(({ trust }) => (trust === 'anchor') === isAnchor).map(({ view }) => view),
    );
    paths = pathsFrom(one.view, { anchors: anchors!, intermediates: intermediates!, signs: ring.signs });
    known.set(one.id, paths);
  }
  return paths;
}
