import type { StandardSchema } from '../model/standard-schema.ts'
import { flag, matching, oneOf, optional, text, wholeNumber } from './fields.ts'
import { attributes, labels } from './labels.ts'
import { checkedBy } from './own-keys.ts'

type Texts = StandardSchema<Readonly<Record<string, string>>>

/** Checks for the keys of a destination of one's own. `message` says what to write, and never repeats a value. */
export interface DestinationChecks {
  /** Text that is not empty. */
  readonly text: (message: string) => StandardSchema<string>
  readonly matching: (pattern: RegExp, message: string) => StandardSchema<string>
  readonly oneOf: <const Options extends readonly string[]>(options: Options) => StandardSchema<Options[number]>
  readonly wholeNumber: (least: number, most: number) => StandardSchema<number>
  /** true or false. */
  readonly flag: StandardSchema<boolean>
  /** A key that may be missing. One with a default needs no `optional`. */
  readonly optional: <Value>(check: StandardSchema<Value>) => StandardSchema<Value | undefined>
  /** Names and values of Prometheus labels. */
  readonly labels: Texts
  /** Names and values of attributes. */
  readonly attributes: Texts
}

export const checks: DestinationChecks = {
  text,
  matching,
  oneOf,
  wholeNumber,
  flag,
  optional: (check) => optional(checkedBy(check)),
  labels,
  attributes,
}
