// PEM (RFC 7468) as it is met: one block or many, text around and between, Windows line ends, UTF-16 from Notepad.

export type PemBlock = { label: string; der: Buffer | null };

const BEGIN = /-----BEGIN ([A-Z0-9 #]{1,64})-----/g;

/** The file as text for scanning: byte for character, or decoded when it starts with a UTF-16 mark. */
export function asText(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2);
  if (bytes[0] === 0xfe && bytes[1] === 0xff && bytes.length % 2 === 0)
    return Buffer.from(bytes.subarray(2)).swap16().toString('utf16le');
  return bytes.toString('latin1');
}

/** Every block, in file order; `der` is null when its base64 is broken or its end is missing. */
export function pemBlocks(text: string): PemBlock[] {
  const blocks: PemBlock[] = [];
  BEGIN.lastIndex = 0;
  for (let match = BEGIN.exec(text); match; match = BEGIN.exec(text)) {
    const label = match[1]!;
    const from = match.index + match[0].length;
    const next = text.indexOf('-----BEGIN ', from);
    // Its end is looked for up to the next block only: of a file that only begins blocks every one would be read to its end.
    const body = text.slice(from, next < 0 ? undefined : next);
    const to = body.indexOf(`-----END ${label}-----`);
    blocks.push({ label, der: to < 0 ? null : decode(body.slice(0, to)) });
    if (to >= 0) BEGIN.lastIndex = from + to;
  }
  return blocks;
}

function decode(body: string): Buffer | null {
  // Headers of RFC 1421 (Proc-Type, DEK-Info) end with an empty line.
  const headers = /^\s*[A-Za-z-]+:[\s\S]*?\r?\n\r?\n/.exec(body);
  const base64 = body.slice(headers?.[0].length ?? 0).replace(/\s+/g, '');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(base64) && base64.length % 4 !== 1 ? Buffer.from(base64, 'base64') : null;
}

/** Whether a text announces something in PEM, or is base64 that a certificate may be; whole or not is not asked. */
export function isPem(bytes: Buffer): boolean {
  const text = asText(bytes);
  return text.includes('-----BEGIN ') || bareBase64(text) !== null;
}

/** A whole file of base64 without armour, as some portals send it. */
export function bareBase64(text: string): Buffer | null {
  if (text.length > 4_000_000) return null;
  return /^\s*MI[A-Za-z0-9+/\s]{100,}={0,2}\s*$/.test(text) ? decode(text) : null;
}
