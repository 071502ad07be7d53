import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkOptions, type OptionSurroundings } from '../../../src/check/index.ts'
import { OPTION_NAMES } from '../../../src/check/options.ts'
import { filter as madeFilter } from '../../../src/filter.ts'
import type { Options } from '../../../src/core/options.ts'
import { revoked, said, throwing } from './said.ts'

const webVitals = (): (() => void) => () => {}
const filter = (): void => {}
const PAGE: OptionSurroundings = { pageUrl: 'https://shop.example/cart', factories: { webVitals, filter } }

const saidOf = (options: unknown, surroundings: OptionSurroundings = PAGE): string[] =>
  said((say) => checkOptions(options, say, surroundings))

/** The type check fails when an option of `Options` is not in here. */
const EVERY_OPTION = {
  url: true,
  service: true,
  release: true,
  attributes: true,
  plugins: true,
  flushIntervalMs: true,
  sampleRate: true,
  consent: true,
  filter: true,
} satisfies Record<Exclude<keyof Options, 'beforeRecord' | 'debug'> | 'filter', true>

const DEFAULT_URL = "The default, /v1/beacon of the page's origin, is used."
const WHOLE = "Write the whole address: url: 'https://beacon.example.com/v1/beacon'."
const INTERVAL = 'The default, 30 seconds, is used.'
const RATE = '1 is used: every page view records.'
const NOTHING = 'Nothing is recorded.'
const AN_OBJECT = "Write an object: init({ service: 'shop' })."
const OBJECT = `All defaults are used. ${AN_OBJECT}`
const plugin = (): void => {}

/** Every option has a row. The tests of its own check have more. */
const WRONG: readonly (readonly [name: keyof typeof EVERY_OPTION, value: unknown, ...texts: string[]])[] = [
  ['url', null, `option "url" is null. ${DEFAULT_URL} ${WHOLE}`],
  ['service', null, `option "service" is null, not a text. It is left out. Write service: 'shop'.`],
  ['release', {}, `option "release" is an object, not a text. It is left out. Write release: '1.4.2'.`],
  ['attributes', null, `option "attributes" is null. No attribute is sent. Write an object: { page: '/cart' }.`],
  ['plugins', {}, 'option "plugins" is an object. No plugin starts. Write a list: plugins: [webVitals()].'],
  [
    'flushIntervalMs',
    NaN,
    `option "flushIntervalMs" is NaN, not a number of milliseconds. ${INTERVAL} Write flushIntervalMs: 30_000.`,
  ],
  ['sampleRate', -1, `option "sampleRate" is -1, below 0. ${RATE} Write a share from 0 to 1: sampleRate: 0.1.`],
  ['consent', 'no', `consent: "no" is unknown, so it means denied. Use true, false, 'granted', 'denied' or 'pending'.`],
  [
    'filter',
    { drop: 'noise' },
    'option "filter" is an object, not what filter() returns. Nothing is filtered. Write filter: filter((record) => record).',
  ],
]

describe('the check of options', () => {
  it('knows every option there is', () => {
    expect([...OPTION_NAMES].sort()).toEqual(Object.keys(EVERY_OPTION).sort())
  })

  it.each(Object.keys(EVERY_OPTION))('has something to say about a wrong %s', (name) => {
    expect(WRONG.map(([wrong]) => wrong)).toContain(name)
  })

  it.each(WRONG)('%s: %j', (name, value, ...texts) => {
    expect(saidOf({ [name as string]: value })).toEqual(texts)
  })

  it.each<[string, unknown]>([
    ['nothing at all', undefined],
    ['no option', {}],
    [
      'options that are not set',
      Object.fromEntries([...OPTION_NAMES, 'debug', 'other'].map((name) => [name, undefined])),
    ],
    [
      'the README',
      {
        url: 'https://beacon.example.com/v1/beacon',
        service: 'shop',
        release: '1.4.2',
        attributes: { environment: 'production', beta: true, shard: 3, empty: '', absent: undefined },
        plugins: [webVitals(), plugin],
        flushIntervalMs: 1_000,
        sampleRate: 0.1,
        consent: 'pending',
        filter: madeFilter((record) => record),
      },
    ],
    ['the other ends', { flushIntervalMs: 86_400_000, sampleRate: 0, consent: false, plugins: [], attributes: {} }],
    ['a path', { url: '/v1/beacon' }],
    ['a path with a dot', { url: 'beacon.php' }],
    ['another host of the same scheme', { url: '//beacon.example/v1/beacon' }],
    ['a URL', { url: new URL('https://beacon.example/b?tenant=1') }],
    ['http: on the same machine', { url: 'http://localhost:8787/v1/beacon' }],
    ['http: on the same machine, by number', { url: 'http://127.0.0.1:8787/v1/beacon' }],
    ['words that only look as if they were not set', { service: 'undefinedness', release: 'null' }],
  ])('has nothing to say about %s', (_, options) => {
    expect(saidOf(options)).toEqual([])
  })

  it.each([
    [null, `init() was given null. ${NOTHING} ${AN_OBJECT}`],
    ['shop', `init() was given "shop". ${OBJECT}`],
    [5, `init() was given 5. ${OBJECT}`],
    [plugin, `init() was given a function. ${OBJECT}`],
    [[{}], `init() was given an array. ${NOTHING} ${AN_OBJECT}`],
  ])('%j is no object', (options, text) => {
    expect(saidOf(options)).toEqual([text])
  })

  it.each(OPTION_NAMES)('names %s where reading it throws', (name) => {
    expect(saidOf(throwing(name))).toEqual([
      `option "${name}" cannot be read: a getter or a proxy in it throws. ${NOTHING} Pass plain values.`,
    ])
  })

  it('calls no plugin and no factory', () => {
    const calls: string[] = []
    const spy = (): number => calls.push('called')
    saidOf({ plugins: [spy], filter: spy }, { factories: { spy } })
    expect(calls).toEqual([])
  })

  it.each([revoked, () => new Proxy({}, { ownKeys: () => ['a', 'a'] })])('survives a proxy that throws', (make) => {
    expect(saidOf(make())).toContain(
      'The list of options cannot be read: a getter or a proxy in it throws. No option is looked for. Pass plain values.',
    )
    for (const name of ['attributes', 'plugins', 'consent'])
      expect(saidOf({ [name]: make() })).toEqual([expect.stringContaining(name)])
  })

  it('never throws, whatever the options are', () => {
    const value = fc.oneof(fc.anything(), fc.constantFrom<unknown>(throwing('a'), Symbol('a'), 1n, plugin))
    const name = fc.oneof(fc.constantFrom(...OPTION_NAMES), fc.string())
    fc.assert(
      fc.property(fc.oneof(value, fc.dictionary(name, value)), (options) => {
        expect(() => saidOf(options)).not.toThrow()
      }),
    )
  })
})
