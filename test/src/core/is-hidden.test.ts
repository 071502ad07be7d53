// @vitest-environment happy-dom
import { afterEach, expect, it } from 'vitest'
import { isHidden } from '../../../src/core/is-hidden.ts'
import { beginPrerender, resetPage, setVisibility } from '../../support/page-events.ts'

afterEach(resetPage)

it('is what the document says', () => {
  expect(isHidden()).toBe(false)
  setVisibility('hidden')
  expect(isHidden()).toBe(true)
  setVisibility('visible')
  expect(isHidden()).toBe(false)
  beginPrerender()
  expect(isHidden()).toBe(true)
})
