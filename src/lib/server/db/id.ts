import { v7 } from 'uuid';

/** UUIDv7 for a row made at `now` (UTC ms): keys sort by time of birth. */
export const newId = (now: number): string => v7({ msecs: now });
