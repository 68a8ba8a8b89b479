// Who the owner of a certificate would be when nobody in the list is: what a person is asked before anything is entered.
import * as agencies from '../agencies/index.ts';
import type { Context } from '../context.ts';
import type { HolderRow } from './holder-store.ts';
import type { Waiting } from './match-store.ts';
import { properName, splitName } from './names.ts';

export type NewOwner = {
  kind: HolderRow['kind'];
  /** With titles; of a system its host name. */
  name: string;
  /** Code of the agency; '' not known. */
  agency: string;
};

/** Who the owner would be, as a person is asked: the certificate's name, under the agency it came from or names. */
export function newOwner(ctx: Context, row: Pick<Waiting, 'commonName' | 'agencyId' | 'use'>): NewOwner {
  const own = row.agencyId ? (agencies.byId(ctx, row.agencyId)?.code ?? '') : '';
  if (row.use === 'tls_server' || row.use === 'tls_client') {
    return { kind: 'system', name: row.commonName.toLowerCase().slice(0, 200), agency: own };
  }
  const entity = agencies.find(ctx)(row.commonName);
  if (entity) return { kind: 'entity', name: entity.name, agency: entity.code };
  const { titleBefore, name, titleAfter } = splitName(row.commonName);
  const bare = `${titleBefore} ${properName(name)}`.trim();
  return { kind: 'person', name: (titleAfter ? `${bare}, ${titleAfter}` : bare).slice(0, 200), agency: own };
}
