import { expect, it } from 'vitest'
import * as surface from '../../src/index.ts'

it('is what the README shows, and nothing else', () => {
  expect(Object.keys(surface).sort()).toEqual([
    'attribution',
    'debugPanel',
    'errors',
    'filter',
    'init',
    'longTasks',
    'navigation',
    'requests',
    'visibility',
    'webVitals',
  ])
})
