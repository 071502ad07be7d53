import * as v from 'valibot'
import { isObject } from '../../src/protocol/json.ts'
import { isAttributeName, isAttributeText, isMetricName } from '../../src/protocol/series.ts'
import { isReservedName } from '../model/reserved.ts'
import { flag, oneOf, passing, record, rules, strictObject, text } from './fields.ts'
import { glob } from './route.ts'
import type { MappingRule } from '../model/destination-settings.ts'
import type { Issue } from '../model/issue.ts'

const attributeName = passing(isAttributeName, 'is not the name of an attribute: use letters, digits, "_" and "."')

// A name in which one `*` stands for text that is good in a name.
const newName = v.pipe(
  passing(
    (name) => name.split('*').length <= 2 && isMetricName(name.replace('*', 'x')),
    'give a metric name of letters, digits, "_" and "."; one "*" in it stands for what "*" in "match" stood for',
  ),
  v.check((name) => !isReservedName(name), 'is a name of Pharos itself: choose one that does not begin with "pharos"'),
)

const rule = v.pipe(
  strictObject(
    {
      match: glob,
      drop: v.exactOptional(flag),
      rename: v.exactOptional(newName),
      type: v.exactOptional(oneOf(['counter', 'gauge'])),
      help: v.exactOptional(text('give the help as text')),
      addAttributes: v.exactOptional(
        record(
          attributeName,
          passing((it) => it !== '' && isAttributeText(it), 'give the attribute as text that is not empty'),
          'give an object of attributes and their values',
        ),
      ),
      dropAttributes: v.exactOptional(v.array(attributeName, 'give a list of names of attributes')),
    },
    'give an object with match, and drop, rename, type, help, addAttributes or dropAttributes',
  ),
  rules((written) => {
    const issues: Issue[] = []
    const { match, rename, drop } = written
    if (typeof match === 'string' && typeof rename === 'string' && rename.includes('*') && !match.includes('*'))
      issues.push({ path: ['rename'], message: 'take the "*" out, or put one into "match" too' })
    if (drop === true && Object.keys(written).length > 2)
      issues.push({ path: [], message: 'what is dropped cannot be changed: leave only match and drop' })
    return issues
  }),
)

export const mapping: v.GenericSchema<unknown, readonly MappingRule[]> = v.pipe(
  v.array(rule, 'give a list of rules'),
  v.maxLength(1_000, 'give at most 1000 rules'),
) as v.GenericSchema<unknown, readonly MappingRule[]>

/** A gauge is what it is now: a destination that gets what was added in a window has no use for it. */
export function gaugeIssues(written: Readonly<Record<string, unknown>>): readonly Issue[] {
  const list: readonly unknown[] = Array.isArray(written['mapping']) ? written['mapping'] : []
  const message = 'give "counter", or leave it out: this destination gets what was added, not totals'
  return list.flatMap((rule, i) =>
    isObject(rule) && rule['type'] === 'gauge' ? [{ path: ['mapping', i, 'type'], message }] : [],
  )
}
