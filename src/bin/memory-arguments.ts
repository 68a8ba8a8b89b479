import { setFlagsFromString } from 'node:v8';

/**
 * Node's own arguments of web and jobs. Its nursery for short-lived values grows with the machine's memory to where an
 * idle process holds hundreds of megabytes; with a small one the same work costs a few per cent more.
 */
export const MEMORY_ARGUMENTS = ['--max-semi-space-size=1'];

/** And what glibc is told: every thread would keep a heap of its own, mostly empty. Elsewhere nobody reads it. */
export const MEMORY_ENVIRONMENT = { MALLOC_ARENA_MAX: '2' };

/** Threads with much to do get a nursery that suits it, for as long as they live; what runs already keeps its own. */
export const roomForThreads = (): void => setFlagsFromString('--max-semi-space-size=8');
