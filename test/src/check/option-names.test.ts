import { describe, expect, it } from 'vitest'
import { checkOptions } from '../../../src/check/index.ts'
import { said } from './said.ts'

const saidOf = (options: unknown): string[] =>
  said((say) => checkOptions(options, say, { pageUrl: 'https://shop.example/' }))

describe('the check of the names of options', () => {
  it.each([
    [
      { beforeRecord: () => {} },
      'option "beforeRecord" is gone, and ignored. Use filter: filter(fn), with filter from the package.',
    ],
    [
      { debug: true },
      'option "debug" is gone, and ignored. Leave it out: the development build always speaks. For the script tag, write data-debug.',
    ],
    [
      { colour: 'red' },
      'unknown option "colour". It is ignored. The options are: url, service, release, attributes, plugins, flushIntervalMs, sampleRate, consent, filter.',
    ],
  ])('%j', (options, text) => {
    expect(saidOf(options)).toEqual([text])
  })

  it.each([
    ['flushintervalms', 'flushIntervalMs'],
    ['flush_interval_ms', 'flushIntervalMs'],
    ['flushInterval', 'flushIntervalMs'],
    ['interval', 'flushIntervalMs'],
    ['flushInternalMs', 'flushIntervalMs'],
    ['endpoint', 'url'],
    ['URL', 'url'],
    ['ulr', 'url'],
    ['sampling', 'sampleRate'],
    ['samplerate', 'sampleRate'],
    ['smapleRate', 'sampleRate'],
    ['env', 'attributes: { environment: … }'],
    ['tags', 'attributes'],
    ['labels', 'attributes'],
    ['attribute', 'attributes'],
    ['atributes', 'attributes'],
    ['appName', 'service'],
    ['name', 'service'],
    ['serviceName', 'service'],
    ['version', 'release'],
    ['plugin', 'plugins'],
    ['concent', 'consent'],
    ['filters', 'filter'],
  ])('%s: did you mean %s?', (name, meant) => {
    expect(saidOf({ [name]: 1 })).toEqual([`unknown option "${name}". It is ignored. Did you mean "${meant}"?`])
  })

  it.each(['constructor', '__proto__', 'toString', 'x', ''])('%j is unknown, and like no other', (name) => {
    const options = Object.defineProperty({}, name, { value: 1, enumerable: true })
    expect(saidOf(options)).toEqual([expect.stringContaining('The options are: url, service')])
  })
})
