// The room's queries, by what they are about.
export * from './answer-store.ts';
export * from './answer-signer-store.ts';
export * from './checked-store.ts';
export * from './clock-store.ts';
export * from './due-store.ts';
export * from './evidence-store.ts';
export * from './line-store.ts';
export * from './quarantine-store.ts';
export * from './reach-store.ts';
export * from './request-store.ts';
export * from './resting-store.ts';
export * from './signal-store.ts';
export * from './source-store.ts';
export * from './thinning-store.ts';
export * from './unanswered-store.ts';
