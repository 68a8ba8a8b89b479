// The application's page routes, read from src/routes: so that "every page" means every page.
import { readdirSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../src/routes');

const named = (file: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name === file)
    .map((entry) => `/${path.relative(root, entry.parentPath)}`.replace(/\/\([^)]+\)/g, '').replace(/\/$/, '') || '/')
    .sort();

/** Route templates with a page, e.g. '/incidents/[number]'. */
export const templates = named('+page.svelte');
/** Addresses that answer with a file, e.g. '/certificates/export'. */
const endpoints = named('+server.ts');

/** The template an address belongs to; fixed parts win over parameters. Null: not a page. */
export function templateOf(address: string): string | null {
  const parts = address.split('/').filter(Boolean);
  const fitting = [...templates, ...endpoints].filter((template) => {
    const pattern = template.split('/').filter(Boolean);
    return pattern.length === parts.length && pattern.every((part, i) => part.startsWith('[') || part === parts[i]);
  });
  const best = fitting.sort((a, b) => a.split('[').length - b.split('[').length)[0];
  return best && templates.includes(best) ? best : null;
}
