import { expect, it } from 'vitest'
import { RETENTION_MS } from '../../../src/protocol/limits.ts'
import { fail } from '../../../src/protocol/result.ts'
import { defaultConfig } from '../../../worker/config/default-config.ts'
import { admitText } from '../../../worker/policy/admit-text.ts'

const SENT_MS = 5e11
const textOf = (...agesMs: readonly number[]): string => {
  const batches = agesMs.map((ageMs, i) => [i + 1, SENT_MS - ageMs, [['clicks', 1]], []])
  return JSON.stringify({ v: 1, sent: SENT_MS, groups: [{ session: 'A'.repeat(16), resource: {}, batches }] })
}

it.each([
  ['', 'bad_json'],
  ['{', 'bad_json'],
  ['[]', 'bad_envelope'],
  ['{"v":2}', 'unsupported_version'],
  [textOf(RETENTION_MS + 1), 'expired'],
])('refuses %s as %s', (text, reason) => {
  expect(admitText(text, defaultConfig)).toEqual(fail(reason))
})

it.each([
  ['a batch as old as it may be', [RETENTION_MS], [[]]],
  ['an expired batch beside another', [0, RETENTION_MS + 1], [[], ['expired']]],
])('admits %s', (_, agesMs, dropped) => {
  const admitted = admitText(textOf(...agesMs), defaultConfig)
  expect(admitted.ok && admitted.value.map((batch) => batch.dropped)).toEqual(dropped)
})
