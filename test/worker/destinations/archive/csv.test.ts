import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { csvLines } from '../../../../worker/destinations/archive/csv.ts'
import type { NumberRow } from '../../../../worker/destinations/shared/rows.ts'
import { readCsv } from './csv-reader.ts'

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', ' ', '=', '\u2028', '\ufeff', '😀', 'a'), maxLength: 12 }),
)

const anyRow: fc.Arbitrary<NumberRow> = fc.record({
  time: fc.constant('t'),
  start: fc.constant('s'),
  kind: fc.constant('counter' as const),
  name: hostile,
  service: hostile,
  release: hostile,
  attributes: fc.dictionary(hostile, hostile, { maxKeys: 5 }),
  value: fc.double({ noNaN: true, noDefaultInfinity: true }),
})

// Beyond what the edge lets in: no control characters get this far.
it('keeps any text, whatever it holds', () => {
  fc.assert(
    fc.property(fc.array(anyRow, { minLength: 1, maxLength: 5 }), (rows) => {
      const { head, lines } = csvLines(rows)
      const [header, ...records] = readCsv(head + lines.join(''))
      expect(records).toHaveLength(rows.length)
      for (const [i, { name, service, release, attributes, value }] of rows.entries()) {
        const cells = new Map(header!.map((column, j) => [column, records[i]![j]!]))
        expect(cells.size).toBe(header!.length)
        expect([cells.get('name'), cells.get('service'), cells.get('release')]).toEqual([name, service, release])
        expect(Number(cells.get('value'))).toBe(value + 0)
        for (const [attribute, text] of Object.entries(attributes))
          expect(cells.get(`attribute_${attribute}`)).toBe(text)
        const filled = [...cells].filter(([column, cell]) => column.startsWith('attribute_') && cell !== '')
        expect(filled).toHaveLength(Object.values(attributes).filter((text) => text !== '').length)
      }
    }),
  )
})
