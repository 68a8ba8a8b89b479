import adapter from '@sveltejs/adapter-node';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  kit: {
    adapter: adapter(),
    // Inline scripts and styles of SvelteKit carry a nonce; nothing else may run inline.
    csp: {
      mode: 'nonce',
      directives: {
        'default-src': ['none'],
        'script-src': ['self'],
        'style-src': ['self'],
        // The one style attribute there is: SvelteKit's own announcer of navigations for screen readers (root.svelte).
        'style-src-attr': ['unsafe-hashes', 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='],
        'img-src': ['self', 'data:'],
        'font-src': ['self'],
        'connect-src': ['self'],
        'form-action': ['self'],
        'frame-src': ['self'],
        'frame-ancestors': ['none'],
        'base-uri': ['none'],
        'manifest-src': ['self'],
      },
    },
    typescript: {
      config: (config) => ({
        ...config,
        include: [...config.include, '../reports/**/*.ts', '../tests/**/*.ts', '../*.config.ts'],
        compilerOptions: { ...config.compilerOptions, noEmit: true },
      }),
    },
  },
};
