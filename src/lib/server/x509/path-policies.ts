// The policy part of RFC 5280 §6.1, as the graph of RFC 9618: the same result as the tree, without its exponential
// growth (a short path with many mappings used to be a denial of service).
import { DerError, oid, sequence, single, smallInteger, TAG, type Tlv } from './der.ts';
import { EXTENSION, extensionOf } from './certificate.ts';
import type { CertificateView } from './types.ts';

export const ANY_POLICY = '2.5.29.32.0';
const MAX_NODES = 4096;

type Node = { policy: string; expected: Set<string>; parents: Node[] };
/** Nodes of one depth by their valid_policy. */
type Level = Map<string, Node>;

export type PolicyInputs = {
  explicitPolicy?: boolean;
  inhibitMapping?: boolean;
  inhibitAnyPolicy?: boolean;
  policies?: string[];
};

export class PolicyState {
  private levels: Level[] | null = [
    new Map([[ANY_POLICY, { policy: ANY_POLICY, expected: new Set([ANY_POLICY]), parents: [] }]]),
  ];
  private explicit: number;
  private mapping: number;
  private any: number;
  private readonly wanted: Set<string>;

  /** @param length number of certificates of the path without the anchor */
  constructor(length: number, inputs: PolicyInputs) {
    this.explicit = inputs.explicitPolicy ? 0 : length + 1;
    this.mapping = inputs.inhibitMapping ? 0 : length + 1;
    this.any = inputs.inhibitAnyPolicy ? 0 : length + 1;
    this.wanted = new Set(inputs.policies?.length ? inputs.policies : [ANY_POLICY]);
  }

  /** §6.1.3 (d)–(f). False: no acceptable policy is left although one is required. */
  certificate(certificate: CertificateView, last: boolean, selfIssued: boolean): boolean {
    if (certificate.policies === null) this.levels = null;
    else if (this.levels) this.grow(certificate.policies, this.any > 0 || (!last && selfIssued));
    return this.explicit > 0 || this.levels !== null;
  }

  /** §6.1.4 (a), (b), (h)–(j): prepare for the next certificate. False: the mappings or constraints are malformed. */
  next(certificate: CertificateView, selfIssued: boolean): boolean {
    const mappings = mappingsOf(certificate);
    if (mappings.some(([from, to]) => from === ANY_POLICY || to === ANY_POLICY)) return false;
    if (this.levels) this.map(mappings);
    if (!selfIssued) {
      if (this.explicit > 0) this.explicit--;
      if (this.mapping > 0) this.mapping--;
      if (this.any > 0) this.any--;
    }
    const { requireExplicit, inhibitMapping } = policyConstraints(certificate);
    if (requireExplicit !== null) this.explicit = Math.min(this.explicit, requireExplicit);
    if (inhibitMapping !== null) this.mapping = Math.min(this.mapping, inhibitMapping);
    const skip = extensionOf(certificate, EXTENSION.inhibitAnyPolicy);
    if (skip) this.any = Math.min(this.any, smallInteger(single(skip.value, TAG.integer)));
    return true;
  }

  /** §6.1.5 (a), (b), (g): the policies under which the path is valid, or null when it is not. */
  finish(leaf: CertificateView): string[] | null {
    if (this.explicit > 0) this.explicit--;
    if (policyConstraints(leaf).requireExplicit === 0) this.explicit = 0;
    const policies = this.constrained();
    return this.explicit > 0 || policies.length > 0 ? policies : null;
  }

  /** RFC 9618 §5.3 (d). */
  private grow(policies: string[], anyAllowed: boolean): void {
    const above = this.levels!.at(-1)!;
    const level: Level = new Map();
    const expecting = (policy: string) => [...above.values()].filter((node) => node.expected.has(policy));
    const add = (policy: string, parents: Node[]) => {
      if (level.size >= MAX_NODES) throw new DerError('too many policies');
      level.set(policy, { policy, expected: new Set([policy]), parents });
    };
    const anyAbove = above.get(ANY_POLICY);
    for (const policy of policies) {
      if (policy === ANY_POLICY || level.has(policy)) continue;
      const parents = expecting(policy);
      if (parents.length > 0) add(policy, parents);
      else if (anyAbove) add(policy, [anyAbove]);
    }
    if (anyAllowed && policies.includes(ANY_POLICY)) {
      const open = new Set([...above.values()].flatMap((node) => [...node.expected]));
      for (const policy of open) if (!level.has(policy)) add(policy, expecting(policy));
    }
    this.levels!.push(level);
    this.prune();
  }

  /** §6.1.4 (b). */
  private map(mappings: [from: string, to: string][]): void {
    const level = this.levels!.at(-1)!;
    const targets = new Map<string, Set<string>>();
    for (const [from, to] of mappings) targets.set(from, (targets.get(from) ?? new Set()).add(to));
    for (const [from, expected] of targets) {
      if (this.mapping === 0) level.delete(from);
      else if (level.has(from)) level.get(from)!.expected = expected;
      else if (level.has(ANY_POLICY))
        level.set(from, { policy: from, expected, parents: level.get(ANY_POLICY)!.parents });
    }
    this.prune();
  }

  /** Removes what has no descendant at the deepest level; no node left there means there is no graph. */
  private prune(): void {
    const levels = this.levels!;
    let alive = new Set<Node>(levels.at(-1)!.values());
    for (let depth = levels.length - 2; depth >= 0; depth--) {
      const parents = new Set([...alive].flatMap((node) => node.parents));
      for (const [policy, node] of levels[depth]!) if (!parents.has(node)) levels[depth]!.delete(policy);
      alive = new Set(levels[depth]!.values());
    }
    if (levels.at(-1)!.size === 0) this.levels = null;
  }

  /** RFC 9618 §5.5 (g): the user-constrained policy set. */
  private constrained(): string[] {
    if (!this.levels) return [];
    const authority = new Set<string>();
    for (const level of this.levels.slice(1)) {
      for (const node of level.values()) {
        if (node.policy !== ANY_POLICY && node.parents.some((parent) => parent.policy === ANY_POLICY))
          authority.add(node.policy);
      }
    }
    const anything = this.levels.length > 1 && this.levels.at(-1)!.has(ANY_POLICY);
    if (anything) authority.add(ANY_POLICY);
    if (this.wanted.has(ANY_POLICY)) return [...authority];
    return anything ? [...this.wanted] : [...authority].filter((policy) => this.wanted.has(policy));
  }
}

/** RFC 5280 §4.2.1.5. */
function mappingsOf(certificate: CertificateView): [from: string, to: string][] {
  const extension = extensionOf(certificate, EXTENSION.policyMappings);
  if (!extension) return [];
  const pairs: [string, string][] = [];
  const list = sequence(single(extension.value, TAG.sequence));
  while (!list.done) {
    const pair = sequence(list.next());
    pairs.push([oid(pair.next()), oid(pair.next())]);
    pair.finish();
  }
  return pairs;
}

/** RFC 5280 §4.2.1.11; null: not said. */
function policyConstraints(certificate: CertificateView): {
  requireExplicit: number | null;
  inhibitMapping: number | null;
} {
  const extension = extensionOf(certificate, EXTENSION.policyConstraints);
  if (!extension) return { requireExplicit: null, inhibitMapping: null };
  const parts = sequence(single(extension.value, TAG.sequence));
  const number = (tlv: Tlv | null) => (tlv ? smallInteger(tlv) : null);
  const found = { requireExplicit: number(parts.optional(0x80)), inhibitMapping: number(parts.optional(0x81)) };
  parts.finish();
  return found;
}

/** Reads the policy extensions of a certificate once, so that malformed ones are found wherever they stand. Throws DerError. */
export function readPolicyExtensions(certificate: CertificateView): void {
  mappingsOf(certificate);
  policyConstraints(certificate);
  const skip = extensionOf(certificate, EXTENSION.inhibitAnyPolicy);
  if (skip) smallInteger(single(skip.value, TAG.integer));
}
