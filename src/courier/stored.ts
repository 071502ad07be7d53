import type { EntryKey } from '../core/entry.ts'
import type { Entry } from '../core/types.ts'
import { idOf } from './id.ts'
import { RETRY_AFTER_CAP_MS } from '../protocol/backoff.ts'
import { IDLE, type SendState } from '../protocol/send-state.ts'

export interface Stored {
  readonly entries: readonly Entry[]
  /** Keys of values that are no entries of any release. They are to be deleted. */
  readonly junk: readonly IDBValidKey[]
}

const isNumber = (value: unknown): boolean => Number.isFinite(value)

const isEntry = (value: Partial<Entry>, key: EntryKey): value is Entry =>
  value.v === 1 &&
  typeof value.text === 'string' &&
  [value.records, value.bytes].every(isNumber) &&
  Object.entries(value.drops!).every(([reason, calls]) => /^\w+$/.test(reason) && isNumber(calls)) &&
  // oxlint-disable-next-line no-base-to-string -- a list: those of an outbox are
  idOf(value as Entry) === String(key)

/** Tells entries from junk. Values of a newer release are neither, and stay. */
export function checkStored(keys: readonly IDBValidKey[], values: readonly unknown[]): Stored {
  const entries: Entry[] = []
  const junk: IDBValidKey[] = []
  values.forEach((value, index) => {
    const key = keys[index] as EntryKey
    try {
      const entry = value as Partial<Entry>
      if (isEntry(entry, key)) entries.push(entry)
      else if (!(entry.v! > 1)) junk.push(key)
    } catch {
      junk.push(key)
    }
  })
  return { entries, junk }
}

/** The state that the pages of an endpoint share; IDLE if no page would write such a value: a wait of years would stop every page. */
export const checkState = (value: unknown): SendState => {
  const state = value as SendState | undefined
  return state &&
    [state.leasedMs, state.failures, state.failedMs].every(isNumber) &&
    state.waitMs <= RETRY_AFTER_CAP_MS &&
    typeof (state.settings ?? '') === 'string'
    ? state
    : IDLE
}
