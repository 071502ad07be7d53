import * as v from 'valibot'
import { describeIssue } from '../../../worker/schema/fields.ts'

/** What a schema makes of what is written; fails with its mistakes. */
export function parsed(schema: v.GenericSchema, written: unknown): unknown {
  const result = v.safeParse(schema, written)
  if (!result.success) throw new Error(linesOf(result.issues).join('\n'))
  return result.output
}

/** What is wrong with what is written, a line for each mistake. */
export const mistakesIn = (schema: v.GenericSchema, written: unknown): readonly string[] =>
  linesOf(v.safeParse(schema, written).issues ?? [])

const linesOf = (issues: readonly v.BaseIssue<unknown>[]): string[] => issues.map((issue) => describeIssue('it', issue))
