// A private key written as text: in a file, or in a field of a form into which somebody pasted it. Nothing is decoded but
// the head of what may be DER, so a key that was cut off, wrapped or escaped is one too.

/** A line end as text loses it: turned to spaces, or escaped once (JSON, environment files). */
const GAP = String.raw`(?:\s|\\[rnt]){1,20}`;
const MARK = new RegExp(String.raw`BEGIN${GAP}(?:[A-Z0-9]{1,20}${GAP}){0,5}PRIVATE${GAP}KEY`);

/** PEM (RFC 7468, OpenSSH, SSH2, PGP), PuTTY, PKCS#12 as OpenSSL prints it: the mark alone, as in a file. */
export const hasKeyText = (text: string): boolean =>
  MARK.test(text) || /PuTTY-User-Key-File-\d|Bag Attributes[\s\S]{0,400}Key Attributes/.test(text) || hasBareKey(text);

/**
 * The same for what people type. Here the mark alone is no key: who reports "di layar ada BEGIN PRIVATE KEY" must be
 * heard. With its content, or the start of it, it is.
 */
export function isKeyPasted(text: string): boolean {
  const mark = MARK.exec(text);
  const content = mark ? text.slice(mark.index + mark[0].length) : '';
  return (
    /[A-Za-z0-9+/]{32}|^-*[\s\S]{40,}-{2,}\s*END/.test(content) ||
    /PuTTY-User-Key-File-\d[\s\S]*Private-Lines/.test(text) ||
    hasBareKey(text)
  );
}

/**
 * Base64 that starts as PKCS#8 (RFC 5958), PKCS#1 (RFC 8017 A.1.2), SEC 1 (RFC 5915), DSA, PKCS#12 (RFC 7292), a Java
 * keystore or OpenSSH's own format do; a JSON Web Key (RFC 7517) with its private part.
 */
function hasBareKey(text: string): boolean {
  if (text.includes('b3BlbnNzaC1rZXktdjE')) return true;
  if (/"kty"\s*:/.test(text) && /"d"\s*:\s*"[A-Za-z0-9_-]{32}/.test(text)) return true;
  START.lastIndex = 0;
  for (let found = START.exec(text); found; found = START.exec(text)) {
    const at = START.lastIndex - found[1]!.length;
    const head = text.slice(at, at + HEAD * 3).replace(/\\[rnt]|\s+/g, '');
    const base64 = /^[A-Za-z0-9+/_-]*/.exec(head)![0].slice(0, HEAD);
    if (base64.length >= 40 && KEY_HEAD.test(Buffer.from(base64, 'base64').toString('hex'))) return true;
  }
  return false;
}

const HEAD = 64;
/** 0x30 and a length, or the marks of Java keystores, where no longer word goes on. */
const START = /(?:^|[^A-Za-z0-9+/_-]|\\[rnt])(M[A-I]|\/u3\+|zs7O)/g;

const LENGTH = '(?:80|[0-7].|81..|82....|83......)';
const KEY_HEAD = new RegExp(
  [
    // PKCS#8, either version; PKCS#1 and DSA; SEC 1.
    `^30${LENGTH}02010[01]30${LENGTH}06`,
    `^30${LENGTH}02010002(?:8[12]|[2-7])`,
    `^30${LENGTH}02010104[1-7]`,
    // Encrypted PKCS#8: its algorithm is of PKCS#5 or PKCS#12.
    `^30${LENGTH}30${LENGTH}06(?:092a864886f70d0105|0a2a864886f70d010c01)`,
    `^30${LENGTH}02010330${LENGTH}06092a864886f70d0107`,
    '^(?:feedfeed|cececece)0000000[12]',
  ].join('|'),
);
