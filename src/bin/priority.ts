// How hard the jobs process works beside the web process.
import { setPriority } from 'node:os';

/** People who wait for a page come first: a large import would keep every core. Threads started afterwards inherit it. */
export const yieldToPages = (): void => setPriority(5);
