import * as v from 'valibot'
import { isAttributeName } from '../../src/protocol/series.ts'
import { passing, record } from './fields.ts'
import { destinationDefaults } from './destination-defaults.ts'
import type { Route } from '../model/destination-settings.ts'

const MAX_GLOB_LENGTH = 256

const isGlob = (it: string): boolean => it.length <= MAX_GLOB_LENGTH && !/\p{Cc}/u.test(it)

/** A glob: `*` stands for any characters, `?` for one. */
export const glob: v.GenericSchema<string> = passing(
  (it) => it !== '' && isGlob(it),
  'give a pattern such as "checkout.*", of at most 256 characters',
)

// Here '' is a pattern too: that of a missing attribute.
const valueGlob = passing(isGlob, 'give a pattern such as "eu-*" for the attribute, of at most 256 characters')

const globs = (item: v.GenericSchema<string>, least: 0 | 1): v.GenericSchema<unknown, readonly string[]> =>
  v.pipe(
    v.array(item, 'give a list of patterns'),
    v.minLength(least, 'give at least one pattern, "*" for everything'),
  ) as v.GenericSchema<unknown, readonly string[]>

const attributeName = passing(isAttributeName, 'is not the name of an attribute: use letters, digits, "_" and "."')

const oneOrMore = v.lazy((input): v.GenericSchema<unknown, readonly string[]> =>
  Array.isArray(input)
    ? globs(valueGlob, 1)
    : (v.pipe(
        valueGlob,
        v.transform((it) => [it]),
      ) as v.GenericSchema<unknown, readonly string[]>),
)

/** The three keys that make a route, each on its own: a runtime configuration may give one of them. */
export const include: v.GenericSchema<unknown, Route['include']> = globs(glob, 1)
export const exclude: v.GenericSchema<unknown, Route['exclude']> = globs(glob, 0)
export const where: v.GenericSchema<unknown, Route['where']> = record<readonly string[]>(
  attributeName,
  oneOrMore,
  'give an object of attributes and the patterns they must match',
)

/** A route from what was written of it. */
export const routeOf = (written: Partial<Route>, base: Route = destinationDefaults.route): Route => ({
  include: written.include ?? base.include,
  exclude: written.exclude ?? base.exclude,
  where: written.where ?? base.where,
})
