import * as v from 'valibot'
import { fail, ok, type Result } from '../../src/protocol/result.ts'
import { withOwnKinds } from '../destinations/kinds.ts'
import type { DestinationDefinition } from '../model/destination-definition.ts'
import type { Config } from './types.ts'
import { defaultConfig } from './default-config.ts'
import type { Env } from './env.ts'
import { describeIssue } from '../schema/fields.ts'
import { configSchema } from './schema.ts'

/** The configuration as it was read, or every mistake: its path and what to do, never a value, which may be a secret. */
export type ReadConfig = Result<Config, readonly string[]>

/**
 * The configuration in the variable `PHAROS` (an object, or the same as JSON text) with defaults filled in.
 * @param own kinds of destinations beside the built-in ones
 * @example readConfig({ ...env, PHAROS: '{"origins":["*"]}' })
 */
export const readConfig = (env: Pick<Env, 'PHAROS'>, own: readonly DestinationDefinition[] = []): ReadConfig =>
  readWithKinds(env, withOwnKinds(own))

/** `readConfig` with all kinds given, done once for each `env`: a worker gets the same object with every request. */
export function createConfigReader(kinds: readonly DestinationDefinition[]): (env: Pick<Env, 'PHAROS'>) => ReadConfig {
  const known = new WeakMap<object, ReadConfig>()
  return (env) => {
    const before = known.get(env)
    if (before) return before
    const config = readWithKinds(env, kinds)
    known.set(env, config)
    return config
  }
}

export function readWithKinds(env: Pick<Env, 'PHAROS'>, kinds: readonly DestinationDefinition[]): ReadConfig {
  const written = parse(env.PHAROS)
  if (!written.ok) return written
  const result = v.safeParse(configSchema(kinds), written.value)
  if (!result.success) return fail(result.issues.map((issue) => describeIssue('PHAROS', issue)))
  // Metric names come from strangers: 'constructor' must not find what every object inherits.
  return ok({ ...result.output, metrics: Object.assign(Object.create(null), result.output.metrics) })
}

function parse(variable: unknown): Result<unknown, readonly string[]> {
  if (variable === undefined || variable === '') return ok({ ...defaultConfig })
  const mistake = fail(['PHAROS: give an object, or the same as JSON text'])
  try {
    const written: unknown = typeof variable === 'string' ? JSON.parse(variable) : variable
    // valibot takes an array for an object without keys.
    return Array.isArray(written) ? mistake : ok(written)
  } catch {
    return mistake
  }
}
