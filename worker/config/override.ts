import * as v from 'valibot'
import { fail, ok, type Result } from '../../src/protocol/result.ts'
import { httpUrl } from '../schema/addresses.ts'
import { tunableEntries } from '../schema/common-keys.ts'
import { describeIssue, record, strictObject } from '../schema/fields.ts'
import { changeDestination } from './change-destination.ts'
import { debug, flushIntervalMs, page } from './schema.ts'
import { kindOf } from '../destinations/kinds.ts'
import type { DestinationDefinition } from '../model/destination-definition.ts'
import type { Config, ConfigOverride, DestinationOverride } from './types.ts'

/** The beginning of a path in a list of mistakes. */
const ROOT = 'override'

const destination = strictObject(
  { ...tunableEntries, url: v.exactOptional(httpUrl) },
  'give an object with what is to change: enabled, url, include, exclude, where, intervalMs, maxSeriesPerRequest or timeoutMs',
)

const overrideSchema = strictObject(
  {
    flushIntervalMs: v.exactOptional(flushIntervalMs),
    debug: v.exactOptional(debug),
    page: v.exactOptional(page),
    destinations: v.exactOptional(
      record<DestinationOverride>(v.string(), destination, 'give an object of names of destinations'),
    ),
  },
  'give an object with what is to change: flushIntervalMs, debug, page or destinations',
)

/**
 * The part of a runtime configuration that can be checked by itself.
 * @returns every mistake, each as its path and what to do; never a value
 * @example parseOverride({ destinations: { main: { enabled: false } } })
 */
export function parseOverride(json: unknown): Result<ConfigOverride, readonly string[]> {
  const result = v.safeParse(overrideSchema, json)
  return result.success ? ok(result.output) : fail(result.issues.map((issue) => describeIssue(ROOT, issue)))
}

/**
 * The deployed configuration with what was changed at run time.
 * @returns every mistake: after a deploy a destination may be gone, and then nothing of the override holds
 */
export function applyOverride(
  config: Config,
  override: ConfigOverride,
  kinds: readonly DestinationDefinition[],
): Result<Config, readonly string[]> {
  const changes = new Map(Object.entries(override.destinations ?? {}))
  const names = new Set(config.destinations.map(({ name }) => name))
  const destinations = config.destinations.map((deployed) => {
    const change = changes.get(deployed.name)
    return change ? changeDestination(deployed, change, kindOf(kinds, deployed.kind)) : ok(deployed)
  })
  const mistakes = [
    ...[...changes.keys()]
      .filter((name) => !names.has(name))
      .map((name) => `${ROOT}.destinations.${name}: remove this key: no destination has this name`),
    ...destinations.flatMap((it) => (it.ok ? [] : [`${ROOT}.destinations.${it.error}`])),
  ]
  const interval = override.flushIntervalMs ?? config.flushIntervalMs
  if (interval >= config.staleAfterMs) mistakes.push(`${ROOT}.flushIntervalMs: give a time shorter than staleAfterMs`)
  if (mistakes.length > 0) return fail(mistakes)
  return ok({
    ...config,
    flushIntervalMs: interval,
    debug: override.debug ?? config.debug,
    page: { ...config.page, ...override.page },
    destinations: destinations.flatMap((it) => (it.ok ? [it.value] : [])),
  })
}

/** The configuration in force, and why the changes at run time are not in it, if so. */
export interface ResolvedConfig {
  readonly effective: Config
  readonly override: ConfigOverride | undefined
  /** Not empty: the deployed configuration holds as it is. */
  readonly mistakes: readonly string[]
}

/** The deployed configuration with an override as it was stored, undefined or null for none. */
export function resolveOverride(
  config: Config,
  stored: unknown,
  kinds: readonly DestinationDefinition[],
): ResolvedConfig {
  if (stored === undefined || stored === null) return { effective: config, override: undefined, mistakes: [] }
  const override = parseOverride(stored)
  if (!override.ok) return { effective: config, override: undefined, mistakes: override.error }
  const effective = applyOverride(config, override.value, kinds)
  if (!effective.ok) return { effective: config, override: override.value, mistakes: effective.error }
  return { effective: effective.value, override: override.value, mistakes: [] }
}
