// Prints Pharos beside its peers, each in its smallest usual set-up: same bundler, same run. Part of `npm run size`.
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { number, printTable } from '../table.ts'

const SUBJECTS = [
  ['Pharos, web vitals', 'pharos'],
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
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`peers/${name}.ts`, import.meta.url))],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    write: false,
    // What one file can hold: a part that is loaded later counts too.
    logLevel: 'silent',
  })
  const { contents } = outputFiles[0]!
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
