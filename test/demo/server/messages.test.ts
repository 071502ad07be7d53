import { expect, it } from 'vitest'
import { describeHolder, describePort } from '../../../demo/server/messages.ts'

it.each([
  [8787, 'PORT=8788 npm start'],
  [65_535, 'PORT=8787 npm start'],
  [80, 'PORT=8787 npm start'],
])('suggests another port for %i', (port, suggestion) => {
  for (const state of ['pharos', 'program', 'forbidden'] as const) {
    expect(describePort(port, state)).toMatch(new RegExp(`port ${port}\\b`, 'i'))
    expect(describePort(port, state)).toContain(suggestion)
  }
})

it('says who has the storage, and suggests a folder where the port is not what both want', () => {
  const settings = { port: 9000, storage: 'totals' }
  const elsewhere = describeHolder(settings, { port: 8787, pid: 42 })
  expect(elsewhere).toContain('totals is in use by the Pharos on port 8787 (process 42).')
  expect(elsewhere).toContain('PHAROS_STORAGE=.pharos/9000')
  expect(describeHolder(settings, { port: 9000, pid: 42 })).not.toContain('PHAROS_STORAGE')
  expect(describeHolder(settings, undefined)).toContain('totals is in use by another Pharos.')
})
