// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createGuard } from '../../../src/browser/guard.ts'
import { startLifecycle } from '../../../src/browser/lifecycle.ts'
import {
  activate,
  beginPrerender,
  freezePage,
  leavePage,
  resetPage,
  setVisibility,
  showPage,
} from '../../support/page-events.ts'

const guard = createGuard(() => {})
let stop = (): void => {}
const start = () => {
  const log: string[] = []
  const hook = (name: string) => () => void log.push(name)
  stop = startLifecycle(
    { onActivated: hook('activated'), onLeaving: hook('leaving'), onRestored: hook('restored') },
    guard,
  )
  return log
}

beforeEach(resetPage)
afterEach(() => stop())

describe('lifecycle', () => {
  it.each<[string, () => void, string[]]>([
    ['hidden', () => setVisibility('hidden'), ['leaving']],
    ['visible', () => setVisibility('visible'), []],
    ['left', leavePage, ['leaving']],
    ['frozen', freezePage, ['leaving']],
    ['restored', () => showPage(true), ['restored']],
    ['shown for the first time', () => showPage(false), []],
  ])('the page is %s', (_, happen, wanted) => {
    const log = start()
    happen()
    expect(log).toEqual(['activated', ...wanted])
    stop()
    happen()
    expect(log).toHaveLength(1 + wanted.length)
  })

  it('hears of hiding after those that capture on the window, where web-vitals is', () => {
    const log = start()
    addEventListener('visibilitychange', () => log.push('web-vitals'), { capture: true, once: true })
    setVisibility('hidden')
    expect(log).toEqual(['activated', 'web-vitals', 'leaving'])
  })

  it('waits for the activation of a prerendered page', () => {
    beginPrerender()
    const log = start()
    leavePage()
    freezePage()
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
    expect(log).toEqual([])
    activate()
    expect(log).toEqual(['activated'])
    leavePage()
    expect(log).toEqual(['activated', 'leaving'])
  })

  it('can be stopped before the activation', () => {
    beginPrerender()
    const log = start()
    stop()
    activate()
    expect(log).toEqual([])
  })

  it('keeps errors of the hooks from the page', () => {
    const onError = vi.fn<(error: unknown) => void>()
    const error = new Error('no')
    const onLeaving = (): void => {
      throw error
    }
    stop = startLifecycle({ onActivated: () => {}, onLeaving, onRestored: () => {} }, createGuard(onError))
    leavePage()
    expect(onError).toHaveBeenCalledWith(error)
  })
})
