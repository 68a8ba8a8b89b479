// Whether one CA's key verifies another CA's certificate: asked by every sweep, and never answered otherwise.
import { verifiesWith } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';

const MOST = 50_000;
const answers = new Map<string, boolean>();

/** Remembered for the life of the process, because anybody who may import can bring a thousand made-up CAs. */
export function signs(child: CertificateView, issuer: CertificateView): boolean {
  const pair = `${child.fingerprint} ${issuer.publicKey.spkiSha256}`;
  const before = answers.get(pair);
  if (before !== undefined) return before;
  const answer = verifiesWith(child, issuer.publicKey.spki);
  if (answers.size >= MOST) answers.clear();
  answers.set(pair, answer);
  return answer;
}
