// Pure: no I/O, no clock, no randomness.
import { isInterval } from './options.ts'

/** What the worker asks of its clients, as far as it is for servers (docs/PROTOCOL.md). */
export interface RemoteSettings {
  readonly enabled: boolean
  readonly flushIntervalMs?: number | undefined
}

/** Never throws; what is not valid is as if it was not said. @param text null for nothing */
export function parseSettings(text: string | null): RemoteSettings {
  try {
    const { enabled, flushIntervalMs } = JSON.parse(text!) as Readonly<Record<string, unknown>>
    return {
      enabled: enabled !== false,
      flushIntervalMs: isInterval(1_000)(flushIntervalMs) ? flushIntervalMs : undefined,
    }
  } catch {
    return { enabled: true }
  }
}
