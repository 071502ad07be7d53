// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { readOptions } from '../../../src/script-tag/read-options.ts'

const said = vi.spyOn(console, 'warn')

beforeEach(() => void said.mockReset().mockImplementation(() => {}))

const read = (attributes: Readonly<Record<string, string>>) => {
  const tag = document.createElement('script')
  for (const [name, value] of Object.entries(attributes)) tag.setAttribute(name, value)
  return readOptions(tag)
}

describe('the options of a tag', () => {
  it('are what its attributes say', () => {
    const { plugins, ...options } = read({
      'data-service': 'shop',
      'data-release': '1.4.2',
      'data-flush-interval-ms': '5000',
      'data-sample': '0.1',
      'data-consent': 'pending',
      'data-collect': ' vitals\n errors  navigation ',
      'data-attr-environment': 'production',
      'data-attr-page-type': 'cart',
    })
    expect(options).toEqual({
      service: 'shop',
      release: '1.4.2',
      flushIntervalMs: 5_000,
      sampleRate: 0.1,
      consent: 'pending',
      attributes: { environment: 'production', page_type: 'cart' },
    })
    expect(plugins).toHaveLength(3)
    expect(said).not.toHaveBeenCalled()
  })

  it('are the defaults where a tag was stripped of its attributes', () => {
    expect(read({})).toEqual({ attributes: {}, plugins: [] })
  })

  it('keep what is wrong as it is, for others to judge', () => {
    expect(read({ 'data-sample': 'lots', 'data-consent': 'off', 'data-flush-interval-ms': 'soon' })).toMatchObject({
      sampleRate: NaN,
      consent: 'off',
      flushIntervalMs: NaN,
    })
  })

  it.each(['tea', 'toString', '__proto__'])('have no plugin for the word %s, and say so', (word) => {
    expect(read({ 'data-collect': `errors ${word}` }).plugins).toHaveLength(1)
    expect(said.mock.calls).toEqual([['pharos:', `data-collect="${word}" is none of vitals,errors,navigation`]])
  })
})
