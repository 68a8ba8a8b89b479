// Which addresses may be asked at all (certificate-status §7): what a URL itself tells, before any name is resolved.
// Pure, so that nobody is offered to allow what is refused anyway.
import { isIP } from 'node:net';
import { forbiddenAddress } from './address.ts';
import { OutboundError } from './errors.ts';

/** A host of the office's own network that may be reached although its address is private, on this port. */
export type AllowEntry = { host: string; port: number };

export const portOf = (url: URL): number => Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '').toLowerCase();

/** RFC 6761 §6.3: these names are loopback, whatever a DNS server answers. */
const isLocalhost = (host: string): boolean => /(?:^|\.)localhost\.?$/.test(host);

/** @throws OutboundError bad_url unless it is http or https and carries no credential */
export function targetOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || !url.hostname) {
    throw new OutboundError('bad_url', 'Alamat bukan http atau https yang sah.');
  }
  if (url.username || url.password) throw new OutboundError('bad_url', 'Alamat memuat nama pengguna atau sandi.');
  return url;
}

/** An entry of the office names this host with this port. */
export const isListed = (url: URL, allow: readonly AllowEntry[] | null): boolean =>
  !!allow?.some((entry) => entry.host.toLowerCase() === hostOf(url) && entry.port === portOf(url));

/** @param allow null: a redirect leads here @param bad what kind of address it is, as `forbiddenAddress` says */
export const refusedAddress = (host: string, bad: string, allow: readonly AllowEntry[] | null): OutboundError =>
  new OutboundError(
    'refused_address',
    allow
      ? `Alamat ${host} tidak boleh dihubungi (${bad}) karena bukan alamat publik.`
      : `Server mengalihkan ke ${host} (${bad}). Pengalihan tidak pernah diikuti ke alamat yang bukan publik.`,
  );

/** Refuses another port, an address that is not public and a name that is always this machine, unless listed. */
export function demandOpen(url: URL, allow: readonly AllowEntry[] | null): void {
  if (isListed(url, allow)) return;
  const host = hostOf(url);
  const port = portOf(url);
  if (port !== 80 && port !== 443) {
    throw new OutboundError(
      'refused_port',
      allow
        ? `Port ${port} tidak diizinkan; hanya 80 dan 443, atau yang ada di daftar izin.`
        : `Server mengalihkan ke ${host} port ${port}. Host di daftar izin hanya dihubungi bila alamatnya disebut sendiri.`,
    );
  }
  const bad = isIP(host) ? forbiddenAddress(host) : isLocalhost(host) ? 'loopback' : null;
  if (bad) throw refusedAddress(host, bad, allow);
}

/** What an entry of the office would have to name for this address. */
export const entryFor = (text: string): AllowEntry => ({ host: hostOf(new URL(text)), port: portOf(new URL(text)) });
export const isNamed = (text: string, allow: readonly AllowEntry[]): boolean => isListed(new URL(text), allow);

/** Why this address is never asked, whatever a person allows; null: that depends on where its name leads. */
export function neverAsked(text: string, allow: readonly AllowEntry[]): string | null {
  try {
    demandOpen(targetOf(text), allow);
    return null;
  } catch (error) {
    return (error as OutboundError).message;
  }
}
