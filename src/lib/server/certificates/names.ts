// Names of people as certificates and sheets write them: what is compared is the bare name, in capitals, without titles.

const TITLES_BEFORE =
  /^(?:prof|dr|drs|dra|drg|drh|ir|h|hj|kh|apt|ns|bdn|capt|raden|st)\.\s*|^(?:prof|dr|drs|dra|drg|hj|ir)\s+/i;
/** A degree written behind the name without a comma: "Budi Santoso S.Kom M.Si". */
const TITLES_AFTER =
  /(?:\s+(?:[SMAD]\.\s?(?:kom|sos|si|pd|pdi|h|e|t|ip|ap|hut|pt|kep|kes|farm|ked|kn|hum|ag|psi|tp|ak|m|md|eng|sc|ars|tr|keb|gz|stat|pi|p|ling|fil|th)\b\.?))+$/i;

/** Signs that neither a name nor a title has: what bears one is left whole. */
const NO_NAME = /["=<>]|:\/\//;

/** "Dr. Hj. Sri Handayani, M.Pd." → "Sri Handayani" with titles apart. */
export function splitName(text: string): { name: string; titleBefore: string; titleAfter: string } {
  if (NO_NAME.test(text)) return { name: text.trim(), titleBefore: '', titleAfter: '' };
  const [front = '', ...after] = text.trim().split(',');
  let name = front.trim();
  let titleBefore = '';
  for (let match = TITLES_BEFORE.exec(name); match && match[0].length < name.length; match = TITLES_BEFORE.exec(name)) {
    titleBefore = `${titleBefore} ${match[0].trim()}`.trim();
    name = name.slice(match[0].length).trim();
  }
  const behind = TITLES_AFTER.exec(name)?.[0] ?? '';
  if (behind && behind.length < name.length) name = name.slice(0, -behind.length).trim();
  const titleAfter = [behind.trim(), after.join(',').trim()].filter(Boolean).join(', ');
  return { name, titleBefore, titleAfter };
}

/** Capitals, no titles, no accents, apostrophes or dots, single spaces. Two spellings of one name share it. */
export const nameKey = (text: string): string =>
  splitName(text)
    .name.normalize('NFKD')
    .replace(/[\u0300-\u036f'’‘`]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toUpperCase();

/** Whether a cell can be what somebody or something is called: no bare number but an address (10.0.0.1), no line of a file. */
export const isName = (text: string): boolean =>
  nameKey(text) !== '' && (/\p{L}/u.test(text) || /^\d+(\.\d+){3}$/.test(text)) && !/-----\s*(BEGIN|END)\b/i.test(text);

/** "SRI HANDAYANI" → "Sri Handayani"; a name with small letters is left as it is. */
export const properName = (text: string): string =>
  text === text.toUpperCase()
    ? text
        .toLowerCase()
        .replace(/(^|[\s.-])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase())
    : text;
