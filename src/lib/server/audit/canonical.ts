// Canonical JSON (RFC 8785) for the subset the trail allows: objects, arrays, strings, safe integers. Floats,
// booleans and null are refused, so that there is exactly one way to write an entry, for ever.

export type Plain = string | number | Plain[] | { [key: string]: Plain };

/** @throws TypeError when a value is outside the subset, or a string is not well-formed UTF-16 */
export function canonical(value: Plain): string {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new TypeError('a string with a lone surrogate has no canonical form');
    return JSON.stringify(value);
  }
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new TypeError(`not a safe integer: ${value}`);
    return String(value === 0 ? 0 : value);
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') throw new TypeError(`not allowed in the trail: ${typeof value}`);
  // Default sort compares UTF-16 code units, as RFC 8785 §3.2.3 asks.
  const members = Object.keys(value)
    .sort()
    .map((key) => `${canonical(key)}:${canonical(value[key]!)}`);
  return `{${members.join(',')}}`;
}
