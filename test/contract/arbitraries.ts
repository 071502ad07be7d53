import * as fc from 'fast-check'
import type { SnapshotSeries } from '../../worker/model/types.ts'
import { counterOf } from './snapshots.ts'

/** What a page may send as the value of an attribute. */
export const hostileText: fc.Arbitrary<string> = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 128 }),
    fc.constantFrom('"', '\\', '\u2028', '😀'.repeat(63), '\u{2a6df}', '{}', '%00'),
  )
  .map((text) => text.replace(/[\p{Cc}\p{Cs}]/gu, '').slice(0, 126))

/** What a page may send as the name of a metric or of an attribute. */
export const hostileName: fc.Arbitrary<string> = fc.oneof(
  fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.]{0,127}$/),
  fc.constantFrom('constructor', 'toString', 'le', 'a..b', '_x', '_._', 'total', 'a'.repeat(128)),
)

/** Attributes with names and values that a page may send. */
export const hostileAttributes: fc.Arbitrary<Record<string, string>> = fc.dictionary(hostileName, hostileText, {
  maxKeys: 4,
  noNullPrototype: true,
})

/** Counters that differ, some of them the same at a backend with fewer names. */
export const anyCounters: fc.Arbitrary<SnapshotSeries[]> = fc.uniqueArray(
  fc
    .tuple(hostileName, fc.nat(1e9), hostileAttributes, hostileText)
    .map(([name, value, attributes, service]) => counterOf(name, value, { attributes, service })),
  { selector: ({ key }) => key, maxLength: 40 },
)

/** Observations: multiples of 2^-6, so that no order of adding them rounds. */
export const anyValues: fc.Arbitrary<number[]> = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 1_000 }).map((n) => n / 64),
    fc.constant(0),
  ),
  { minLength: 1, maxLength: 50 },
)
