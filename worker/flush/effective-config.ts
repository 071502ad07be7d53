import { ok, type Result } from '../../src/protocol/result.ts'
import { applyOverride, parseOverride, resolveOverride, type ResolvedConfig } from '../config/override.ts'
import type { Config, DestinationGroup, PageSettings } from '../config/types.ts'
import { type ConfigView, viewConfig } from '../config/view.ts'
import type { DeliverContext } from '../delivery/context.ts'
import type { Destination } from '../delivery/destination-api.ts'
import { createDestination } from '../delivery/destination.ts'
import type { ConfigReport } from '../model/aggregator-api.ts'
import type { DestinationDefinition } from '../model/destination-definition.ts'
import { groupsOf } from './destination-groups.ts'

/** The setup of a flush. Each flush reads it again, so a change holds from the next one on. */
export interface FlushSetup {
  readonly config: Config
  /** Every destination, also those that are switched off. */
  readonly destinations: readonly Destination[]
  /** Of those that are switched on. */
  readonly groups: readonly DestinationGroup[]
}

/** Everything that follows from the deployed configuration and one runtime configuration. */
export interface EffectiveConfig {
  readonly resolved: ResolvedConfig
  readonly setup: FlushSetup
  /** The answer of `GET /v1/config`. */
  readonly report: () => ConfigReport
  /** The header `pharos-settings` of an acknowledgement; undefined where pages are told nothing. */
  readonly pageSettings: string | undefined
}

export interface EffectiveConfigs {
  readonly current: () => EffectiveConfig
  /**
   * The effective configuration with `override` over the deployed one. A destination that stays as it is keeps its
   * circuit. Nothing changes before `use`. @returns every mistake otherwise
   */
  readonly change: (override: unknown) => Result<EffectiveConfig, readonly string[]>
  /** The same for an override that was stored, undefined for none. If it does not fit any more, the deployed configuration holds. */
  readonly restore: (stored: unknown) => EffectiveConfig
  readonly use: (next: EffectiveConfig) => void
}

export interface EffectiveConfigOptions {
  readonly deployed: Config
  readonly kinds: readonly DestinationDefinition[]
  readonly contextFor: (config: Config) => DeliverContext
}

export function createEffectiveConfigs({ deployed, kinds, contextFor }: EffectiveConfigOptions): EffectiveConfigs {
  const build = (resolved: ResolvedConfig, before: FlushSetup | undefined): EffectiveConfig => {
    const config = resolved.effective
    const context = contextFor(config)
    const { debug, flushIntervalMs } = config
    const isSame = before?.config.debug === debug && before.config.flushIntervalMs === flushIntervalMs
    const known = new Map(isSame ? before.config.destinations.map((one, i) => [JSON.stringify(one), i]) : [])
    const destinations = config.destinations.map((one) => {
      const index = known.get(JSON.stringify(one))
      return index === undefined ? createDestination(one, context) : before!.destinations[index]!
    })
    // The text is made once for each configuration, and not for each beacon.
    return {
      resolved,
      setup: { config, destinations, groups: groupsOf(config) },
      report: () => plain(viewConfig(resolved, kinds)),
      pageSettings: textOf(config.page),
    }
  }

  let current = build({ effective: deployed, override: undefined, mistakes: [] }, undefined)
  return {
    current: () => current,
    change: (json) => {
      const override = parseOverride(json)
      if (!override.ok) return override
      const effective = applyOverride(deployed, override.value, kinds)
      if (!effective.ok) return effective
      return ok(build({ effective: effective.value, override: override.value, mistakes: [] }, current.setup))
    },
    restore: (stored) => build(resolveOverride(deployed, stored, kinds), current.setup),
    use: (next) => {
      current = next
    },
  }
}

// RPC refuses objects without a prototype, which the metrics of a configuration are
// (https://developers.cloudflare.com/workers/runtime-apis/rpc/#structured-clonable-types-and-more).
const plain = (view: ConfigView): ConfigReport => JSON.parse(JSON.stringify(view)) as ConfigReport

const textOf = (page: PageSettings): string | undefined =>
  Object.keys(page).length > 0 ? JSON.stringify(page) : undefined
