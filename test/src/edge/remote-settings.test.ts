import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseSettings } from '../../../src/edge/remote-settings.ts'

it.each([
  [null, true, undefined],
  ['{}', true, undefined],
  ['{"enabled":false}', false, undefined],
  ['{"enabled":true,"sampleRate":0,"flushIntervalMs":1000}', true, 1_000],
  ['{"enabled":false,"flushIntervalMs":86400000}', false, 86_400_000],
  ['{"enabled":0}', true, undefined],
  ['{"enabled":"false"}', true, undefined],
  ['{"enabled":null,"flushIntervalMs":null}', true, undefined],
  ['{"flushIntervalMs":999}', true, undefined],
  ['{"flushIntervalMs":86400001}', true, undefined],
  ['{"flushIntervalMs":"5000"}', true, undefined],
  ['{"enabled":false,"flushIntervalMs":1}', false, undefined],
  ['', true, undefined],
  ['{', true, undefined],
  ['null', true, undefined],
  ['7', true, undefined],
  ['"x"', true, undefined],
  ['[false]', true, undefined],
])('%s: on is %s, the interval %s', (text, enabled, flushIntervalMs) => {
  const { enabled: isOn, flushIntervalMs: intervalMs } = parseSettings(text)
  expect([isOn, intervalMs]).toEqual([enabled, flushIntervalMs])
})

const anySetting = fc.constantFrom<unknown>(true, false, 'false', 0, 1_000, 60_000, 1e9, null)
const anyText = fc.oneof(
  fc.string(),
  fc.json(),
  fc.dictionary(fc.constantFrom('enabled', 'flushIntervalMs', 'x'), anySetting).map((said) => JSON.stringify(said)),
)

it('whatever is said: only false is off, and an interval is one that a timer can have', () => {
  const seen = new Set<boolean>()
  const check = (text: string): void => {
    const { enabled, flushIntervalMs = 1_000 } = parseSettings(text)
    seen.add(enabled)
    expect(enabled).toBe(!/^\{(.*[,{])?"enabled":false[,}]/.test(text.replaceAll(/\s/g, '')))
    expect(flushIntervalMs >= 1_000 && flushIntervalMs <= 86_400_000).toBe(true)
  }
  fc.assert(fc.property(anyText, check), { numRuns: 300 })
  expect(seen.size).toBe(2)
})
