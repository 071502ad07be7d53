import { describe, expect, it } from 'vitest'
import { mistakesOf, readDestination } from '../../support/written-destination.ts'

const main = { name: 'main', kind: 'prometheus', url: 'https://prometheus.example.com/api/v1/write' }

describe('mapping', () => {
  it('takes every rule as it is', () => {
    const mapping = [
      { match: 'kept' },
      { match: 'debug.*', drop: true },
      { match: 'checkout.*', rename: 'shop.*.count', type: 'gauge', help: 'Checkout' },
      { match: 'pharos.*', addAttributes: { team: 'web' }, dropAttributes: ['page'] },
    ]
    expect(readDestination({ ...main, mapping }).mapping).toEqual(mapping)
  })

  it.each([
    [{}, '.match: add this key'],
    [{ match: '' }, '.match: give a pattern'],
    [{ match: 'a', drop: 1 }, '.drop: give true or false'],
    [{ match: 'a', drop: true, help: 'x' }, ': what is dropped cannot be changed'],
    [{ match: 'a', rename: 'a-b' }, '.rename: give a metric name'],
    [{ match: 'a*', rename: '*.*' }, '.rename: give a metric name'],
    [{ match: 'a', rename: 'b.*' }, '.rename: take the "*" out'],
    [{ match: 'a', rename: 'pharos.dropped' }, '.rename: is a name of Pharos itself'],
    [{ match: 'a', type: 'histogram' }, '.type: give "counter" or "gauge"'],
    [{ match: 'a', help: '' }, '.help: give the help'],
    [{ match: 'a', addAttributes: { 'a-b': 'x' } }, '.addAttributes.a-b: is not the name'],
    [{ match: 'a', addAttributes: { a: '' } }, '.addAttributes.a: give the attribute as text'],
    [{ match: 'a', dropAttributes: ['__name__'] }, '.dropAttributes[0]: is not the name'],
    [{ match: 'a', unit: 's' }, '.unit: remove this key'],
    ['a', ': give an object with match'],
  ])('%j says what to do', (rule, problem) => {
    expect(mistakesOf({ ...main, mapping: [rule] })).toEqual([
      expect.stringContaining(`PHAROS.destinations[0].mapping[0]${problem}`),
    ])
  })
})
