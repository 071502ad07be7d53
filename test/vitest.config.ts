import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/** Three rooms: pure and page code in Node, the worker inside workerd, and everything together with real parts. */
export default defineConfig({
  test: {
    reporters: process.env['CI'] ? ['default', ['json', { outputFile: '.cache/vitest.json' }]] : ['default'],
    projects: [
      { test: { name: 'page', include: ['test/{src,contract,support}/**/*.test.ts'], testTimeout: 30_000 } },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './worker/wrangler.jsonc' },
            miniflare: { r2Buckets: ['ARCHIVE'] },
          }),
        ],
        test: { name: 'worker', include: ['test/worker/**/*.test.ts'], testTimeout: 120_000 },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 300_000,
          fileParallelism: false,
          // After the others: a browser that is killed in 150 ms wants the cores for itself.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
