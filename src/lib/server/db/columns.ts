// Column helpers, so that every table says the same thing the same way.
import { integer, text } from 'drizzle-orm/sqlite-core';

/** UUIDv7 text key. */
export const id = () => text('id').primaryKey();
/** UTC milliseconds. */
export const instant = (name: string) => integer(name);
/** 'YYYY-MM-DD', a calendar date in WIB. */
export const date = (name: string) => text(name);
/** 0 or 1. */
export const flag = (name: string) => integer(name, { mode: 'boolean' });
/** A JSON value with its type. */
export const json = <T>(name: string) => text(name, { mode: 'json' }).$type<T>();
