// Addresses of lists: the URL is the state. A change keeps the rest and forgets the page one stood on.
export function addressWith(url: URL, changes: Record<string, string | null>, path = url.pathname): string {
  const params = new URLSearchParams(url.searchParams);
  for (const name of ['after', 'before']) params.delete(name);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') params.delete(name);
    else params.set(name, value);
  }
  const query = params.toString();
  return query ? `${path}?${query}` : path;
}

/** Address of a column's sort: first its natural order, then the other way round. */
export function sortAddress(url: URL, column: string): string {
  return addressWith(url, { sort: url.searchParams.get('sort') === column ? `-${column}` : column });
}
