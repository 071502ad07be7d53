import { DurableObject } from 'cloudflare:workers'
import { ok, type Result } from '../../src/protocol/result.ts'
import { defaultConfig } from '../config/default-config.ts'
import type { Env } from '../config/env.ts'
import type { Config } from '../config/types.ts'
import type { DeliverContext } from '../delivery/context.ts'
import { readWithKinds } from '../config/read-config.ts'
import { DESTINATIONS } from '../destinations/kinds.ts'
import { createEffectiveConfigs, type EffectiveConfig, type EffectiveConfigs } from '../flush/effective-config.ts'
import { createFlusher, gaugeCount, type Flusher } from '../flush/flush.ts'
import { overallHealth } from '../flush/overall-health.ts'
import { statusOf } from '../flush/status.ts'
import { logError } from '../log.ts'
import type {
  AggregatorApi,
  AggregatorHealth,
  AggregatorStatus,
  ConfigReport,
  DeadLetter,
} from '../model/aggregator-api.ts'
import type { DestinationDefinition } from '../model/destination-definition.ts'
import type { KeptFile } from '../model/script-file.ts'
import { counterKey } from '../model/self-counts.ts'
import type { AdmittedBatch, SeriesKey, Snapshot } from '../model/types.ts'
import type { State } from '../state/state.ts'
import { createCommitLog, type CommitLog } from '../storage/commit-log.ts'
import { createCommitWindow } from '../storage/commit-window.ts'
import { joinBatches } from '../storage/join-batches.ts'
import { restoreState } from '../storage/restore.ts'
import { openScriptStore, type ScriptStore } from '../storage/script-store.ts'
import { openStore } from '../storage/store.ts'
import { createAlarmClock, type AlarmClock } from './alarm-clock.ts'
import { deliverContext } from './deliver-context.ts'
import { scheduleIn } from './schedule-in.ts'

/**
 * Adds batches up, each identity once, on durable storage, and pushes the totals at every interval.
 * This is only the shell, which gives clock, storage, timers and fetch to the other rooms.
 */
export class Aggregator extends DurableObject<Env> implements AggregatorApi {
  /** The kinds of destinations that a configuration may have. A subclass may have more: see `createWorker`. */
  static readonly kinds: readonly DestinationDefinition[] = DESTINATIONS

  readonly #state: State
  readonly #log: CommitLog
  readonly #configs: EffectiveConfigs
  readonly #flusher: Flusher
  readonly #alarm: AlarmClock
  readonly #scripts: ScriptStore
  /** Parts of the configuration that do not hold. The object takes beacons nevertheless. */
  readonly #refused = new Set<string>()

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const { kinds } = new.target
    const read = readWithKinds(env, kinds)
    const config = read.ok ? read.value : defaultConfig
    if (!read.ok) this.#refuse('configuration', read.error)
    const store = openStore(ctx.storage)
    this.#state = restoreState(store, {
      limits: config.limits,
      gauges: gaugeCount(config.destinations.length),
      seed: crypto.getRandomValues(new Uint32Array(1))[0]!,
    })
    const contextFor = (it: Config): DeliverContext => deliverContext(env, it, kinds)
    const ports = { state: this.#state, now: Date.now, schedule: scheduleIn(ctx), onError: logError }
    this.#log = createCommitLog({ ...ports, store, window: createCommitWindow() })
    this.#configs = createEffectiveConfigs({ deployed: config, kinds, contextFor })
    this.#flusher = createFlusher({ ...ports, setup: () => this.#configs.current().setup, log: this.#log })
    this.#alarm = createAlarmClock({
      storage: ctx.storage,
      now: Date.now,
      intervalMs: () => {
        if (this.#state.totals.size() === 0) return undefined
        const { groups, config: now } = this.#configs.current().setup
        return groups.length > 0 ? now.flushIntervalMs : now.staleAfterMs
      },
    })
    this.#scripts = openScriptStore(ctx.storage)
    this.#begin()
  }

  async ingest(batches: readonly AdmittedBatch[]): Promise<string | undefined> {
    await joinBatches(batches, this.#state, this.#log)
    await this.#watchAlarm()
    // Read last, because the settings may have changed during the commit.
    return this.#configs.current().pageSettings
  }

  async countRefused(reason: string): Promise<void> {
    this.#log.counts.count(counterKey('pharos.beacons', [['outcome', `refused_${reason}`]]))
    this.#log.countsChanged()
    await this.#watchAlarm()
  }

  async snapshot(): Promise<Snapshot> {
    this.#commitCounts()
    await this.#watchAlarm()
    return this.#flusher.snapshot()
  }

  async health(): Promise<AggregatorHealth> {
    await this.#watchAlarm()
    return overallHealth(this.#configs.current(), [...this.#refused])
  }

  async status(): Promise<AggregatorStatus> {
    this.#commitCounts()
    await this.#watchAlarm()
    return statusOf(this.#configs.current().setup, this.#state, Date.now())
  }

  async config(): Promise<ConfigReport> {
    return this.#configs.current().report()
  }

  async setOverride(override: unknown): Promise<Result<ConfigReport, readonly string[]>> {
    const next = this.#configs.change(override)
    return next.ok ? ok(await this.#useConfig(next.value, override)) : next
  }

  async resetOverride(): Promise<ConfigReport> {
    return this.#useConfig(this.#configs.restore(undefined), null)
  }

  async deadLetters(destination?: string): Promise<readonly DeadLetter[]> {
    return this.#flusher.deadLetters.list(destination)
  }

  async replayDeadLetters(destination: string, keys?: readonly SeriesKey[]): Promise<number> {
    return this.#flusher.deadLetters.replay(destination, keys)
  }

  async dropDeadLetters(destination: string, keys?: readonly SeriesKey[]): Promise<number> {
    return this.#flusher.deadLetters.discard(destination, keys)
  }

  async scriptPaths(served: readonly string[]): Promise<readonly string[]> {
    return this.#scripts.paths(served, Date.now())
  }

  async keepScript(build: readonly string[], files: readonly KeptFile[]): Promise<void> {
    this.#scripts.keep(build, files, Date.now())
  }

  async scriptFile(path: string): Promise<KeptFile | undefined> {
    return this.#scripts.read(path)
  }

  override async alarm(): Promise<void> {
    await this.#alarm.rearm().catch((error: unknown) => {
      logError('the alarm could not be set again', error)
    })
    await this.#flusher.flush().catch((error: unknown) => {
      logError('flush failed', error)
    })
  }

  #refuse(part: string, mistakes: readonly string[]): void {
    this.#refused.add(part)
    logError(`the ${part} does not hold`, mistakes.join('; '))
  }

  /** Before anything is counted, restores the runtime configuration, and opens backlogs for the destinations it has. */
  #begin(): void {
    this.#configs.use(this.#configs.restore(this.#state.override()))
    const { mistakes } = this.#configs.current().resolved
    if (mistakes.length > 0) this.#refuse(OVERRIDE, mistakes)
    try {
      this.#flusher.syncDestinations()
    } catch (error) {
      // The same storage would refuse beacons, so nothing is missed. The next flush tries again.
      logError('the backlogs of delta destinations are not open yet', error)
    }
  }

  async #useConfig(next: EffectiveConfig, override: unknown): Promise<ConfigReport> {
    this.#log.commit([{ type: 'override', override }])
    this.#configs.use(next)
    this.#refused.delete(OVERRIDE)
    this.#flusher.syncDestinations()
    // The alarm that is set may be an old interval away.
    await this.#alarm.rearm()
    return next.report()
  }

  #commitCounts(): void {
    if (this.#log.counts.deltas.size > 0) this.#log.commit()
  }

  // The request succeeded, and a failure here must not make a client ask again.
  async #watchAlarm(): Promise<void> {
    await this.#alarm.watch()?.catch((error: unknown) => {
      logError('the alarm could not be checked', error)
    })
  }
}

/** The name in `/health` of a runtime configuration that no longer fits the deployed one. */
const OVERRIDE = 'runtime_configuration'
