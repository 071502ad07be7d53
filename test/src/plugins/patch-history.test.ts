// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { patchHistory } from '../../../src/plugins/patch-history.ts'

type PushState = (...args: Parameters<History['pushState']>) => void

const pushStateNow = () => Reflect.get(history, 'pushState') as PushState
const onMoved = vi.fn<() => void>()
let pushState: PushState
let stop: () => void

beforeEach(() => {
  onMoved.mockReset()
  history.replaceState(null, '', '/')
  pushState = pushStateNow()
  stop = patchHistory(onMoved)
})
afterEach(() => {
  stop()
  history.pushState = pushState
})

describe('while it is patched', () => {
  it('pushState does what it did, and tells after it', () => {
    const seen: string[] = []
    onMoved.mockImplementation(() => void seen.push(location.pathname))
    history.pushState({ of: 'the page' }, '', '/a')
    expect([seen, history.state]).toEqual([['/a'], { of: 'the page' }])
  })

  it.each<[string, () => void, number]>([
    ['the same address again', () => history.pushState(null, '', '/'), 1],
    ['back or forward', () => window.dispatchEvent(new Event('popstate')), 1],
    ['a replaced entry', () => history.replaceState(null, '', '/b'), 0],
    ['a fragment', () => window.dispatchEvent(new Event('hashchange')), 0],
  ])('%s', (_, move, told) => {
    move()
    expect(onMoved).toHaveBeenCalledTimes(told)
  })

  it("an error of pushState is the page's to see, and tells nothing", () => {
    expect(() => history.pushState(null, '', 'http://other.example/')).toThrow('origin')
    expect(onMoved).not.toHaveBeenCalled()
  })

  it('an error of the listener is none of the page', () => {
    onMoved.mockImplementation(() => {
      throw new Error('of the plugin')
    })
    expect(() => history.pushState(null, '', '/a')).not.toThrow()
    expect([onMoved.mock.calls.length, location.pathname]).toEqual([1, '/a'])
  })

  it('pushState takes its `this` from the caller', () => {
    expect(() => pushStateNow().call({} as History, null, '', '/a')).toThrow(TypeError)
    expect(onMoved).not.toHaveBeenCalled()
  })
})

describe('after a stop', () => {
  it('the page has its own pushState back, and nothing tells', () => {
    expect(pushStateNow()).not.toBe(pushState)
    stop()
    expect(pushStateNow()).toBe(pushState)
    history.pushState(null, '', '/b')
    window.dispatchEvent(new Event('popstate'))
    expect(onMoved).not.toHaveBeenCalled()
  })

  it('code that wrapped it later keeps working, and tells nothing', () => {
    const patched = pushStateNow()
    const later = vi.fn<PushState>((...args) => patched.apply(history, args))
    history.pushState = later
    stop()
    history.pushState(null, '', '/c')
    expect([later.mock.calls.length, location.pathname, onMoved.mock.calls.length]).toEqual([1, '/c', 0])
  })
})
