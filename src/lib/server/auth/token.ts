// Secrets that travel in a cookie or a link. The database holds only their SHA-256 (Lucia guide): who reads a copy of
// the database cannot use it to sign in.
import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, safe in a URL. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** What is stored in place of a token, hex. Fast on purpose: a random token cannot be guessed. */
export const tokenHash = (token: string): string => createHash('sha256').update(token, 'utf8').digest('hex');

/** How a session is called outside the table: enough to tell apart, useless to sign in. */
export const sessionName = (hash: string): string => hash.slice(0, 16);
