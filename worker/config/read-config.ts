import * as v from 'valibot'
import { fail, ok, type Result } from '../../src/protocol/result.ts'
import type { Config } from './types.ts'
import { defaultConfig } from './default-config.ts'
import type { Env } from './env.ts'
import { describeIssue } from '../schema/fields.ts'
import { configSchema } from './schema.ts'

/**
 * The configuration in the variable `PHAROS` (an object, or the same as JSON text) with defaults filled in.
 * @returns every mistake, each as its path and what to do; never a value, which may be a secret
 * @example readConfig({ ...env, PHAROS: '{"origins":["*"]}' })
 */
export function readConfig(env: Pick<Env, 'PHAROS'>): Result<Config, readonly string[]> {
  const written = parse(env.PHAROS)
  if (!written.ok) return written
  const result = v.safeParse(configSchema, written.value)
  if (!result.success) return fail(result.issues.map((issue) => describeIssue('PHAROS', issue)))
  // Metric names come from strangers: 'constructor' must not find what every object inherits.
  return ok({ ...result.output, metrics: Object.assign(Object.create(null), result.output.metrics) })
}

/** `readConfig`, done once for each `env`: a worker gets the same object with every request. */
export function createConfigReader(): typeof readConfig {
  const known = new WeakMap<object, Result<Config, readonly string[]>>()
  return (env) => {
    const before = known.get(env)
    if (before) return before
    const config = readConfig(env)
    known.set(env, config)
    return config
  }
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
