// Names of people as certificates and sheets write them: what is compared is the bare name, in capitals, without titles.

const TITLES_BEFORE =
  /^(?:prof|dr|drs|dra|drg|drh|ir|h|hj|kh|apt|ns|bdn|capt|raden|st)\.\s*|^(?:prof|drs|dra|drg|hj|ir)\s+/i;

/** "Dr. Hj. Sri Handayani, M.Pd." → "Sri Handayani" with titles apart. */
export function splitName(text: string): { name: string; titleBefore: string; titleAfter: string } {
  const [front = '', ...after] = text.trim().split(',');
  let name = front.trim();
  let titleBefore = '';
  for (let match = TITLES_BEFORE.exec(name); match && match[0].length < name.length; match = TITLES_BEFORE.exec(name)) {
    titleBefore = `${titleBefore} ${match[0].trim()}`.trim();
    name = name.slice(match[0].length).trim();
  }
  return { name, titleBefore, titleAfter: after.join(',').trim() };
}

/** Capitals, no titles, no accents, apostrophes or dots, single spaces. Two spellings of one name share it. */
export const nameKey = (text: string): string =>
  splitName(text)
    .name.normalize('NFKD')
    .replace(/[\u0300-\u036f'’`]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toUpperCase();
