import { resolveOverride } from '../config/override.ts'
import type { Config, DestinationGroup, PageSettings } from '../config/types.ts'
import type { DeliverContext } from '../delivery/context.ts'
import { createDestination } from '../delivery/destination.ts'
import type { DestinationDefinition } from '../model/destination-definition.ts'
import { groupsOf } from './groups.ts'
import type { Destination } from '../delivery/types.ts'

/** The setup of a flush. Each flush reads it again, so a change holds from the next one on. */
export interface ExportSetup {
  readonly config: Config
  /** Every destination, also those that are switched off. */
  readonly destinations: readonly Destination[]
  /** Of those that are switched on. */
  readonly groups: readonly DestinationGroup[]
}

export interface ExportSettings {
  readonly current: () => ExportSetup
  /** The header `pharos-settings` of an acknowledgement; undefined where pages are told nothing. */
  readonly pageSettings: () => string | undefined
  /**
   * Goes over to the deployed configuration with `override` on top, undefined for none. A destination that stays as it is keeps
   * its circuit. @returns every mistake; then nothing has changed
   */
  readonly apply: (override: unknown) => readonly string[]
}

export interface ExportSettingsOptions {
  readonly deployed: Config
  readonly kinds: readonly DestinationDefinition[]
  readonly contextFor: (config: Config) => DeliverContext
}

export function createExportSettings({ deployed, kinds, contextFor }: ExportSettingsOptions): ExportSettings {
  const build = (config: Config, before: ExportSetup | undefined): ExportSetup => {
    const context = contextFor(config)
    const { debug, flushIntervalMs } = config
    const isSame = before?.config.debug === debug && before.config.flushIntervalMs === flushIntervalMs
    const known = new Map(isSame ? before.config.destinations.map((one, i) => [JSON.stringify(one), i]) : [])
    const destinations = config.destinations.map((one) => {
      const place = known.get(JSON.stringify(one))
      return place === undefined ? createDestination(one, context) : before!.destinations[place]!
    })
    return { config, destinations, groups: groupsOf(config) }
  }

  let setup = build(deployed, undefined)
  // Once for each configuration, not for each beacon.
  let pageSettings = textOf(deployed.page)
  return {
    current: () => setup,
    pageSettings: () => pageSettings,
    apply: (override) => {
      const { effective, mistakes } = resolveOverride(deployed, override, kinds)
      if (mistakes.length > 0) return mistakes
      setup = build(effective, setup)
      pageSettings = textOf(effective.page)
      return []
    },
  }
}

const textOf = (page: PageSettings): string | undefined =>
  Object.keys(page).length > 0 ? JSON.stringify(page) : undefined
