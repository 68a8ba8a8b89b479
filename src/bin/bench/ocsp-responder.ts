// A responder with answers signed beforehand (RFC 5019): what it costs is not measured. Its parent sends the answers.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { readOcspRequest } from '../demo/ca.ts';

export type Answers = Record<string, string>;

const answers = new Map<string, Buffer>();
const server = http.createServer({ keepAlive: true }, (request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const asked =
      request.method === 'GET'
        ? Buffer.from(decodeURIComponent(request.url!.slice(1)), 'base64')
        : Buffer.concat(parts);
    const answer = answers.get(readOcspRequest(asked).ids[0]!.serial);
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/ocsp-response' }).end(answer);
  });
});
process.on('message', (given: Answers) => {
  for (const [serial, base64] of Object.entries(given)) answers.set(serial, Buffer.from(base64, 'base64'));
  process.send!('ready');
});
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
