// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest'
import { errors, type ErrorsOptions } from '../../../src/plugins/errors.ts'
import type { PluginContext } from '../../../src/core/plugin.ts'
import { type Recording, startRecording } from './recording.ts'

let recording: Recording
const start = (options?: ErrorsOptions): Recording['records'] => {
  recording = startRecording(errors(options))
  return recording.records
}
afterEach(() => recording.stop())

/** An event as the browser makes it, or as a script of the page does. */
const dispatch = (type: string, fields: object, target: EventTarget = window): void => {
  const event = new Event(type, { bubbles: type !== 'error' })
  for (const [name, value] of Object.entries(fields)) Object.defineProperty(event, name, { value })
  target.dispatchEvent(event)
}
const fail = (error: unknown, message = 'Uncaught'): void => dispatch('error', { error, message })
const counted = (kind: string, name: string) => ['page.errors', 1, { kind, name }]

const named = (name: unknown): Error => Object.defineProperty(new Error('secret'), 'name', { value: name })
class ChunkLoadError extends Error {
  override readonly name = 'ChunkLoadError'
}
const NAMES: readonly (readonly [what: string, thrown: unknown, name: string])[] = [
  ['an Error', new Error('secret'), 'Error'],
  ['a TypeError', new TypeError('secret'), 'TypeError'],
  ['a class of its own', new ChunkLoadError('secret'), 'ChunkLoadError'],
  ['a name of 41 letters', named('A'.repeat(41)), 'A'.repeat(41)],
  ['a name of 42 letters', named('A'.repeat(42)), 'Error'],
  ['a minified name', named('t'), 'Error'],
  ['a name with a number', named('Order4711'), 'Error'],
  ['a name with text after it', named('TypeError\nsecret'), 'Error'],
  ['a name that is empty', named(''), 'Error'],
  ['a name that is an object', named({}), 'Error'],
  ['a text', 'secret', 'unknown'],
  ['a number', 0, 'unknown'],
  ['null', null, 'unknown'],
  ['undefined', undefined, 'unknown'],
  ['an object with a name', { name: 'Secret' }, 'unknown'],
  [
    'a name that throws',
    Object.defineProperty(new Error('secret'), 'name', {
      get: () => {
        throw new Error('from the name')
      },
    }),
    'unknown',
  ],
  [
    'a proxy that throws',
    new Proxy(new Error('secret'), {
      getPrototypeOf: () => {
        throw new Error('from the proxy')
      },
    }),
    'unknown',
  ],
]

describe('names', () => {
  it.each(NAMES)('%s, uncaught', (_, thrown, name) => {
    const records = start()
    fail(thrown)
    expect(records).toEqual([counted('error', name)])
  })

  it.each(NAMES)('%s, as the reason of a rejection', (_, reason, name) => {
    const records = start()
    dispatch('unhandledrejection', { reason })
    expect(records).toEqual([counted('rejection', name)])
  })

  it.each<[string, { message: string; error?: unknown }, string]>([
    ['an error of another origin', { message: 'Script error.', error: null }, 'script-error'],
    ['the same without a full stop', { message: 'Script error' }, 'script-error'],
    ['an error of the page that says so', { message: 'Script error.', error: new RangeError('no') }, 'RangeError'],
    ['an event without an error', { message: 'ResizeObserver loop completed' }, 'unknown'],
  ])('%s', (_, { message, error }, name) => {
    const records = start()
    fail(error, message)
    expect(records).toEqual([counted('error', name)])
  })

  it('an error event that is nothing but an event', () => {
    const records = start()
    window.dispatchEvent(new Event('error'))
    expect(records).toEqual([counted('error', 'unknown')])
  })
})

describe('resources and policies', () => {
  it.each(['img', 'script', 'link', 'video', 'source'])('a %s that fails to load', (tag) => {
    const records = start()
    const element = document.body.appendChild(document.createElement(tag))
    dispatch('error', { isTrusted: true }, element)
    expect(records).toEqual([counted('resource', tag)])
  })

  it('an error that an element dispatches itself is not one', () => {
    const records = start()
    const element = document.body.appendChild(document.createElement('order-4711'))
    dispatch('error', { isTrusted: false }, element)
    expect(records).toEqual([])
  })

  it('a violation, by its directive', () => {
    const records = start()
    dispatch('securitypolicyviolation', { effectiveDirective: 'img-src', isTrusted: true }, document)
    dispatch('securitypolicyviolation', { effectiveDirective: 'made-up', isTrusted: false }, document)
    expect(records).toEqual([counted('csp', 'img-src')])
  })
})

describe('bounds', () => {
  it.each<[ErrorsOptions | undefined, number]>([
    [undefined, 20],
    [{}, 20],
    [{ maxNames: 3 }, 3],
  ])('with the options %o there are %d names and other', (options, max) => {
    const records = start(options)
    for (let i = 0; i < 26; i++) fail(named(`Error${String.fromCharCode(65 + i)}`))
    const names = records.map(([, , attributes]) => attributes!['name'])
    expect(new Set(names).size).toBe(max + 1)
    expect(names.filter((name) => name === 'other')).toHaveLength(26 - max)
  })

  it('counts every error of a flood', () => {
    const records = start()
    for (let i = 0; i < 5_000; i++) fail(new TypeError('again'))
    expect(records).toHaveLength(5_000)
  })

  it('an error of the beacon itself reaches neither the page nor the count', () => {
    let calls = 0
    const seen: unknown[] = []
    const listen = ({ error }: ErrorEvent): void => void seen.push(error)
    window.addEventListener('error', listen)
    const increment = (): never => {
      calls++
      throw new Error('BUG')
    }
    const stop = errors()({ increment } as unknown as PluginContext) as () => void
    start()
    fail('of the page')
    expect([calls, seen]).toEqual([1, ['of the page']])
    window.removeEventListener('error', listen)
    stop()
  })

  it('is silent when it was stopped', () => {
    const records = start()
    recording.stop()
    fail(new Error('late'))
    dispatch('unhandledrejection', {})
    expect(records).toEqual([])
  })
})
