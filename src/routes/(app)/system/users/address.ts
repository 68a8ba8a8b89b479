/** The list's address with some things changed (null: taken away), from the first page. */
export function addressWith(url: URL, change: Record<string, string | null>): string {
  const query = new URLSearchParams(url.searchParams);
  query.delete('after');
  for (const [name, value] of Object.entries(change)) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
  return query.size ? `${url.pathname}?${query}` : url.pathname;
}
