import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonLine, jsonLines } from '../../../../worker/destinations/shared/json-lines.ts'
import { rowsOf } from '../../../../worker/destinations/shared/rows.ts'
import { counterOf, histogramOf, snapshotOf, testConfig } from '../../../contract/snapshots.ts'

describe('jsonLine', () => {
  it.each([
    [{ a: 'x\ny\r' }, '{"a":"x\\ny\\r"}\n'],
    [{ a: '\u2028\u0085' }, '{"a":"\u2028\u0085"}\n'],
    [{ a: '\ud800' }, '{"a":"\\ud800"}\n'],
    [[1e21, -0, Number.NaN], '[1e+21,0,null]\n'],
    [{ a: undefined }, '{}\n'],
  ])('of %j is one line', (value, line) => {
    expect(jsonLine(value)).toBe(line)
  })

  it('has one line feed, at its end, and reads back', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const line = jsonLine(value)
        expect(line.indexOf('\n')).toBe(line.length - 1)
        expect(JSON.stringify(JSON.parse(line))).toBe(JSON.stringify(value))
      }),
    )
  })
})

describe('jsonLines', () => {
  it('has a line for each row, in order, and no head', () => {
    const series = [counterOf('a', 1, { attributes: { page: 'x"\\' } }), histogramOf('b', [1, -2]), counterOf('c', 3)]
    const rows = rowsOf(snapshotOf(...series), testConfig()).map(({ row }) => row)
    const { head, lines } = jsonLines(rows)
    expect(head).toBe('')
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(rows)
    expect(jsonLines(rows.slice(1)).lines).toEqual(lines.slice(1))
  })

  it('of no rows has none', () => {
    expect(jsonLines([])).toEqual({ head: '', lines: [] })
  })
})
