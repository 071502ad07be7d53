// Prints Pharos beside its peers, each in its smallest usual set-up: same bundler, same run. Part of `npm run size`.
import { number, printTable } from '../table.ts'
import { weigh } from './weigh.ts'

const SUBJECTS = [
  ['Pharos, web vitals', 'pharos'],
  ['Plausible, no web vitals', 'plausible'],
  ['web-vitals and sendBeacon', 'beacon'],
  ['OpenTelemetry, OTLP/JSON, web vitals', 'opentelemetry'],
  ['Grafana Faro', 'faro'],
  ['Sentry', 'sentry'],
  ['Datadog RUM', 'datadog'],
] as const

const weights = await Promise.all(
  SUBJECTS.map(async ([title, name]) => [title, await weigh(new URL(`peers/${name}.ts`, import.meta.url))] as const),
)
const ours = weights[0]![1].eager.brotli
printTable(
  'The same page with each, bundled by esbuild, bytes',
  ['', 'minified', 'gzip', 'brotli', 'of Pharos', 'later, brotli'],
  weights.map(([title, { eager, lazy }]) => [
    title,
    number(eager.minified),
    number(eager.gzip),
    number(eager.brotli),
    number(eager.brotli / ours, 1),
    number(lazy.brotli),
  ]),
)
