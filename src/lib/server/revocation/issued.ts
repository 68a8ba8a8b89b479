// What an issuer's lists may name that is ours: certificates, records without their file, and certificates of other CAs.
import type { Db } from '../db/index.ts';
import type { Issuers } from './issuers.ts';
import * as store from './store.ts';

/** Their serials. */
export const issuedSerials = (db: Db, issuerKey: string, issuers: Issuers): Set<string> =>
  new Set([
    ...store.serialsOf(db, issuerKey),
    ...store.dataOnlyOf(db, issuerKey).map(({ serial }) => serial),
    ...issuers.issuedBy(issuerKey).map(({ view }) => view.serial),
  ]);
