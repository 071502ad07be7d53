import { describe, expect, it } from 'vitest'
import { checkSeries } from '../../../src/check/index.ts'
import { said } from './said.ts'

const saidOfName = (name: unknown): string[] => said((say) => checkSeries({ kind: 'histogram', name }, say))

describe('a unit in a name', () => {
  it.each([
    ['search_ms', 'milliseconds', 'seconds (value / 1_000)', 'search'],
    ['search.duration.ms', 'milliseconds', 'seconds (value / 1_000)', 'search.duration'],
    ['searchDurationMs', 'milliseconds', 'seconds (value / 1_000)', 'searchDuration'],
    ['search_milliseconds', 'milliseconds', 'seconds (value / 1_000)', 'search'],
    ['visit_minutes', 'minutes', 'seconds (value * 60)', 'visit'],
    ['upload_kb', 'kilobytes', 'bytes (value * 1_000)', 'upload'],
    ['uploadMB', 'megabytes', 'bytes (value * 1_000_000)', 'upload'],
    ['scroll.percent', 'a percentage', 'a ratio (value / 100)', 'scroll'],
  ])('%s: its unit is no base unit', (name, ...[unit, base, better]) => {
    expect(saidOfName(name)).toEqual([
      `histogram "${name}": its name says ${unit}. It is recorded as it is, but dashboards and backends expect base units. Record ${base}, and name it "${better}".`,
    ])
  })

  it('takes a short unit at the end of a counter for something else, such as a language', () => {
    expect(said((say) => checkSeries({ kind: 'counter', name: 'clicks.ms' }, say))).toEqual([])
    expect(said((say) => checkSeries({ kind: 'counter', name: 'wait_milliseconds' }, say))).toHaveLength(1)
  })
})
