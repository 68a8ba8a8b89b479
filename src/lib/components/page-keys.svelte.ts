// Keys of the page that is open, so that the dialog behind "?" can list them beside those that hold everywhere.
export type PageKey = { keys: readonly string[]; text: string };

let offered: readonly PageKey[] = $state.raw([]);

/** What the page that is open offers. */
export const pageKeys = (): readonly PageKey[] => offered;

/** Call in an effect: the keys are listed until it ends. */
export function offerKeys(keys: readonly PageKey[]): () => void {
  offered = keys;
  return () => {
    if (offered === keys) offered = [];
  };
}
