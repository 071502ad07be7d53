import { afterEach, expect, it, vi } from 'vitest'
import { navigationEntry } from '../../../src/browser/navigation-entry.ts'

afterEach(() => vi.restoreAllMocks())

it.each([
  ['none where the browser has none', [], undefined],
  ['the only one', [{ type: 'navigate' }], { type: 'navigate' }],
  ['that of the load, and not of a later soft navigation', [{ type: 'reload' }, { type: 'soft' }], { type: 'reload' }],
])('gives %s', (_, entries, expected) => {
  const asked = vi.spyOn(performance, 'getEntriesByType').mockReturnValue(entries as never)
  expect(navigationEntry()).toEqual(expected)
  expect(asked).toHaveBeenCalledWith('navigation')
})
