import { describe, expect, it } from 'vitest'
import * as surface from '../../../src/index.ts'
import { checkPluginResult } from '../../../src/check/index.ts'
import { said } from './said.ts'

const saidOf = (plugin: unknown, returned: unknown): string[] =>
  said((say) => checkPluginResult({ index: 0, plugin, returned }, say))

describe('the check of what a plugin returned', () => {
  const { errors, longTasks, navigation, requests, visibility, webVitals } = surface
  it.each(Object.entries({ errors, longTasks, navigation, requests, visibility, webVitals }))(
    '%s that was not called is named, since it makes a plugin',
    (name, factory) => {
      expect(saidOf(factory, factory())).toEqual([
        `plugins[0] returned a plugin instead of a function that stops it: it is a function that makes plugins. It records nothing. Call it: plugins: [${name}()].`,
      ])
    },
  )

  it('names a factory without a name too', () => {
    expect(
      saidOf(
        Object.defineProperty(() => {}, 'name', { value: '' }),
        (it: unknown) => it,
      ),
    ).toEqual([expect.stringContaining('Call it: plugins: [factory()].')])
  })

  it.each([
    [Promise.resolve(), 'a promise'],
    [5, '5'],
    [{}, 'an object'],
  ])('names %s, which stops nothing', (returned, shown) => {
    expect(saidOf(() => {}, returned)).toEqual([
      `plugins[0] returned ${shown}, which is ignored: shutdown() cannot stop it. Return a function that stops it, or nothing.`,
    ])
  })

  it.each([undefined, null, false, () => {}])('has nothing to say about %s', (returned) => {
    expect(saidOf(() => {}, returned)).toEqual([])
  })
})
