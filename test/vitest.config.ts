import { join } from 'node:path'
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/** Nothing in them depends on how fast it is: two of these files may run at once. */
const sideBySide = [
  'admin',
  'angular',
  'archive',
  'backend-outage',
  'bundlers',
  'catalog-rules',
  'datadog-receiver',
  'destination-faults',
  'edge-client',
  'every-destination',
  'first-increment',
  'hostile-requests',
  'lifecycle-order',
  'otlp-receiver',
  'outbox',
  'own-destination',
  'own-exporter',
  'page-addresses',
  'page-allocation',
  'page-choices',
  'page-drops',
  'page-faults',
  'page-hostile',
  'page-performance',
  'page-strangers',
  'page-to-prometheus',
  'page-two-apps',
  'page-two-sdks',
  'promtool',
  'pushgateway',
  'queries',
  'readme',
  'recipes',
  'recipes-types',
  'redelivery',
  'remote-settings',
  'remote-write-receivers',
  'reports',
  'reports-engines',
  'script-tag',
  'script-tag-builds',
  'script-tag-engines',
  'script-tag-parts',
  'script-tag-served',
  'start',
].map((name) => `test/e2e/${name}.test.ts`)

/** Every wait is for an event; how long it may take is for a machine that has other work too. */
const realParts = { testTimeout: 180_000, hookTimeout: 300_000, expect: { poll: { timeout: 60_000, interval: 50 } } }

/** Pure and page code in Node, the worker inside workerd, real receivers, and everything together with real browsers. */
export default defineConfig({
  test: {
    globalSetup: join(import.meta.dirname, 'global-setup.ts'),
    reporters: process.env['CI'] ? ['default', ['json', { outputFile: '.cache/vitest.json' }]] : ['default'],
    projects: [
      {
        test: {
          name: 'page',
          include: ['test/{src,contract,support,project,demo,tools,worker/destinations}/**/*.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './worker/wrangler.jsonc' },
            miniflare: { r2Buckets: ['ARCHIVE'] },
          }),
        ],
        // One workerd for all: to start one for each file takes as long as the tests do.
        test: {
          name: 'worker',
          include: ['test/worker/**/*.test.ts'],
          // Exporters are pure, and their tests read what they wrote with decoders for Node.
          exclude: ['test/worker/destinations/**'],
          testTimeout: 120_000,
          isolate: false,
        },
      },
      {
        test: {
          ...realParts,
          name: 'side-by-side',
          include: sideBySide,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...realParts,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: sideBySide,
          fileParallelism: false,
          // After the others: a browser that is killed in 150 ms wants the cores for itself.
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
