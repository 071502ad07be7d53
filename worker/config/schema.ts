import * as v from 'valibot'
import { MAX_WEIGHT } from '../../src/protocol/limits.ts'
import { ORIGIN_ADVICE, readOriginPattern } from '../schema/origin-pattern.ts'
import { defaultConfig } from './default-config.ts'
import { flag, oneOf, rules, strictObject, wholeNumber } from '../schema/fields.ts'
import { groups, nameIssues } from './groups.ts'
import { anyDestination } from './any-destination.ts'
import { metrics } from './metrics.ts'
import type { DestinationDefinition } from '../model/destination-definition.ts'
import type { Config, PageSettings } from './types.ts'

const origin = v.pipe(
  v.string(ORIGIN_ADVICE),
  v.rawTransform<string, string>(({ dataset, addIssue, NEVER }) => {
    const pattern = readOriginPattern(dataset.value)
    if (pattern.ok) return pattern.value
    addIssue({ message: pattern.error })
    return NEVER
  }),
)

const RATE_ADVICE = `give 0, or a number from ${1 / MAX_WEIGHT} to 1`

const { limits, resourceLabels } = defaultConfig

const seriesLimits = strictObject(
  {
    maxSeries: v.optional(wholeNumber(1, 1_000_000), limits.maxSeries),
    maxSeriesPerMetric: v.optional(wholeNumber(1, 1_000_000), limits.maxSeriesPerMetric),
    maxMetrics: v.optional(wholeNumber(1, 100_000), limits.maxMetrics),
  },
  'give an object with maxSeries, maxSeriesPerMetric or maxMetrics',
)

const labels = strictObject(
  {
    service: v.optional(flag, resourceLabels.service),
    release: v.optional(flag, resourceLabels.release),
  },
  'give an object with service or release',
)

const rate = v.pipe(
  v.number(RATE_ADVICE),
  v.check((it) => it === 0 || (it >= 1 / MAX_WEIGHT && it <= 1), RATE_ADVICE),
)

/** The settings that pages get. */
export const page: v.GenericSchema<unknown, PageSettings> = strictObject(
  {
    enabled: v.exactOptional(flag),
    sampleRate: v.exactOptional(rate),
    flushIntervalMs: v.exactOptional(wholeNumber(1_000, 86_400_000)),
  },
  'give an object with enabled, sampleRate or flushIntervalMs',
)

/** These two and `page` a runtime configuration may change as well. */
export const flushIntervalMs: v.GenericSchema<number> = wholeNumber(100, 3_600_000)
export const debug: v.GenericSchema<Config['debug']> = oneOf(['off', 'exports', 'payloads'])

/** The configuration as it is written, and what it becomes: defaults filled in, nothing unknown let through. */
export const configSchema = (kinds: readonly DestinationDefinition[]): v.GenericSchema<unknown, Config> =>
  v.pipe(
    strictObject(
      {
        origins: v.optional(v.array(origin, 'give a list of origins'), defaultConfig.origins),
        destinations: v.optional(
          v.array(anyDestination(kinds), 'give a list of destinations'),
          defaultConfig.destinations,
        ),
        groups: v.optional(groups, defaultConfig.groups),
        maxParallelPushes: v.optional(wholeNumber(1, 50), defaultConfig.maxParallelPushes),
        debug: v.optional(debug, defaultConfig.debug),
        limits: v.optional(seriesLimits, limits),
        flushIntervalMs: v.optional(flushIntervalMs, defaultConfig.flushIntervalMs),
        staleAfterMs: v.optional(wholeNumber(1_000, 30 * 86_400_000), defaultConfig.staleAfterMs),
        metrics: v.optional(metrics, defaultConfig.metrics),
        catalogOnly: v.optional(flag, defaultConfig.catalogOnly),
        scaleSamples: v.optional(flag, defaultConfig.scaleSamples),
        page: v.optional(page, defaultConfig.page),
        reports: v.optional(flag, defaultConfig.reports),
        resourceLabels: v.optional(labels, resourceLabels),
        development: v.optional(flag, defaultConfig.development),
      },
      'give an object',
    ),
    rules(nameIssues),
    rules(({ staleAfterMs, flushIntervalMs }) =>
      typeof staleAfterMs === 'number' && typeof flushIntervalMs === 'number' && staleAfterMs <= flushIntervalMs
        ? [{ path: ['staleAfterMs'], message: 'give a time longer than flushIntervalMs' }]
        : [],
    ),
  ) as v.GenericSchema<unknown, Config>
