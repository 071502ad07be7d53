import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { baseUnitOf } from '../../../src/catalog/base-unit.ts'

describe('baseUnitOf', () => {
  it.each([
    ...['ms', 'us', 'µs', 'μs', 'ns', 'sec', 'msec', 'seconds', 'Milliseconds', 'min', 'minutes', 'MS', 'second', 'minute', 'hour', 'day', 'mins', 'h', 'hrs', 'd', 'days'].map((unit) => [unit, 's']), // prettier-ignore
    ...['b', 'B', 'kB', 'KiB', 'MBy', 'gby', 'bytes', 'kilobytes', 'Byte', 'BY'].map((unit) => [unit, 'By']),
    ...['%', 'pct', 'percent', 'percentage', 'ratio'].map((unit) => [unit, '1']),
    ['kB/s', 'By/s'],
    ['ms/{call}', 's/{call}'],
    ['%/h', '1/h'],
  ])('of %j is %j', (unit, base) => {
    expect(baseUnitOf(unit)).toBe(base)
  })

  // prettier-ignore
  it.each([
    's', 'By', '1', 'By/s', '1/s', 'By/min', '1/ms', 'S', '{click}', '{seconds}',
    'm', 'M', 'Hz', 'Cel', 'J', 'V', 'kg', 'g', 'bit', 'bits', 'EUR', 'hPa', 'dB', 'md', 'second hand',
    'ratios', 'months', 'hats', 'percent share', '', '/', '/s', '__proto__', 'constructor', '\ud800',
  ])('leaves %j as it is', (unit) => {
    expect(baseUnitOf(unit)).toBe(unit)
  })

  it('has no other unit for a base unit, and looks only before the first /', () => {
    const anyUnit = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.stringMatching(/^(m|k|Ki|u)?(s|sec|B|By|bytes|%|min|1)$/),
    )
    fc.assert(
      fc.property(anyUnit, anyUnit, (unit, other) => {
        const base = baseUnitOf(unit)
        expect(baseUnitOf(base)).toBe(base)
        expect(baseUnitOf(`${unit}/${other}`)).toBe(`${base}/${other}`)
      }),
    )
  })
})
