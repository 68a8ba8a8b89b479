import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [sveltekit()],
  ssr: { external: ['better-sqlite3', '@napi-rs/canvas', 'pdfmake'] },
  test: {
    include: ['src/**/*.test.ts', 'reports/**/*.test.ts', 'tests/**/*.test.ts'],
    exclude: ['tests/e2e/**', 'node_modules/**'],
    expect: { requireAssertions: true },
    testTimeout: 30_000,
    pool: 'threads',
    isolate: false,
  },
});
