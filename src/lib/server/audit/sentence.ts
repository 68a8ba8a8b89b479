// An entry as a sentence. Pure: names and personal values come in as functions.
import { midSentence, number, shortHash } from '#lib/format.ts';
import { signalKinds } from '#lib/terms.ts';
import { actions, type Action } from './actions.ts';

export type Leaf = {
  v: number;
  seq: number;
  ts: number;
  actor: { key: string; roles?: string[]; agency?: string; session?: string };
  action: Action;
  targets: [string, string][];
  details?: Record<string, string | number>;
  personal?: Record<string, string>;
  /** Commitment to the reason as typed. */
  reason?: string;
  request?: { id: string; net: string };
};

/**
 * Fills the sentence of the leaf's action; an erased personal value reads "(dihapus)". What stands in [] is said only when its
 * detail is there; `{@who}` is an actor's key, said as a name. A hash is cut: whole it stands in the entry.
 */
export function sentence(
  leaf: Leaf,
  names: (key: string) => string,
  reveal: (commitment: string) => string | null,
): string {
  const template: string = actions[leaf.action] ?? `{actor}: ${leaf.action}`;
  const told = template.replace(/\[([^\]]*?\{@?(\w+)\}[^\]]*)\]/g, (_, part: string, field: string) =>
    leaf.details?.[field] === undefined ? '' : part,
  );
  const body = told.replace(/\{([*@]?)(\w+)\}/g, (_, mark: string, field: string) => {
    if (field === 'actor') return names(leaf.actor.key);
    if (mark === '@') return names(String(leaf.details?.[field]));
    if (!mark) return plain(wordOf(leaf, field) ?? leaf.details?.[field] ?? '—');
    const commitment = leaf.personal?.[field];
    return (commitment && reveal(commitment)) || '(dihapus)';
  });
  return leaf.reason ? `${body}, karena ${reveal(leaf.reason) ?? '(dihapus)'}` : body;
}

/** The word of a finding's code; entries hold the code, which stays the same when the word changes. */
const wordOf = ({ action, details }: Leaf, field: string): string | undefined =>
  (action === 'signal.settled' || action === 'signals.settled') && field === 'kind'
    ? midSentence(
        Object.entries(signalKinds).find(([kind]) => kind === details?.kind)?.[1].word ?? String(details?.kind),
      )
    : undefined;

const plain = (detail: string | number): string =>
  typeof detail === 'number' ? number(detail) : /^[0-9a-f]{64}$/.test(detail) ? shortHash(detail) : detail;
