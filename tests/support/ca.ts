// The local CA for tests: the same one that the demo runs.
export * from '../../src/bin/demo/ca.ts';
export { openCa, serveAuthority, type LocalCa } from '../../src/bin/demo/ca-server.ts';
