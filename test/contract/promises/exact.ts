import { expect } from 'vitest'
import type { ExporterPromise } from '../promise.ts'
import { counterOf } from '../snapshots.ts'

/** Values at which a float of 32 bits, an integer or a short text would round. */
const VALUES = [1, 0.1, 2 ** 53, 2 ** 53 - 1, 1e290, 5e-324, 1 / 3]

export const exact: ExporterPromise = {
  what: 'sends every total exactly',
  check: ({ read, counterName }) => {
    const found = read(VALUES.map((value, i) => counterOf('clicks', value, { attributes: { i } })))
    expect(found).toHaveLength(VALUES.length)
    for (const { name, labels, value } of found) {
      expect(name).toBe(counterName('clicks'))
      expect(value).toBe(VALUES[Number(labels['i'])])
    }
  },
}
