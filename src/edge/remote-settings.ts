import { isInterval } from './options.ts'

/** The settings of the worker that are for servers (docs/PROTOCOL.md). */
export interface RemoteSettings {
  readonly enabled: boolean
  readonly flushIntervalMs?: number | undefined
}

/** Never throws. Ignores values that are not valid. @param text null for none */
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
