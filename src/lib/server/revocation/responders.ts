// Responders that the office itself set for a CA (RFC 6960 §4.2.2.2 no. 1): an explicit, dated and audited setting. The
// certificate of the responder must be in the inventory; what is not there answers for nobody.
import { wibDate } from '../calendar.ts';
import type { Context } from '../context.ts';
import * as settings from '../settings/index.ts';
import { readCertificate } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import * as store from './store.ts';

export function configuredResponders(ctx: Context, issuer: CertificateView): CertificateView[] {
  const today = wibDate(ctx.now());
  return settings
    .get(ctx, 'ocspResponders')
    .filter((one) => one.issuer === issuer.fingerprint && (one.until === '' || one.until >= today))
    .flatMap(({ responder }) => {
      const der = store.derOf(ctx.db, responder);
      return der ? [readCertificate(der)] : [];
    });
}
