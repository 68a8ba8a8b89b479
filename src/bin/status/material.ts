// The files of a request, opened. In a batch the same anchors and lists come back a hundred thousand times: what was read
// is kept while the file is unchanged, up to a bound, and handed out as the same objects.
import { statSync } from 'node:fs';
import { LIMITS, openContainer, openEvidence } from '#lib/server/containers/index.ts';
import { readCertificate, type CertificateView } from '#lib/server/x509/index.ts';
import { fromCaller, KEY_REFUSED, readInput, UNREAD } from '../cli.ts';

/** What is kept in memory of files already read, roughly. */
const KEPT_BYTES = 96 * 2 ** 20;
/** A certificate read takes about this many times its DER. */
const READ_WEIGHT = 12;
const LEAST_WEIGHT = 2048;

export type Certificates = { views: CertificateView[]; unreadable: number };
export type Objects = { ders: Buffer[]; unreadable: number };

/** A file that is not there, is none, or holds a private key: the request cannot be examined. */
export class InputError extends Error {}

export class Material {
  private readonly kept = new Map<string, { stamp: string; weight: number; value: Promise<unknown> }>();
  private weight = 0;

  certificates(name: string): Promise<Certificates> {
    return this.keep(`cert ${name}`, name, READ_WEIGHT, () => certificatesOf(name));
  }

  lists(name: string): Promise<Objects> {
    return this.keep(`crl ${name}`, name, 1, () => objectsOf(name, 'crl'));
  }

  answers(name: string): Promise<Objects> {
    return this.keep(`ocsp ${name}`, name, 1, () => objectsOf(name, 'ocsp'));
  }

  private keep<T>(key: string, name: string, times: number, read: () => Promise<T>): Promise<T> {
    const stat = stampOf(name);
    const known = this.kept.get(key);
    if (known && stat && known.stamp === stat.stamp) {
      // Last used goes last, so that the first is the one to forget.
      this.kept.delete(key);
      this.kept.set(key, known);
      return known.value as Promise<T>;
    }
    this.forget(key);
    const value = read();
    if (!stat) return value;
    const weight = LEAST_WEIGHT + stat.size * times;
    this.kept.set(key, { stamp: stat.stamp, weight, value });
    this.weight += weight;
    // What failed is tried again when it is asked for again.
    value.catch(() => this.forget(key));
    for (const oldest of this.kept.keys()) {
      if (this.weight <= KEPT_BYTES || oldest === key) break;
      this.forget(oldest);
    }
    return value;
  }

  private forget(key: string): void {
    this.weight -= this.kept.get(key)?.weight ?? 0;
    this.kept.delete(key);
  }
}

/** Changes whenever the file does; null when there is none. */
function stampOf(name: string): { stamp: string; size: number } | null {
  try {
    const { dev, ino, size, mtimeMs, ctimeMs } = statSync(fromCaller(name));
    return { stamp: `${dev} ${ino} ${size} ${mtimeMs} ${ctimeMs}`, size };
  } catch {
    return null;
  }
}

function bytesOf(name: string): Buffer {
  const bytes = readInput(name, LIMITS.fileBytes);
  if (typeof bytes === 'string') throw new InputError(`${name}: ${UNREAD[bytes]}.`);
  return bytes;
}

async function certificatesOf(name: string): Promise<Certificates> {
  const entries = await openContainer({ name, bytes: bytesOf(name) });
  if (entries.some(({ kind }) => kind === 'private_key')) throw new InputError(`${name}: ${KEY_REFUSED}`);
  const views = entries
    .filter(({ kind }) => kind === 'certificate')
    .flatMap(({ ders = [] }) => ders.map((der) => readCertificate(der)));
  return { views, unreadable: entries.filter(({ kind }) => kind === 'unreadable').length };
}

/** Objects that say they are of the other kind are left out: a bundle may be given for both. */
async function objectsOf(name: string, wanted: 'crl' | 'ocsp'): Promise<Objects> {
  const parts = await openEvidence({ name, bytes: bytesOf(name) });
  if (parts.some(({ kind }) => kind === 'private_key')) throw new InputError(`${name}: ${KEY_REFUSED}`);
  const ders = parts.flatMap((part) =>
    'der' in part && (part.kind === null || part.kind === wanted) ? [part.der] : [],
  );
  return { ders, unreadable: parts.filter(({ kind }) => kind === 'unreadable').length };
}
