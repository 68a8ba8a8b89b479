// What Siaga notices about one certificate's own content (Catatan teknis). Each rule is data: id, severity, clause,
// effective date, what it says in Indonesian, who must act, and a pure test. BSrE's own profile (no SAN, no e-mail, no
// uniqueness attribute, Adobe's EKU, https pointers, O = the whole city) is no fault and has no rule (§9).
import { createHash } from 'node:crypto';
import { ODDITIES } from '../x509/index.ts';
import type { CertificateView, OddityRule } from '../x509/types.ts';
import { agencyRules, estateRules, issuerRules } from './lint/estate.ts';
import { identityRules } from './lint/identity.ts';
import { keyRules } from './lint/key.ts';
import { pointerRules } from './lint/pointers.ts';
import type { Noticed, OfficeRules, Rule, RuleFacts } from './lint/rule.ts';
import { structureRules } from './lint/structure.ts';
import { useRules } from './lint/use.ts';

export { agencyRules, estateRules, issuerRules, type EstateRule } from './lint/estate.ts';
export { plainName, type Fixer, type Noticed, type OfficeRules, type Severity } from './lint/rule.ts';

/** Counted up whenever a rule changes: certificates judged by an older set are judged again by jobs. */
const RULES_VERSION = 2;

export const groups = {
  structure: { word: 'Struktur', rules: structureRules },
  key: { word: 'Kunci', rules: keyRules },
  use: { word: 'Kegunaan', rules: useRules },
  identity: { word: 'Identitas', rules: identityRules },
  pointers: { word: 'Kebijakan dan alamat', rules: pointerRules },
} as const;

export const rules: readonly Rule[] = Object.values(groups).flatMap(({ rules }) => rules);

/** Without settings of an office, as on the command line. */
const NO_OFFICE: OfficeRules = { emailDomains: ['go.id'], maxDays: 1096, organizations: [] };

/** Oddities of the reader that a rule above says already, in its own words. */
const SAID_BY_RULE: readonly OddityRule[] = [
  'version',
  'negative_serial',
  'zero_serial',
  'long_serial',
  'algorithm_mismatch',
  'validity_reversed',
  'duplicate_extension',
];
const byReader = (Object.keys(ODDITIES) as OddityRule[]).filter((rule) => !SAID_BY_RULE.includes(rule));

/** All rules that `lint` may answer with; others belong to the estate or to imports. */
export const lintRuleIds: readonly string[] = [...rules.map((rule) => rule.id), ...byReader];

/** Rules and settings in one word: what `certificate.linted_with` says. */
export const lintKey = (office: OfficeRules): string =>
  `${RULES_VERSION}-${createHash('sha256').update(JSON.stringify(office)).digest('hex').slice(0, 12)}`;

/** What the strict reader met on its way, each kind once. */
function oddities(view: CertificateView): Noticed[] {
  const found = new Map<OddityRule, string[]>();
  for (const { rule, oid } of view.oddities) {
    if (SAID_BY_RULE.includes(rule)) continue;
    found.set(rule, [...(found.get(rule) ?? []), ...(oid ? [oid] : [])]);
  }
  return [...found].map(([rule, oids]) => ({
    rule,
    severity: ODDITIES[rule].severity,
    detail: oids.length ? `${ODDITIES[rule].text} OID ${oids.join(', ')}.` : ODDITIES[rule].text,
  }));
}

const dated = rules.map((rule) => ({ rule, from: rule.effective ? Date.parse(rule.effective) : -Infinity }));

/**
 * What the rules notice about one certificate.
 * @param issuer the CA certificate whose key verifies it, or null
 */
export function lint(
  view: CertificateView,
  issuer: CertificateView | null,
  office: OfficeRules = NO_OFFICE,
): Noticed[] {
  const context = { issuer, office };
  const noticed: Noticed[] = [];
  for (const { rule, from } of dated) {
    const detail = view.notBefore.ms < from ? null : rule.test(view, context);
    if (detail !== null) noticed.push({ rule: rule.id, severity: rule.severity, detail });
  }
  return view.oddities.length ? [...noticed, ...oddities(view)] : noticed;
}

const byId = new Map<string, RuleFacts & { effective?: string }>([
  ...byReader.map(
    (id) =>
      [
        id,
        {
          severity: ODDITIES[id].severity,
          title: ODDITIES[id].text.replace(/\.$/, ''),
          sentence: 'Siaga tetap membacanya; aplikasi lain dapat menolaknya.',
          clause: ODDITIES[id].clause,
          fixer: 'ca' as const,
        },
      ] as const,
  ),
  ...rules.map((rule) => [rule.id, rule] as const),
  ...Object.entries({ ...estateRules, ...agencyRules, ...issuerRules }),
]);

export const ruleTitle = (id: string): string => byId.get(id)?.title ?? id;
/** A rule's words; one that no longer exists keeps its id as the title. */
export function ruleOf(id: string): RuleFacts & { effective: string | null } {
  const found = byId.get(id);
  if (!found) return { title: id, sentence: '', clause: '', fixer: 'office', severity: 'info', effective: null };
  const { title, sentence, clause, fixer, severity, effective } = found;
  return { title, sentence, clause, fixer, severity, effective: effective ?? null };
}

/** A rule that fires on more than 90 % of an issuer's certificates (at least 20) is a trait of the issuer (§9). */
export const isIssuerTrait = (fired: number, total: number): boolean => total >= 20 && fired > total * 0.9;
