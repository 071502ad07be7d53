import * as v from 'valibot'
import type { CheckIssue, CheckResult, Checks, StandardSchema } from '../model/standard-schema.ts'
import { valibotIssueOf } from './fields.ts'

/** Keys with checks of any library, as valibot has them. A key with a default, or whose check takes a missing one, need not be written. */
export const ownKeys = (
  checks: Checks,
  defaults: Readonly<Record<string, unknown>>,
): Readonly<Record<string, v.GenericSchema>> =>
  Object.fromEntries(
    Object.entries(checks).map(([key, check]) => {
      const missing = defaults[key] === undefined ? resultOf(check, undefined) : { value: defaults[key] }
      return [key, missing.issues ? checkedBy(check) : v.optional(checkedBy(check), missing.value)]
    }),
  )

/** A schema of valibot from a check of any library. */
export const checkedBy = <Value>(check: StandardSchema<Value>): v.GenericSchema<unknown, Value> =>
  v.pipe(
    v.unknown(),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const result = resultOf(check, dataset.value)
      if (!result.issues) return result.value
      for (const issue of result.issues) addIssue(valibotIssueOf({ path: pathOf(issue), message: issue.message }))
      return NEVER
    }),
  )

function resultOf<Value>(check: StandardSchema<Value>, value: unknown): CheckResult<Value> {
  const result = check['~standard'].validate(value)
  if (result instanceof Promise)
    throw new Error('the check of a key of a destination answers with a promise: use one that is not asynchronous')
  return result
}

const pathOf = ({ path = [] }: CheckIssue): readonly (string | number)[] =>
  path.map((item) => {
    const key = typeof item === 'object' ? item.key : item
    return typeof key === 'number' ? key : String(key)
  })
