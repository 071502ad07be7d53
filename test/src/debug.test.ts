import { afterEach, describe, expect, it, vi } from 'vitest'
import { debugPanel } from '../../src/debug.ts'

const numbers = { recorded: 5, pending: 2, acknowledged: 3 }
const log = vi.spyOn(console, 'log')
const table = vi.spyOn(console, 'table')

const print = (dropped = {}, path?: string): void => {
  log.mockReset().mockImplementation(() => {})
  table.mockReset().mockImplementation(() => {})
  debugPanel({ stats: () => ({ ...numbers, dropped }) }, path)
}

const request = (name: string, responseStatus = 204) => ({
  name,
  initiatorType: 'fetch',
  startTime: 10.4,
  duration: 20.6,
  responseStatus,
})

afterEach(() => vi.unstubAllGlobals())

describe('debugPanel', () => {
  it('prints numbers, drops and the last requests', () => {
    const entries = [request('https://a.example/app.js'), request('https://b.example/v1/beacon', 503)]
    vi.stubGlobal('performance', { getEntriesByType: () => entries })
    print({ bad_name: 4 })
    expect(log.mock.calls.flat()).toEqual(['pharos: numbers', 'pharos: dropped', 'pharos: last requests'])
    expect(table.mock.calls.flat()).toEqual([
      [numbers],
      [{ reason: 'bad_name', calls: 4 }],
      [{ sentBy: 'fetch', startMs: 10, durationMs: 21, status: 503 }],
    ])
  })

  it('finds requests to an address of one’s own, the last ten', () => {
    const entries = Array.from({ length: 12 }, (_, i) => request('https://b.example/count', 200 + i))
    vi.stubGlobal('performance', { getEntriesByType: () => entries })
    print({}, '/count')
    const [, [rows]] = table.mock.calls as unknown as [unknown, [{ status: number }[]]]
    expect(rows.map(({ status }) => status)).toEqual(entries.slice(2).map(({ responseStatus }) => responseStatus))
  })

  it('says where there is nothing, and does without a clock of the browser', () => {
    vi.stubGlobal('performance', undefined)
    print()
    expect(log.mock.calls.flat()).toEqual(['pharos: numbers', 'pharos: dropped: none', 'pharos: last requests: none'])
  })

  it('survives a console that throws', () => {
    log.mockImplementation(() => {
      throw new Error('no')
    })
    expect(() => debugPanel({ stats: () => ({ ...numbers, dropped: {} }) })).not.toThrow()
  })
})
