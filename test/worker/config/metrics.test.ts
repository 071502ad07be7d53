import { describe, expect, it } from 'vitest'
import { metrics } from '../../../worker/config/metrics.ts'
import { mistakesIn, parsed } from '../schema/parsed.ts'

const texts = (count: number): string[] => Array.from({ length: count }, (_, i) => `t${i}`)
const attributesOf = (count: number): object => Object.fromEntries(texts(count).map((name) => [name, 'boolean']))

describe('metrics', () => {
  it.each<[string, object]>([
    ['nothing', {}],
    ['no facts', { clicks: {} }],
    ['all facts', { 'search.duration': { help: 'How long.', unit: 's', buckets: [0.1, 1], kind: 'histogram', attributes: {} } }],
    ['buckets of any sign', { a: { buckets: [-1e9, -0.5, 0, 1e-9] } }],
    ['the most buckets', { a: { buckets: texts(200).map((_, i) => i) } }],
    ['a unit with an annotation', { a: { unit: '{click}/h' } }],
    ['attributes of every kind', { a: { attributes: { page: texts(200), name: 'string', count: 'number', is: 'boolean' } } }],
    ['the most attributes', { a: { attributes: attributesOf(16) } }],
    ['names that objects inherit', { toString: { attributes: { valueOf: 'string' } } }],
    ['a name that only looks reserved', { pharosity: {} }],
  ])('takes %s as they are', (_, written) => {
    expect(parsed(metrics, written)).toEqual(written)
  }) // prettier-ignore

  const NAME = 'is not a metric name: letters, digits, "_" and ".", at most 128'
  const RESERVED = 'is a name of Pharos itself: choose one that does not begin with "pharos"'
  it.each<[string, string]>([
    ['a-b', NAME],
    ['', NAME],
    ['__a', NAME],
    ['a\n', NAME],
    ['n'.repeat(129), NAME],
    ['pharos.x', RESERVED],
    ['pharos_x', RESERVED],
  ])('has no metric of the name %j', (name, advice) => {
    expect(mistakesIn(metrics, { clicks: {}, [name]: {} })).toEqual([`it.${name}: ${advice}`])
  })

  it.each([[[]], ['clicks'], [null], [7]])('is not %j', (written) => {
    expect(mistakesIn(metrics, written)).toEqual(['it: give an object of metric names'])
  })

  const ATTRIBUTE = 'give "boolean", "number", "string" or a list of 1 to 200 different texts of 1 to 128 characters'
  const badAttributes = [
    'text',
    [],
    [''],
    ['a', 'a'],
    [1],
    ['a\nb'],
    ['\ud800'],
    ['x'.repeat(129)],
    texts(201),
    true,
    null,
  ]
  it.each<[unknown, string]>([
    ['facts', ': give an object with help, unit, buckets, kind or attributes'],
    [{ title: 'x' }, '.title: remove this key, or correct its spelling: it is not known'],
    [{ help: '' }, '.help: give the help as text'],
    [{ unit: 'per second' }, '.unit: give a base unit as UCUM writes it, such as "s" or "By"'],
    [{ unit: 'x'.repeat(64) }, '.unit: give a base unit as UCUM writes it, such as "s" or "By"'],
    [{ buckets: 1 }, '.buckets: give a list of upper bounds'],
    [{ buckets: [] }, '.buckets: give at least one upper bound'],
    [{ buckets: [1, 1] }, '.buckets: give the upper bounds in ascending order'],
    [{ buckets: [0, -0] }, '.buckets: give the upper bounds in ascending order'],
    [{ buckets: [1, 2, 1] }, '.buckets: give the upper bounds in ascending order'],
    [{ buckets: [1, Infinity] }, '.buckets[1]: leave +Inf out'],
    [{ buckets: ['1'] }, '.buckets[0]: give a number'],
    [{ buckets: [Number.NaN] }, '.buckets[0]: give a number'],
    [{ buckets: texts(201).map((_, i) => i) }, '.buckets: give at most 200 upper bounds'],
    [{ kind: 'gauge' }, '.kind: give "counter" or "histogram"'],
    [{ attributes: ['page'] }, '.attributes: give an object of attribute names'],
    [{ attributes: { 'a b': 'boolean' } }, '.attributes.a b: is not an attribute name: letters, digits, "_" and ".", at most 64'],
    ...badAttributes.map((page): [object, string] => [{ attributes: { page } }, `.attributes.page: ${ATTRIBUTE}`]),
    [{ attributes: attributesOf(17) }, '.attributes: give at most 16 attributes'],
    [{ attributes: JSON.parse('{"constructor":"string"}') }, '.attributes: remove the keys "__proto__", "constructor" and "prototype": they are not possible here'],
  ])('names the mistake in %j', (metric, mistake) => {
    expect(mistakesIn(metrics, { clicks: metric })).toEqual([`it.clicks${mistake}`])
  }) // prettier-ignore
})
