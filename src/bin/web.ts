// The web process: our own small server around SvelteKit's handler. It says which scheme the browser used (the adapter
// would assume https, and every form posted to http://localhost would be refused), puts the security headers on files
// too, bounds how long a request may take, and closes politely. Behind a reverse proxy set SIAGA_PROXY=1 and ORIGIN.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { readConfig, type Config } from '#lib/server/config.ts';
import { baseHeaders } from '#lib/server/security.ts';

const MINUTE = 60_000;
/** How long running requests may take to end after SIGTERM; the supervisor waits a little longer. */
const GRACE = 10_000;

const config = readConfigOrExit();
const handler = await loadHandler();

const server = createServer((request, response) => {
  const scheme = schemeOf(request);
  // What a browser says about itself is not believed: only this server and a trusted proxy set these.
  request.headers['x-forwarded-proto'] = scheme;
  if (!config.proxy) delete request.headers['x-forwarded-for'];
  for (const [name, value] of Object.entries(baseHeaders(scheme === 'https'))) response.setHeader(name, value);
  handler(request, response, () => {
    response.statusCode = 404;
    response.end();
  });
});
server.headersTimeout = 20_000;
server.requestTimeout = 15 * MINUTE;
server.maxHeadersCount = 100;
server.on('error', (error: NodeJS.ErrnoException) => {
  const why = error.code === 'EADDRINUSE' ? `port ${config.port} sudah dipakai proses lain` : error.message;
  console.error(`[web] tidak dapat dijalankan: ${why}`);
  process.exit(1);
});
server.listen(config.port, config.host, () => {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : config.port;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const url = config.origin || `http://${host}:${port}`;
  console.log(`[web] Siaga siap di ${url}`);
  process.send?.({ ready: url });
});

let stopping = false;
function stop(): void {
  if (stopping) return;
  stopping = true;
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), GRACE).unref();
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
// The supervisor died: nobody would start this process again under a new one's eyes.
process.on('disconnect', stop);

function schemeOf(request: IncomingMessage): 'http' | 'https' {
  if (config.origin) return config.origin.startsWith('https:') ? 'https' : 'http';
  const said = String(request.headers['x-forwarded-proto'] ?? '')
    .split(',')
    .at(-1)
    ?.trim();
  return config.proxy && said === 'https' ? 'https' : 'http';
}

type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** The adapter reads its environment while it is loaded, so this comes first. */
async function loadHandler(): Promise<Handler> {
  process.env.PROTOCOL_HEADER = 'x-forwarded-proto';
  // Sizes are judged by route in hooks.server.ts.
  process.env.BODY_SIZE_LIMIT = 'Infinity';
  if (config.origin) process.env.ORIGIN = new URL(config.origin).origin;
  else delete process.env.ORIGIN;
  for (const name of ['HOST_HEADER', 'PORT_HEADER', 'ADDRESS_HEADER', 'XFF_DEPTH']) delete process.env[name];
  const file = path.resolve(import.meta.dirname, '../../build/handler.js');
  if (!existsSync(file)) {
    console.error('[web] aplikasi belum dibangun; jalankan lewat npm start atau npm run build dahulu.');
    process.exit(1);
  }
  return ((await import(pathToFileURL(file).href)) as { handler: Handler }).handler;
}

function readConfigOrExit(): Config {
  try {
    return readConfig();
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}
