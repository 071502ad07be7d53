import type { Verbs } from '../../../src/otel/meter.ts'
import type { Attributes } from '../../../src/protocol/types.ts'

/** What a beacon was told: the name and the attributes as text, and the values in order. */
export interface FakeBeacon extends Verbs {
  readonly flush: () => Promise<void>
  readonly increments: () => Record<string, readonly number[]>
  readonly observations: () => Record<string, readonly number[]>
  readonly flushes: () => number
  readonly forget: () => void
}

export function createFakeBeacon(): FakeBeacon {
  const [increments, observations] = [new Map<string, number[]>(), new Map<string, number[]>()]
  let flushes = 0
  const writer =
    (into: Map<string, number[]>) =>
    (name: string, value = 1, attributes?: Attributes): void => {
      const key = attributes === undefined ? name : name + JSON.stringify(attributes)
      into.set(key, [...(into.get(key) ?? []), value])
    }
  return {
    increment: writer(increments),
    observe: writer(observations),
    flush: async () => void flushes++,
    increments: () => Object.fromEntries(increments),
    observations: () => Object.fromEntries(observations),
    flushes: () => flushes,
    forget: () => {
      increments.clear()
      observations.clear()
    },
  }
}
