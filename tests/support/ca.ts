// The local CA for tests: the same one that the demo runs.
export * from '../../src/bin/demo/ca.ts';
export { openCa, serveAuthority } from '../../src/bin/demo/ca-server.ts';
