// Pure: no I/O, no clock, no randomness.
import * as v from 'valibot'
import { isMetricName } from '../../src/protocol/series.ts'
import { isOriginPattern } from '../policy/origins.ts'
import { isReservedName } from '../policy/reserved.ts'
import type { Config } from './types.ts'
import { defaultConfig, destinationDefaults } from './default-config.ts'

// Every message says what to do and none repeats a value: the value may be a secret that was put in the wrong place.

const text = (advice: string): v.GenericSchema<string> =>
  v.pipe(
    v.string(advice),
    v.check((it) => it !== '', advice),
  )

const wholeNumber = (least: number, most: number): v.GenericSchema<number> => {
  const advice = `give a whole number from ${least} to ${most}`
  return v.pipe(v.number(advice), v.integer(advice), v.minValue(least, advice), v.maxValue(most, advice))
}

const flag = v.boolean('give true or false')

const matching = (pattern: RegExp, advice: string): v.GenericSchema<string> =>
  v.pipe(v.string(advice), v.regex(pattern, advice))

const origin = v.pipe(
  v.string('give an origin as text'),
  v.check(
    isOriginPattern,
    'give "*", an origin such as "https://shop.example.com", or "https://*.example.com"; no path',
  ),
)

const isHttpUrl = (it: string): boolean => /^https?:$/.test(URL.parse(it)?.protocol ?? '')

// Field content as fetch takes it (RFC 9110, 5.5): anything else would make every request of the destination throw.
const headers = v.record(
  matching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is not a header name: use letters, digits and "-"'),
  matching(/^[\x20-\x7e]*$/, 'give the header as text of printable ASCII characters'),
  'give an object of header names and values',
)

const externalLabels = v.record(
  matching(/^(?!__)[A-Za-z_][A-Za-z0-9_]*$/, 'is not a label name: use letters, digits and "_"'),
  text('give the label as text that is not empty'),
  'give an object of label names and values',
)

const destination = v.strictObject(
  {
    name: matching(/^[A-Za-z0-9_-]{1,64}$/, 'give a short name of letters, digits, "-" and "_"'),
    kind: v.literal('prometheus', 'give "prometheus"'),
    url: v.pipe(
      v.string('give the address that takes remote-write'),
      v.check(isHttpUrl, 'give an address that begins with https:// (or http:// inside a network you trust)'),
    ),
    headers: v.optional(headers, destinationDefaults.headers),
    bearerTokenSecret: v.exactOptional(text('give the name of the secret that holds the token, not the token')),
    externalLabels: v.optional(externalLabels, destinationDefaults.externalLabels),
    maxSeriesPerRequest: v.optional(wholeNumber(1, 100_000), destinationDefaults.maxSeriesPerRequest),
    timeoutMs: v.optional(wholeNumber(100, 60_000), destinationDefaults.timeoutMs),
  },
  'give an object with name, kind and url',
)

const destinations = v.pipe(
  v.array(destination, 'give a list of destinations'),
  v.check(
    (list) => new Set(list.map(({ name }) => name)).size === list.length,
    'give every destination a name of its own',
  ),
)

const isAscending = (bounds: number[]): boolean => bounds.every((bound, i) => i === 0 || bound > bounds[i - 1]!)

const metadata = v.strictObject(
  {
    help: v.exactOptional(text('give the help as text')),
    unit: v.exactOptional(matching(/^[\x21-\x7e]{1,63}$/, 'give a base unit as UCUM writes it, such as "s" or "By"')),
    buckets: v.exactOptional(
      v.pipe(
        v.array(v.pipe(v.number('give a number'), v.finite('leave +Inf out')), 'give a list of upper bounds'),
        v.minLength(1, 'give at least one upper bound'),
        v.maxLength(200, 'give at most 200 upper bounds'),
        v.check(isAscending, 'give the upper bounds in ascending order'),
      ),
    ),
  },
  'give an object with help, unit or buckets',
)

const metricName = v.pipe(
  v.string(),
  v.check((name: string) => isMetricName(name), 'is not a metric name: letters, digits, "_" and ".", at most 128'),
  v.check((name) => !isReservedName(name), 'is a name of Pharos itself: choose one that does not begin with "pharos"'),
)

const { limits, resourceLabels } = defaultConfig

/** The configuration as it is written, and what it becomes: defaults filled in, nothing unknown let through. */
export const configSchema: v.GenericSchema<unknown, Config> = v.pipe(
  v.strictObject(
    {
      origins: v.optional(v.array(origin, 'give a list of origins'), defaultConfig.origins),
      destinations: v.optional(destinations, defaultConfig.destinations),
      limits: v.optional(
        v.strictObject(
          {
            maxSeries: v.optional(wholeNumber(1, 1_000_000), limits.maxSeries),
            maxSeriesPerMetric: v.optional(wholeNumber(1, 1_000_000), limits.maxSeriesPerMetric),
            maxMetrics: v.optional(wholeNumber(1, 100_000), limits.maxMetrics),
          },
          'give an object with maxSeries, maxSeriesPerMetric or maxMetrics',
        ),
        limits,
      ),
      flushIntervalMs: v.optional(wholeNumber(100, 3_600_000), defaultConfig.flushIntervalMs),
      staleAfterMs: v.optional(wholeNumber(1_000, 30 * 86_400_000), defaultConfig.staleAfterMs),
      metrics: v.optional(v.record(metricName, metadata, 'give an object of metric names'), defaultConfig.metrics),
      catalogOnly: v.optional(flag, defaultConfig.catalogOnly),
      resourceLabels: v.optional(
        v.strictObject(
          {
            service: v.optional(flag, resourceLabels.service),
            release: v.optional(flag, resourceLabels.release),
          },
          'give an object with service or release',
        ),
        resourceLabels,
      ),
      development: v.optional(flag, defaultConfig.development),
    },
    'give an object',
  ),
  v.forward(
    v.partialCheck(
      [['staleAfterMs'], ['flushIntervalMs']],
      ({ staleAfterMs, flushIntervalMs }) => staleAfterMs > flushIntervalMs,
      'give a time longer than flushIntervalMs',
    ),
    ['staleAfterMs'],
  ),
)
