import { describe, expect, it } from 'vitest'
import { baseUnitOf } from '../../../src/catalog/base-unit.ts'

describe('baseUnitOf', () => {
  it.each([
    ['s', ['ms', 'us', 'µs', 'μs', 'ns', 'sec', 'secs', 'second', 'seconds', 'milliseconds', 'MS']],
    ['s', ['min', 'mins', 'minute', 'minutes', 'h', 'hr', 'hours', 'd', 'day', 'days']],
    ['By', ['b', 'B', 'kB', 'KB', 'MiB', 'GiB', 'kBy', 'bytes', 'kilobytes', 'Byte']],
    ['1', ['%', 'pct', 'percent', 'percentage', 'ratio']],
  ])('is %s for %j', (base, units) => {
    expect(units.map(baseUnitOf)).toEqual(units.map(() => base))
  })

  it.each([
    ['ms/kB', 's/kB'],
    ['kB/s', 'By/s'],
    ['%/h', '1/h'],
  ])('reads the unit before the slash: %s is %s', (unit, base) => {
    expect(baseUnitOf(unit)).toBe(base)
  })

  it.each(['s', 'By', '1', '{items}', '{score}', 'm', 'Cel', 'V', '', '/s', 'months', 'hats'])('keeps %j', (unit) => {
    expect(baseUnitOf(unit)).toBe(unit)
  })
})
