// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest'
import { startRoutes } from '../../../src/plugins/routes.ts'

const onMoved = vi.fn<(isView: boolean) => void>()
const views = (): boolean[] => onMoved.mock.calls.map(([isView]) => isView)

afterEach(() => {
  onMoved.mockReset()
  vi.unstubAllGlobals()
})

describe('with the Navigation API', () => {
  const never = (): never => {
    throw new Error('listens elsewhere')
  }

  /** The Navigation API as far as it is used. A key stands for an entry of the history. */
  const stubNavigation = (first: string | undefined) => {
    const entryOf = (key: string | undefined) => (key === undefined ? null : { key })
    const api = Object.assign(new EventTarget(), { currentEntry: entryOf(first) })
    vi.stubGlobal('navigation', api)
    return (key: string | undefined): void => {
      api.currentEntry = entryOf(key)
      api.dispatchEvent(new Event('navigatesuccess'))
    }
  }

  it.each<[string, (string | undefined)[], boolean[]]>([
    ['new entries', ['a', 'b'], [true, true]],
    ['back to the first', ['a', 'first'], [true, true]],
    ['a replaced entry', ['first'], [false]],
    ['a redirect, then a new entry', ['first', 'a', 'a'], [false, true, false]],
    ['no entry, as in a page about to go', [undefined, undefined], [true, false]],
  ])('%s', (_, keys, wanted) => {
    const move = stubNavigation('first')
    const stop = startRoutes(onMoved, never)
    for (const key of keys) move(key)
    stop()
    expect(views()).toEqual(wanted)
  })

  it('tells nothing after a stop', () => {
    const move = stubNavigation('first')
    startRoutes(onMoved, never)()
    move('a')
    expect(views()).toEqual([])
  })

  it('compares with the entry of now after a listener that failed', () => {
    const move = stubNavigation('first')
    onMoved.mockImplementationOnce(() => {
      throw new Error('of the plugin')
    })
    const stop = startRoutes(onMoved, never)
    for (const key of ['a', 'a']) move(key)
    stop()
    expect(views()).toEqual([true, false])
  })
})

describe('without the Navigation API', () => {
  it('every move that the other way hears of is a view, and its stop is the stop', () => {
    vi.stubGlobal('navigation', undefined)
    const stopElse = vi.fn<() => void>()
    let tell = (): void => {}
    const stop = startRoutes(onMoved, (onMoved) => {
      tell = onMoved
      return stopElse
    })
    tell()
    tell()
    expect([views(), stopElse.mock.calls.length]).toEqual([[true, true], 0])
    stop()
    expect(stopElse).toHaveBeenCalledOnce()
  })
})
