// Which certificates of an act the address asks to be shown.
import { addressWith } from '../../address.ts';

/** All, those it changes, those it leaves, those left for one reason. */
export type Shown = { fate?: 'changed' | 'skipped'; because?: string };

export function shownOf(params: URLSearchParams): Shown {
  const fate = params.get('fate');
  const because = params.get('because');
  return {
    ...(fate === 'changed' || fate === 'skipped' ? { fate } : {}),
    ...(fate === 'skipped' && because ? { because } : {}),
  };
}

/** The address with other certificates shown, from the first. */
export function shownAddress(url: URL, { fate, because }: Shown): string {
  return addressWith(url, { fate: fate ?? null, because: because ?? null, past: null });
}
