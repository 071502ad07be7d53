import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StandardSchema } from '../../../worker/model/standard-schema.ts'
import { checks } from '../../../worker/schema/checks.ts'

/** The messages about a value, none where it passes. */
function messages(check: StandardSchema<unknown>, value: unknown): readonly string[] {
  const result = check['~standard'].validate(value)
  if (result instanceof Promise) throw new TypeError('a check of Pharos is not asynchronous')
  return (result.issues ?? []).map(({ message }) => message)
}

interface Case {
  readonly name: string
  readonly check: StandardSchema<unknown>
  readonly good: readonly unknown[]
  readonly bad: readonly unknown[]
}

const all: readonly Case[] = [
  { name: 'text', check: checks.text('message'), good: ['a', ' '], bad: ['', 1, null, undefined, ['a']] },
  { name: 'matching', check: checks.matching(/^a+$/, 'message'), good: ['a', 'aa'], bad: ['', 'b', 1, undefined] },
  { name: 'oneOf', check: checks.oneOf(['a', 'b']), good: ['a', 'b'], bad: ['', 'c', 1, undefined] },
  {
    name: 'wholeNumber',
    check: checks.wholeNumber(1, 3),
    good: [1, 3],
    bad: [0, 4, 1.5, '1', Number.NaN, undefined],
  },
  { name: 'flag', check: checks.flag, good: [true, false], bad: [0, 'true', null, undefined] },
  {
    name: 'labels',
    check: checks.labels,
    good: [{}, { a_1: 'x' }],
    bad: [[], { __a: 'x' }, { a: '' }, { 'a.b': 'x' }, undefined],
  },
  {
    name: 'attributes',
    check: checks.attributes,
    good: [{}, { 'a.b': 'x' }],
    bad: [[], { a: '' }, { 'a b': 'x' }, undefined],
  },
  { name: 'optional', check: checks.optional(checks.flag), good: [true, undefined], bad: [0, null] },
]

describe.each(all)('the check $name', ({ check, good, bad }) => {
  it.each(good.map((value) => [value]))('takes %j', (value) => {
    expect(messages(check, value)).toEqual([])
  })

  it.each(bad.map((value) => [value]))('refuses %j and says what to do', (value) => {
    expect(messages(check, value)).toEqual([expect.stringMatching(/\S/)])
  })

  it('never repeats a value, which may be a secret', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(messages(check, ['hunter2', value, { hunter2: 'hunter2' }]).join()).not.toContain('hunter2')
        expect(messages(check, { 'hunter2 hunter2': value, a: ['hunter2'] }).join()).not.toContain('hunter2')
      }),
    )
  })
})
