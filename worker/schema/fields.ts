import * as v from 'valibot'
import type { Mistake } from '../model/mistake.ts'

// Every message says what to do and none repeats a value: the value may be a secret that was put in the wrong place.

/** Text that is not empty. */
export const text = (advice: string): v.GenericSchema<string> =>
  v.pipe(
    v.string(advice),
    v.check((it) => it !== '', advice),
  )

export const wholeNumber = (least: number, most: number): v.GenericSchema<number> => {
  const advice = `give a whole number from ${least} to ${most}`
  // One check: of several, 0.5 would fail two and be listed twice.
  return v.pipe(
    v.number(advice),
    v.check((it) => Number.isInteger(it) && it >= least && it <= most, advice),
  )
}

export const flag: v.GenericSchema<boolean> = v.boolean('give true or false')

export const matching = (pattern: RegExp, advice: string): v.GenericSchema<string> =>
  v.pipe(v.string(advice), v.regex(pattern, advice))

export const passing = (isGood: (it: string) => boolean, advice: string): v.GenericSchema<string> =>
  v.pipe(v.string(advice), v.check(isGood, advice))

/** What may be missing. */
export const optional = <Value>(schema: v.GenericSchema<unknown, Value>): v.GenericSchema<unknown, Value | undefined> =>
  v.optional(schema)

/** One of a few texts. */
export const oneOf = <const Options extends readonly string[]>(options: Options): v.GenericSchema<Options[number]> => {
  const quoted = options.map((option) => `"${option}"`)
  return v.picklist(options, `give ${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`)
}

export const isObject = (it: unknown): it is Readonly<Record<string, unknown>> =>
  typeof it === 'object' && it !== null && !Array.isArray(it)

// valibot takes an array for an object, and leaves out keys that could reach a prototype without a word.
export const plainObject = (advice: string): v.GenericSchema<unknown, Readonly<Record<string, unknown>>> =>
  v.pipe(
    v.custom<Readonly<Record<string, unknown>>>(isObject, advice),
    v.check(
      (it) => !['__proto__', 'constructor', 'prototype'].some((key) => Object.hasOwn(it, key)),
      'remove the keys "__proto__", "constructor" and "prototype": they are not possible here',
    ),
  )

/** An object with these keys only; every key that is not known is a mistake of its own. */
export const strictObject = <const Entries extends v.ObjectEntries>(
  entries: Entries,
  advice: string,
): v.GenericSchema<unknown, v.InferOutput<v.StrictObjectSchema<Entries, string>>> =>
  v.pipe(
    plainObject(advice),
    v.objectWithRest(entries, v.never('remove this key, or correct its spelling: it is not known'), advice),
  )

export const record = <Value>(
  key: v.GenericSchema<string>,
  value: v.GenericSchema<unknown, Value> | v.GenericSchema<Value>,
  advice: string,
): v.GenericSchema<unknown, Readonly<Record<string, Value>>> =>
  v.pipe(plainObject(advice), v.record(key, value as v.GenericSchema<unknown, Value>, advice))

/** Checks that look at several keys. They see what was written, whatever else is wrong with it, so that every mistake is listed. */
export const rules = <T>(
  find: (written: Readonly<Record<string, unknown>>) => readonly Mistake[],
): v.RawCheckAction<T> =>
  v.rawCheck(({ dataset, addIssue }) => {
    const written: unknown = dataset.value
    for (const mistake of isObject(written) ? find(written) : []) addIssue(issueOf(mistake))
  })

/** Checks one value that has the right type. @param find what to do, once for each mistake */
export const advised = <T>(find: (value: T) => readonly string[]): v.RawCheckAction<T> =>
  v.rawCheck(({ dataset, addIssue }) => {
    for (const message of dataset.typed ? find(dataset.value) : []) addIssue({ message })
  })

/** A mistake as valibot takes one from a check. */
export function issueOf({ path, advice }: Mistake): { message: string; path?: [v.UnknownPathItem] } {
  const items = path.map((key): v.UnknownPathItem => ({
    type: 'unknown',
    origin: 'value',
    input: undefined,
    key,
    value: undefined,
  }))
  return { message: advice, ...(items.length > 0 && { path: items as [v.UnknownPathItem] }) }
}

/** valibot's own report of a missing key says only what it expected. */
const isMissingKey = ({ type, path }: v.BaseIssue<unknown>): boolean =>
  type.includes('object') && path?.at(-1)?.origin === 'key'

export const mistakeOf = (issue: v.BaseIssue<unknown>): Mistake => ({
  path: (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key))),
  advice: isMissingKey(issue) ? 'add this key: it is missing' : issue.message,
})

/** One line for the operator: where, and what to do. */
export function describeIssue(root: string, issue: v.BaseIssue<unknown>): string {
  const { path, advice } = mistakeOf(issue)
  return `${root}${path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('')}: ${advice}`
}
