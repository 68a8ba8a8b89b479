import { defineConfig } from '@playwright/test';

/** The browser tests drive the demo: a fresh sample city on its own port, or one that runs already (E2E_URL). */
const port = 4790;
const running = process.env.E2E_URL;

export default defineConfig({
  testDir: 'tests/e2e',
  timeout: 90_000,
  expect: { timeout: 10_000 },
  workers: 1,
  retries: 0,
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  outputDir: 'test-results/browser',
  use: {
    baseURL: running ?? `http://localhost:${port}`,
    locale: 'id-ID',
    timezoneId: 'Asia/Jakarta',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
    trace: 'retain-on-failure',
  },
  webServer: running
    ? undefined
    : {
        command: `node --disable-warning=ExperimentalWarning src/bin/demo.ts --fresh --port ${port} --data test-results/demo`,
        url: `http://localhost:${port}/healthz`,
        timeout: 240_000,
        stdout: 'pipe',
        gracefulShutdown: { signal: 'SIGTERM', timeout: 15_000 },
      },
});
