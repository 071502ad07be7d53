import { describe, expect, it } from 'vitest'
import { changeDestination } from '../../../worker/config/change-destination.ts'
import { DESTINATIONS } from '../../../worker/destinations/kinds.ts'
import { mistakesOf, readDestination } from '../../support/written-destination.ts'

const each = DESTINATIONS.map((definition) => [definition.kind, definition] as const)

const key = (path: string, message: string): string => `PHAROS.destinations[0].${path}: ${message}`

it.each(['graphite', 'constructor', '', 7, undefined])('the kind %j is none of those', (kind) => {
  const names = DESTINATIONS.map((one) => `"${one.kind}"`)
  const message = kind === undefined ? 'add this key' : `give ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
  expect(mistakesOf({ name: 'it', ...(kind === undefined ? {} : { kind }) })).toEqual([
    expect.stringContaining(key('kind', message)),
  ])
})

describe.each(each)('the kind %s', (kind, { address, temporality, docs, ...definition }) => {
  const written = { name: 'it', kind, ...docs?.example }

  it('has a smallest configuration, every key of which is needed', () => {
    expect(readDestination(written)).toMatchObject({ name: 'it', kind })
    for (const [missing, value] of Object.entries(written).filter(([name]) => name !== 'kind')) {
      expect(value).toBeDefined()
      const rest = Object.fromEntries(Object.entries(written).filter(([name]) => name !== missing))
      expect(mistakesOf(rest)).toEqual([key(missing, 'add this key: it is missing')])
    }
  })

  it('fills its defaults in, and takes them as they are', () => {
    expect(readDestination(written)).toMatchObject(definition.defaults)
    expect(readDestination({ ...written, ...definition.defaults })).toEqual(readDestination(written))
  })

  it('knows no other key', () => {
    expect(mistakesOf({ ...written, hunter2: 'hunter2' })).toEqual([
      key('hunter2', 'remove this key, or correct its spelling: it is not known'),
    ])
  })

  it('makes a gauge of a counter only where it gets totals', () => {
    const mapping = [
      { match: 'a', type: 'counter' },
      { match: 'b', type: 'gauge' },
    ]
    const problem = key('mapping[1].type', 'give "counter", or leave it out: this destination gets what was added, not totals') // prettier-ignore
    expect(mistakesOf({ ...written, mapping })).toEqual(temporality === 'delta' ? [problem] : [])
    expect(mistakesOf({ ...written, mapping, temporality: 'delta' })).toContain(
      temporality === 'cumulative'
        ? key('temporality', 'remove this key, or correct its spelling: it is not known')
        : problem,
    )
  })

  it.each(['headers', 'bearerTokenSecret', 'basicAuth', 'headerSecrets', 'url'])(
    'has the key %s only where there is a network',
    (name) => {
      const problem = address === 'none' ? 'remove this key' : 'give '
      expect(mistakesOf({ ...written, [name]: 7 })).toEqual([expect.stringContaining(key(name, problem))])
    },
  )

  it('names each of its secrets, and sends it as the header that it says', () => {
    const { credentials } = readDestination(written)
    for (const { header, secret } of credentials)
      expect(mistakesOf({ ...written, headerSecrets: { [header]: secret } })).toEqual([
        expect.stringMatching(/remove this header: \w+ sets it already/),
      ])
    expect(credentials.every(({ secret }) => /^[A-Z][A-Z0-9_]+$/.test(secret))).toBe(true)
  })

  it('takes another address at run time in its own form', () => {
    const kindly = { ...definition, kind, address, temporality }
    const change = (url: string): unknown => {
      const result = changeDestination(readDestination(written), { url }, kindly)
      return result.ok ? result.value.url : result.error
    }
    const forms = {
      whole: ['https://other.example.com/', 'https://other.example.com/?a=b'],
      base: [
        'https://other.example.com',
        'it.url: give only the beginning of the address, without the ? and what follows',
      ],
      none: Array(2).fill('it.url: remove this key: this kind of destination has no address'),
    }
    expect([change('https://other.example.com/'), change('https://other.example.com/?a=b')]).toEqual(forms[address])
  })
})
