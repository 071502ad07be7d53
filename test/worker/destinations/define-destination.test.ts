import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { defineDestination } from '../../../worker/destinations/define-destination.ts'
import { createRowsExporter } from '../../../worker/destinations/shared/rows-exporter.ts'
import type { DestinationDefinition } from '../../../worker/model/destination-definition.ts'
import type { Checks, CheckResult, StandardSchema } from '../../../worker/model/standard-schema.ts'
import { checks } from '../../../worker/schema/checks.ts'

const createExporter = (): ReturnType<typeof createRowsExporter> =>
  createRowsExporter({
    temporality: 'cumulative',
    protocol: 'none',
    all: { metrics: {}, resourceLabels: { service: true, release: true } },
    requestsOf: () => [],
  })

const plain = { kind: 'mine', address: 'whole', temporality: 'cumulative', schema: {}, createExporter } as const
const url = 'https://example.com/in'

const withSchema = (schema: Checks, defaults: Readonly<Record<string, unknown>> = {}): DestinationDefinition =>
  defineDestination({ ...plain, schema, defaults })

const readWith = (definition: DestinationDefinition, written: object): unknown => {
  const read = definition.read({ name: 'it', kind: 'mine', url, ...written })
  return read.ok ? read.value : read.error.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

/** A check of another library: an even number. */
const even = (
  validate: (value: unknown) => CheckResult<number> | Promise<CheckResult<number>>,
): StandardSchema<number> => ({
  '~standard': { version: 1, vendor: 'other', validate },
})
const evenOrIssue = (value: unknown): CheckResult<number> =>
  typeof value === 'number' && value % 2 === 0
    ? { value }
    : { issues: [{ message: 'give an even number', path: [{ key: 'deep' }, 0] }] }

describe('defineDestination', () => {
  it.each([
    [{ kind: 'Mine' }, 'name it with lower-case letters, digits and "-"'],
    [{ kind: '' }, 'name it with lower-case letters, digits and "-"'],
    [{ address: 'none' }, 'give addressFrom: a kind without an address needs a place'],
    [{ schema: { url: checks.flag } }, 'rename the key "url": every destination may have it'],
    [{ schema: { temporality: checks.flag } }, 'rename the key "temporality": every destination may have it'],
    [{ secrets: { headers: { header: 'x-key' } } }, 'rename the key "headers": every destination may have it'],
    [{ schema: { key: checks.flag }, secrets: { key: { header: 'x-key' } } }, 'name the key "key" once'],
    [{ defaults: { table: 'x' } }, 'remove the default of "table": the schema has no such key'],
    [
      { address: 'none', addressFrom: { schema: {}, url: () => 'console:' }, secrets: { key: { header: 'x-key' } } },
      'remove "key": a local place gets no headers',
    ],
  ] as const)('of %j says what to do', (change, message) => {
    const spec = { ...plain, ...change }
    expect(() => defineDestination(spec)).toThrow(`the kind of destination "${spec.kind}": ${message}`)
  })

  it('refuses a check that is asynchronous', () => {
    const check = even((value) => Promise.resolve(evenOrIssue(value)))
    expect(() => withSchema({ size: check })).toThrow('answers with a promise: use one that is not asynchronous')
  })
})

describe('a kind', () => {
  it.each([
    ['checks of Pharos', checks.wholeNumber(0, 8), 'size: give a whole number from 0 to 8'],
    ['a schema of valibot', v.pipe(v.number('a number'), v.multipleOf(2, 'an even one')), 'size: an even one'],
    ['any Standard Schema', even(evenOrIssue), 'size.deep.0: give an even number'],
  ])('takes %s', (_, check, problem) => {
    expect(readWith(withSchema({ size: check }), { size: 4 })).toMatchObject({ kind: 'mine', url, size: 4 })
    const bad = problem.includes('whole') ? 9 : 3
    expect(readWith(withSchema({ size: check }), { size: bad })).toEqual([problem])
    expect(readWith(withSchema({ size: check }), {})).toEqual(['size: add this key: it is missing'])
    expect(readWith(withSchema({ size: check }, { size: 2 }), {})).toMatchObject({ size: 2 })
    expect(readWith(withSchema({ size: checks.optional(check) }), {})).not.toHaveProperty('size')
    expect(readWith(withSchema({ size: checks.optional(check) }), { size: bad })).toEqual([problem])
  })

  it('has limits of its own where none are written', () => {
    const limited = defineDestination({ ...plain, defaults: { intervalMs: 60_000, maxSeriesPerRequest: 5 } })
    expect(readWith(limited, {})).toMatchObject({ intervalMs: 60_000, maxSeriesPerRequest: 5 })
    expect(readWith(limited, { intervalMs: 0 })).toMatchObject({ intervalMs: 0, maxSeriesPerRequest: 5 })
  })

  it.each([
    [{}, ['apiKeySecret: add this key: it is missing']],
    [{ apiKeySecret: 'hunter2' }, [expect.stringContaining('apiKeySecret: give the name of the secret in capitals')]],
    [{ apiKeySecret: 'KEY' }, { credentials: [{ header: 'x-key', secret: 'KEY', scheme: 'plain' }] }],
  ])('with a secret without a default reads %j', (written, becomes) => {
    const secret = defineDestination({ ...plain, secrets: { apiKeySecret: { header: 'x-key' } } })
    expect(readWith(secret, written)).toMatchObject(becomes)
  })

  it.each([
    [{}, {}],
    [{ team: 'a' }, { 'x-team': 'a' }],
    [
      { team: 'a', headers: { 'X-B': 'b' } },
      { 'x-b': 'b', 'x-team': 'a' },
    ],
  ])('with a key that is a header reads %j', (written, headers) => {
    const team = defineDestination({ ...plain, headers: { team: { header: 'x-team', schema: checks.text('a team') } } })
    expect(readWith(team, written)).toMatchObject({ headers })
    expect(readWith(team, written)).not.toHaveProperty('team')
  })

  it('lists every mistake at once', () => {
    expect(
      readWith(withSchema({ size: checks.flag }), { name: '', url: 'x', size: 1, headers: { host: 'x' }, y: 1 }),
    ).toEqual([
      expect.stringMatching(/^name: /),
      expect.stringMatching(/^url: /),
      'size: give true or false',
      expect.stringMatching(/^y: remove this key/),
      expect.stringMatching(/^headers\.host: /),
    ])
  })
})
