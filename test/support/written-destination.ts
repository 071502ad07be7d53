import type { DestinationSettings } from '../../worker/model/destination-settings.ts'
import { readConfig } from '../../worker/config/read-config.ts'

/** What one destination becomes; fails with its mistakes. */
export function readDestination(written: unknown): DestinationSettings {
  const result = readConfig({ PHAROS: { destinations: [written] } })
  if (!result.ok) throw new Error(result.error.join('\n'))
  return result.value.destinations[0]!
}

/** What is wrong with one destination. */
export function mistakesOf(written: unknown): readonly string[] {
  const result = readConfig({ PHAROS: { destinations: [written] } })
  return result.ok ? [] : result.error
}
