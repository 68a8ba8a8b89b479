// A private key written as text: in a file, or in a field of a form into which somebody pasted it. Nothing is decoded but
// the head of what may be DER, so a key that was cut off, wrapped or escaped is one too.

/** A line end as text loses it: turned to spaces, or escaped once (JSON, environment files). */
const GAP = String.raw`(?:\s|\\[rnt]){1,20}`;
const MARK = new RegExp(String.raw`BEGIN${GAP}(?:[A-Z0-9]{1,20}${GAP}){0,5}PRIVATE${GAP}KEY`, 'g');
/** How far behind its mark the content of a key begins, whatever markup of an office file lies between. */
export const REACH = 4096;

/**
 * What a file holds: PEM (RFC 7468, also cut off or locked), OpenSSH, SSH2, PGP, PuTTY, PKCS#12 as OpenSSL prints it, or
 * the same without its mark. A manual that quotes the mark alone holds no key.
 */
export function hasKeyText(text: string): boolean {
  MARK.lastIndex = 0;
  for (let mark = MARK.exec(text); mark;) {
    const next = MARK.exec(text);
    if (isContent(text.slice(mark.index + mark[0].length, Math.min(next?.index ?? Infinity, mark.index + REACH))))
      return true;
    mark = next;
  }
  return isPutty(text) || hasBareKey(text);
}

/** Something like base64, up to where something else begins: what a locked key or one of PGP holds has no form of its own. */
function isContent(behind: string): boolean {
  const [own = ''] = behind.replace(/<[^<>]*>/g, '').split(/-{2,}\s*(?:BEGIN|END)\b/);
  const runs = own.replace(/\\[rnt]/g, '\n').match(/[A-Za-z0-9+/]{32,}/g) ?? [];
  if (runs.some((run) => /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run))) return true;
  // Wrapped so narrowly that no line is long.
  return isKeyHead(own.replace(/^[\s-]*/, '').replace(/\s+/g, ''));
}

/** The same for what people type, where anything that is wrapped like a key, or follows its mark, counts as one. */
export function isKeyPasted(text: string): boolean {
  MARK.lastIndex = 0;
  const mark = MARK.exec(text);
  const content = mark ? text.slice(mark.index + mark[0].length) : '';
  return /[A-Za-z0-9+/]{32}|^-*[\s\S]{40,}-{2,}\s*END/.test(content) || isPutty(text) || hasBareKey(text);
}

const isPutty = (text: string): boolean => /PuTTY-User-Key-File-\d/.test(text) && text.includes('Private-Lines');

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
    if (isKeyHead(head)) return true;
  }
  return false;
}

function isKeyHead(text: string): boolean {
  const base64 = /^[A-Za-z0-9+/_-]*/.exec(text)![0].slice(0, HEAD);
  return base64.length >= 40 && KEY_HEAD.test(Buffer.from(base64, 'base64').toString('hex'));
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
