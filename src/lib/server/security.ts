// What the web edge asks of every request: whose network, how large a body, which headers go back. Pure, so that the
// hooks, our own small server and the tests agree. OWASP Secure Headers Project; the CSP itself is in svelte.config.js.

/** Documents nobody may frame; a PDF only in the preview of our own pages. */
const FRAMES = { html: 'DENY', pdf: 'SAMEORIGIN' } as const;

/** Headers of every answer, files of the application included. */
export function baseHeaders(tls: boolean): Record<string, string> {
  return {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'x-permitted-cross-domain-policies': 'none',
    'permissions-policy':
      'camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=(), browsing-topics=()',
    // RFC 6797 §7.2: never over plain HTTP.
    ...(tls ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
  };
}

/** Headers that depend on what is answered. A page brings its own policy with nonces from SvelteKit. */
export function contentHeaders(mediaType: string): Record<string, string> {
  if (mediaType.startsWith('text/html')) return { 'x-frame-options': FRAMES.html };
  if (mediaType.startsWith('application/pdf')) {
    return { 'x-frame-options': FRAMES.pdf, 'content-security-policy': "frame-ancestors 'self'" };
  }
  return {
    'x-frame-options': FRAMES.html,
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  };
}

/** `__Host-`: only over TLS, for this host, from the root (RFC 6265bis §4.1.3.2). */
export const sessionCookie = (tls: boolean): string => (tls ? '__Host-siaga' : 'siaga');

const IPV4 = /^(\d{1,3}\.){3}\d{1,3}$/;
const IPV6 = /^(?=.*:)[\da-f:]{2,39}$/i;

/**
 * The network an address belongs to, coarse enough not to be a person: IPv4 /24, IPv6 /48.
 * An IPv4 address in IPv6 clothes is IPv4; what is no address is 'unknown'.
 */
export function networkOf(address: string | undefined): string {
  const bare = (address ?? '').replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '').replace(/%.*$/, '');
  if (IPV4.test(bare)) return `${bare.split('.').slice(0, 3).join('.')}.0/24`;
  if (IPV6.test(bare))
    return `${groups(bare)
      .slice(0, 3)
      .map((group) => group.toString(16))
      .join(':')}::/48`;
  return 'unknown';
}

/** The eight 16-bit groups of an IPv6 address. */
function groups(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const read = (text: string) => (text ? text.split(':').map((group) => parseInt(group, 16) || 0) : []);
  if (tail === undefined) return read(head);
  const left = read(head);
  const right = read(tail);
  return [...left, ...Array<number>(Math.max(0, 8 - left.length - right.length)).fill(0), ...right];
}

/** The client as a trusted proxy saw it: the last entry of X-Forwarded-For, the only one the proxy itself wrote. */
export const forwardedAddress = (header: string | null): string | undefined =>
  header?.split(',').at(-1)?.trim() || undefined;

export const isLoopback = (address: string | undefined): boolean =>
  /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/i.test(address ?? '');

/** A name by which only this machine calls itself; a foreign name that resolves to loopback is not one. */
export const isLoopbackHost = (hostname: string): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(hostname);

const KB = 1000;
const MB = 1000 * KB;
/** Routes that take files of people (certificates, evidence, archives, signed letters, attachments). */
const LARGE: readonly [prefix: string, bytes: number][] = [
  // A whole archive (containers: 512 MiB) with something beside it; it goes to disk while it arrives.
  ['/certificates/import', 600 * MB],
  ['/imports', 200 * MB],
  ['/holders', 50 * MB],
  ['/sources', 200 * MB],
  ['/evidence', 200 * MB],
  ['/trust', 10 * MB],
  ['/incidents', 50 * MB],
  ['/intakes', 50 * MB],
  ['/letters', 50 * MB],
  ['/lapor', 25 * MB],
  ['/evaluations', 50 * MB],
  ['/findings', 50 * MB],
  ['/history', 50 * MB],
  ['/reports', 50 * MB],
  ['/start', 200 * MB],
];

/** Largest body in bytes that a path accepts. */
export function bodyLimit(path: string): number {
  return LARGE.find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`))?.[1] ?? 512 * KB;
}

/** A path of our own to go on to, or '/': anything a browser could read as another host is refused. */
export function ownPath(next: string | null): string {
  if (!next || !/^\/(?![/\\])[^\\]*$/.test(next) || /[\u0000-\u001f]/.test(next)) return '/';
  return next;
}
