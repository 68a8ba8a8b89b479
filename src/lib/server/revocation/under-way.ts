// Two lanes of the jobs process may run at once; what one of them is at the other leaves alone.
const underWay = new Set<string>();

export const isUnderWay = (key: string): boolean => underWay.has(key);

export async function once(key: string, work: () => Promise<void>): Promise<void> {
  if (underWay.has(key)) return;
  underWay.add(key);
  try {
    await work();
  } finally {
    underWay.delete(key);
  }
}
