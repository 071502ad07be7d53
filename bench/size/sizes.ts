// Prints Pharos beside its peers, each in its smallest usual set-up: same bundler, same run. Part of `npm run size`.
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { bundleForPage } from '../bundle-for-page.ts'
import { number, printTable } from '../table.ts'

const SUBJECTS = [
  ['Pharos, web vitals', 'pharos'],
  ['Plausible, no web vitals', 'plausible'],
  ['web-vitals and sendBeacon', 'beacon'],
  ['OpenTelemetry, OTLP/JSON, web vitals', 'opentelemetry'],
  ['Grafana Faro', 'faro'],
  ['Sentry', 'sentry'],
  ['Datadog RUM', 'datadog'],
] as const

interface Sizes {
  readonly minified: number
  readonly gzip: number
  readonly brotli: number
}

async function weigh(name: string): Promise<Sizes> {
  const contents = await bundleForPage(new URL(`peers/${name}.ts`, import.meta.url))
  return {
    minified: contents.length,
    gzip: gzipSync(contents, { level: 9 }).length,
    brotli: brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length,
  }
}

const weights = await Promise.all(SUBJECTS.map(async ([title, name]) => [title, await weigh(name)] as const))
const ours = weights[0]![1].brotli
printTable(
  'The same page with each, bundled by esbuild, bytes',
  ['', 'minified', 'gzip', 'brotli', 'of Pharos'],
  weights.map(([title, { minified, gzip, brotli }]) => [
    title,
    number(minified),
    number(gzip),
    number(brotli),
    number(brotli / ours, 1),
  ]),
)
