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

/** The worker of wrangler.jsonc inside workerd. `npm run build` makes its script of the page, so these tests take a sample. */
const insideWorkerd = {
  plugins: [
    cloudflareTest({
      wrangler: { configPath: './worker/wrangler.jsonc' },
      miniflare: { r2Buckets: ['ARCHIVE'] },
    }),
  ],
  resolve: { alias: { '#script': join(import.meta.dirname, 'worker/http/sample-script.ts') } },
}

/** Tests of 100,000 hostile inputs take longer than all others inside workerd. */
const fuzz = ['test/worker/**/*fuzz.test.ts']

/**
 * `npm run test:unit` runs the first two projects, which need no build. `npm test` runs all: pure and page code in Node, the worker inside
 * workerd, the package, real receivers, and everything together with real browsers.
 */
export default defineConfig({
  test: {
    // The default leaves one core idle.
    maxWorkers: '100%',
    globalSetup: join(import.meta.dirname, 'global-setup.ts'),
    reporters: process.env['CI'] ? ['default', ['json', { outputFile: '.cache/vitest.json' }]] : ['default'],
    projects: [
      {
        test: {
          name: 'node',
          include: ['test/{src,contract,support,tools,worker/destinations}/**/*.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        ...insideWorkerd,
        // One workerd for all: to start one for each file takes as long as the tests do.
        test: {
          name: 'worker',
          include: ['test/worker/**/*.test.ts'],
          // Exporters are pure, and their tests read what they wrote with decoders for Node.
          exclude: ['test/worker/destinations/**', ...fuzz],
          testTimeout: 120_000,
          isolate: false,
        },
      },
      {
        ...insideWorkerd,
        test: { name: 'fuzz', include: fuzz, testTimeout: 120_000, isolate: false },
      },
      {
        test: {
          name: 'built',
          // The repository, the published package, and the programs of the demo, which build for themselves.
          include: ['test/{project,package,demo}/**/*.test.ts'],
          testTimeout: 30_000,
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
