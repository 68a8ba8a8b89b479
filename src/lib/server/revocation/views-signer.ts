// Who signed an accepted object, as its page shows it: name, path to an anchor, whether the signature holds. Reading only.
import * as certificates from '../certificates/index.ts';
import type { Context } from '../context.ts';
import { readCertificate, validatePath } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import type { Signer } from './evidence-rules.ts';
import type { Issuers } from './issuers.ts';

/** The signer's certificate: a CA of ours, or a delegate that came with the answer. */
export function signerOf(ctx: Context, fingerprint: string, delegates: readonly Buffer[]): CertificateView | null {
  const der = certificates.der(ctx, fingerprint);
  if (der) return readCertificate(der);
  for (const candidate of delegates) {
    try {
      const view = readCertificate(candidate);
      if (view.fingerprint === fingerprint) return view;
    } catch {
      // A certificate that came along and cannot be read signed nothing.
    }
  }
  return null;
}

export function signerWords(
  certificate: CertificateView,
  issuers: Issuers,
  at: number,
  verify: ((spki: Buffer) => boolean) | null,
): Signer {
  const of = (trust: 'anchor' | 'other') =>
    issuers.all.filter((ca) => (ca.trust === 'anchor') === (trust === 'anchor')).map((ca) => ca.view);
  const { ok, path } = validatePath(certificate, { anchors: of('anchor'), intermediates: of('other'), at });
  return {
    name: nameOf(certificate, issuers),
    certificate,
    path: ok ? path.map((view) => nameOf(view, issuers)) : [],
    verified: verify && verify(certificate.publicKey.spki),
  };
}

const nameOf = (view: CertificateView, issuers: Issuers): string =>
  issuers.all.find((ca) => ca.view.fingerprint === view.fingerprint)?.commonName ?? ownName(view);

/** Its common name; a delegate is no CA of ours and has no record. */
const ownName = (view: CertificateView): string =>
  view.subject.rdns.flat().find(({ oid }) => oid === '2.5.4.3')?.value ?? view.subject.text;

export const shownSigner = ({ name, certificate, path }: Signer, issuers: Issuers) => ({
  name,
  fingerprint: certificate.fingerprint,
  authorityId: issuers.all.find((ca) => ca.view.fingerprint === certificate.fingerprint)?.id ?? null,
  path,
});
