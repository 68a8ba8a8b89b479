/**
 * Node's own arguments of web and jobs. Its nursery for short-lived values grows with the machine's memory to where an
 * idle process holds hundreds of megabytes; with a small one the same work costs a few per cent more.
 */
export const MEMORY_ARGUMENTS = ['--max-semi-space-size=4'];
