// A CA that shows one list to some and another of the same number to others (certificate-status §2 no. 5): told also when the
// second is older than what counts, and so is refused.
import { transact, type Context } from '../context.ts';
import type { CertificateView } from '../x509/types.ts';
import type { Crl } from './crl.ts';
import * as store from './store.ts';

type Refused = {
  signer: CertificateView;
  issuerKey: string;
  scope: string;
  sourceId: string | null;
  refusedId: string;
};

/** Raises the signal, once for each list that was accepted with the number. @returns whether there is one */
export function tellSplitView(
  ctx: Context,
  crl: Crl,
  { signer, issuerKey, scope, sourceId, refusedId }: Refused,
): boolean {
  const { number, deltaOf, sha256 } = crl;
  if (number === null) return false;
  const key = signer.publicKey.spkiSha256;
  // One that was accepted once was told then, if there was anything to tell.
  if (store.evidenceOf(ctx.db, sha256, issuerKey, null)) return false;
  const twin = store.twinOf(ctx.db, { issuerKey, scope, deltaOf, number, sha256, key });
  if (!twin) return false;
  const detail = { refused: refusedId, issuer: twin.issuerName, sha256, number, thisUpdate: crl.thisUpdate.ms };
  transact(ctx, (tx) =>
    store.addSignal(tx.db, {
      kind: 'same_number',
      sourceId,
      evidenceId: twin.id,
      detail: JSON.stringify(detail),
      at: tx.now(),
    }),
  );
  return true;
}
