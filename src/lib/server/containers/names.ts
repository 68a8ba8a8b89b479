// Names of files as somebody else wrote them: only ever a label, never a place. Shown cleaned.
import { LIMITS } from './types.ts';

// Control characters, and marks that turn the direction of writing or cannot be seen (Trojan Source, CVE-2021-42574).
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/g;

/** Short, of letters and digits, every part beginning with one: nothing about it needs cleaning. */
const CLEAN = /^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/;

/** Without `..`, drive letters, leading slashes and what cannot be seen; of a long name its beginning and its end. */
export function cleanName(name: string): string {
  if (name.length <= LIMITS.nameCharacters && CLEAN.test(name)) return name;
  const parts = name
    .toWellFormed()
    .replace(UNSEEN, '')
    .replaceAll('\\', '/')
    .replace(/^[A-Za-z]:(?=\/)/, '')
    .split('/')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== '.' && part !== '..');
  return shortened(parts.join('/')) || 'tanpa nama';
}

function shortened(name: string): string {
  const letters = [...name];
  if (letters.length <= LIMITS.nameCharacters) return name;
  const end = letters.slice(-60).join('');
  return `${letters.slice(0, LIMITS.nameCharacters - 61).join('')}…${end}`;
}

/** What is read as a list; everything else is searched for certificates. */
export const isSheetName = (name: string): boolean => /\.(xlsx|csv)$/i.test(name);
