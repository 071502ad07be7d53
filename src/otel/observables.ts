import type { Attributes as OtelAttributes, Observable } from '@opentelemetry/api'
import { outside } from '../core/outside.ts'
import { canonicalAttributes } from '../protocol/series.ts'
import type { Attributes } from '../protocol/types.ts'
import { toAttributes } from './attributes.ts'

/** Longest that a collection waits for async callbacks, ms. Values that they observe later are still recorded. */
export const CALLBACK_TIMEOUT_MS = 1_000

/** Records an observed value. `key` is equal for equal attributes. */
export type Report = (value: number, attributes: Attributes | undefined, key: string) => void

/** As both kinds of callback see it; those of one instrument do not pass it. */
export type Observe = (observable: Observable, value: number, attributes?: OtelAttributes) => void

export interface Callback {
  /** The user's function: tells callbacks apart. */
  readonly given: unknown
  readonly run: (observe: Observe) => unknown
  readonly observables: ReadonlySet<Observable>
}

export interface Observables {
  readonly create: (report: Report) => Observable
  readonly isOurs: (observable: Observable) => boolean
  readonly add: (callback: Callback) => void
  readonly remove: (callback: Pick<Callback, 'given' | 'observables'>) => void
  /**
   * Calls every callback, outside Angular's zone, and records what it observes, at once where it is not async. Never throws or
   * rejects.
   */
  readonly collect: () => Promise<void>
  readonly clear: () => void
}

type Observation = readonly [value: number, attributes: Attributes | undefined]

/** By instrument, then by attributes: of two values for the same, the last is taken. */
type Observations = Map<Observable, Map<string, Observation>>

export interface ObservablesHooks {
  /** Called when there is a first callback to call; `onNone` when the last one is gone. */
  readonly onFirst: () => void
  readonly onNone: () => void
}

export function createObservables({ onFirst, onNone }: ObservablesHooks): Observables {
  const reports = new WeakMap<Observable, Report>()
  const running = new Set<Callback>()
  let callbacks: readonly Callback[] = []

  const isSame = (a: Pick<Callback, 'given' | 'observables'>) => (b: Callback) =>
    a.given === b.given &&
    a.observables.size === b.observables.size &&
    [...a.observables].every((observable) => b.observables.has(observable))

  const add = (callback: Callback): void => {
    if (!callback.observables.size || callbacks.some(isSame(callback))) return
    callbacks = [...callbacks, callback]
    if (callbacks.length === 1) onFirst()
  }

  const remove: Observables['remove'] = (removed) => {
    const isGone = isSame(removed)
    const before = callbacks.length
    callbacks = callbacks.filter((callback) => !isGone(callback))
    if (before && !callbacks.length) onNone()
  }

  const record = (observations: Observations): void => {
    for (const [observable, values] of observations)
      for (const [key, [value, attributes]] of values) reports.get(observable)?.(value, attributes, key)
  }

  /** Returns a promise where the callback is async. Values that a callback observed before it failed are not recorded. */
  const call = (callback: Callback, merged: Observations): Promise<void> | undefined => {
    // A callback that has not ended yet is not called again.
    if (running.has(callback)) return undefined
    const own: Observations = new Map()
    const observe: Observe = (observable, value, attributes) => {
      if (!callback.observables.has(observable)) return
      const plain = toAttributes(attributes)
      const values = own.get(observable) ?? new Map<string, Observation>()
      own.set(observable, values.set(String(canonicalAttributes(plain)?.flat().join('\n')), [value, plain]))
    }
    try {
      const answer = callback.run(observe) as PromiseLike<unknown> | undefined
      if (typeof answer?.then === 'function') {
        running.add(callback)
        return Promise.resolve(answer)
          .then(() => record(own))
          .catch(() => {})
          .finally(() => running.delete(callback))
      }
      for (const [observable, values] of own)
        merged.set(observable, new Map([...(merged.get(observable) ?? []), ...values]))
    } catch {
      // A callback is the user's code. It is called again the next time.
    }
    return undefined
  }

  const collect = async (): Promise<void> => {
    const merged: Observations = new Map()
    const later = callbacks.map((callback) => call(callback, merged)).filter((answer) => answer !== undefined)
    record(merged)
    if (!later.length) return
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, CALLBACK_TIMEOUT_MS)
      void Promise.all(later)
        .then(resolve)
        .finally(() => clearTimeout(timer))
    })
  }

  return {
    create: (report) => {
      const observables = new Set<Observable>()
      const observable: Observable = {
        addCallback: (given) =>
          add({
            given,
            run: (observe) => given({ observe: (value, attributes) => observe(observable, value, attributes) }),
            observables,
          }),
        removeCallback: (given) => remove({ given, observables }),
      }
      observables.add(observable)
      reports.set(observable, report)
      return observable
    },
    isOurs: (observable) => reports.has(observable),
    add,
    remove,
    collect: () => outside(collect),
    clear: () => {
      if (callbacks.length) onNone()
      callbacks = []
    },
  }
}
