// Which ports the demo takes, settled before the first minute of seeding is spent: the web's, then the CA's, the mail
// catcher's and its page's above it.
import net from 'node:net';

export type Ports = { web: number; ca: number; smtp: number; mail: number };

const DEFAULT = 4780;
/** How many bases are tried when nobody named one; they lie ten apart. */
const TRIES = 20;

/** The certificates name the CA's port, so base is the one of the seeding for ever; the web's may differ. */
export const portsOf = (base: number, web = base): Ports => ({ web, ca: base + 1, smtp: base + 2, mail: base + 3 });

/** @returns the first of these that cannot be taken on loopback; null: all are free, and from each other */
export async function taken(ports: Ports): Promise<number | null> {
  const held: net.Server[] = [];
  try {
    for (const port of Object.values(ports)) {
      const server = net.createServer();
      const free = await new Promise<boolean>((answer) => {
        server.once('error', () => answer(false));
        server.listen(port, '127.0.0.1', () => answer(true));
      });
      if (!free) return port;
      held.push(server);
    }
    return null;
  } finally {
    await Promise.all(held.map((server) => new Promise((closed) => server.close(closed))));
  }
}

async function freeBase(from: number): Promise<number | null> {
  for (let base = from; base < from + TRIES * 10 && base <= 65_532; base += 10) {
    if ((await taken(portsOf(base))) === null) return base;
  }
  return null;
}

/**
 * The ports of this run.
 * @param base of the seeding that is there; null: one is about to be made
 * @param asked the port somebody named
 * @throws Error a sentence that names the port in the way and what to type instead
 */
export async function choosePorts(base: number | null, asked: number | null): Promise<{ base: number; ports: Ports }> {
  const wanted = base ?? asked ?? DEFAULT;
  const ports = portsOf(wanted, asked ?? wanted);
  const busy = await taken(ports);
  if (busy === null) return { base: wanted, ports };
  const free = await freeBase((base === null ? wanted : DEFAULT) + 10);
  // Nobody named a port and nothing is bound to one yet: the next free ones do as well.
  if (base === null && asked === null && free !== null) return { base: free, ports: portsOf(free) };
  // The CA of a seeded city keeps its port: elsewhere it is another city.
  const anew = base !== null && busy === ports.web ? '' : '--fresh ';
  const instead = free === null ? '' : `, atau jalankan: npm run demo -- ${anew}--port ${free}`;
  const { web, ca, mail } = ports;
  const said = ca === web + 1 ? `${web} sampai ${mail}` : `${web}, dan ${ca} sampai ${mail}`;
  throw new Error(
    `Port ${busy} sedang dipakai proses lain atau tidak boleh dipakai (peragaan memakai ${said}). Hentikan proses itu lalu ulangi${instead}.`,
  );
}
