import { DurableObject } from 'cloudflare:workers'
import { defaultConfig } from '../config/default-config.ts'
import type { Env } from '../config/env.ts'
import { readWithKinds } from '../config/read-config.ts'
import { DESTINATIONS } from '../destinations/kinds.ts'
import { logError } from '../log.ts'
import { counterKey } from '../model/self-counts.ts'
import type { KeptFile } from '../model/script-file.ts'
import type { DestinationDefinition } from '../model/destination-definition.ts'
import type { AdmittedBatch, SeriesKey, Snapshot } from '../model/types.ts'
import { joinBatches } from '../storage/join-batches.ts'
import { createAlarmClock, type AlarmClock } from './alarm-clock.ts'
import { createCommitLog, type CommitLog } from '../storage/commit-log.ts'
import { createCommitWindow } from '../storage/commit-window.ts'
import type { DeadLetterOffice } from '../flush/dead-letter-admin.ts'
import { createExportSettings, type ExportSettings } from '../flush/export-settings.ts'
import { createExports, gaugeCount, type Exports } from '../flush/flush.ts'
import type { Ledger } from '../state/state.ts'
import { restoreLedger } from '../storage/restore.ts'
import { deliverContext } from './deliver-context.ts'
import { scheduleIn } from './schedule-in.ts'
import { openScriptStore, type ScriptStore } from '../storage/script-store.ts'
import { statusOf } from '../flush/status.ts'
import { openStore } from '../storage/store.ts'
import type { AggregatorApi, AggregatorStatus, DeadLetter, DestinationHealth } from '../model/aggregator-api.ts'

/**
 * Adds batches up, each identity once, on durable storage, and pushes the totals at every interval.
 * Only the shell: clock, storage, timers and fetch are handed to the files beside it.
 */
export class Aggregator extends DurableObject<Env> implements AggregatorApi {
  /** The kinds of destinations that a configuration may have. A subclass may have more: see `createWorker`. */
  static readonly kinds: readonly DestinationDefinition[] = DESTINATIONS

  readonly #ledger: Ledger
  readonly #log: CommitLog
  readonly #settings: ExportSettings
  readonly #exports: Exports
  readonly #letters: DeadLetterOffice
  readonly #alarm: AlarmClock
  readonly #scripts: ScriptStore
  /** Refused parts of the configuration; the object takes beacons nevertheless. */
  readonly #misconfigured: string[] = []

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const { kinds } = new.target
    const read = readWithKinds(env, kinds)
    const config = read.ok ? read.value : defaultConfig
    if (!read.ok) this.#misconfigured.push('configuration')
    const store = openStore(ctx.storage)
    this.#ledger = restoreLedger(store, {
      limits: config.limits,
      gauges: gaugeCount(config.destinations.length),
      seed: crypto.getRandomValues(new Uint32Array(1))[0]!,
    })
    const ports = { ledger: this.#ledger, now: Date.now, schedule: scheduleIn(ctx), onError: logError }
    this.#log = createCommitLog({ ...ports, store, window: createCommitWindow() })
    this.#settings = createExportSettings({
      deployed: config,
      kinds,
      contextFor: (it) => deliverContext(env, it, kinds),
    })
    this.#exports = createExports({ ...ports, setup: this.#settings.current, log: this.#log })
    this.#letters = this.#exports.letters
    this.#alarm = createAlarmClock({
      storage: ctx.storage,
      now: Date.now,
      intervalMs: () => {
        if (this.#ledger.totals.size() === 0) return undefined
        const { groups, config: now } = this.#settings.current()
        return groups.length > 0 ? now.flushIntervalMs : now.staleAfterMs
      },
    })
    this.#scripts = openScriptStore(ctx.storage)
    this.#begin()
  }

  async ingest(batches: readonly AdmittedBatch[]): Promise<string | undefined> {
    await joinBatches(batches, this.#ledger, this.#log)
    await this.#watchAlarm()
    // Last: what came into force while this waited is told already.
    return this.#settings.pageSettings()
  }

  async countRefused(reason: string): Promise<void> {
    this.#log.counts.count(counterKey('pharos.beacons', [['outcome', `refused_${reason}`]]))
    this.#log.countsChanged()
    await this.#watchAlarm()
  }

  async snapshot(): Promise<Snapshot> {
    this.#commitCounts()
    await this.#watchAlarm()
    return this.#exports.snapshot()
  }

  async health(): Promise<readonly DestinationHealth[]> {
    await this.#watchAlarm()
    const state = 'misconfigured'
    const mistakes = this.#misconfigured.map((name) => ({ name, state, consecutiveFailures: 0 }) as const)
    const { destinations, groups } = this.#settings.current()
    const enabled = new Set(groups.flatMap((group) => group.destinations))
    return [...mistakes, ...destinations.filter(({ name }) => enabled.has(name)).map((one) => one.health())]
  }

  async status(): Promise<AggregatorStatus> {
    this.#commitCounts()
    await this.#watchAlarm()
    return statusOf(this.#settings.current(), this.#ledger, Date.now())
  }

  async override(): Promise<unknown> {
    return this.#ledger.override()
  }

  async setOverride(override: unknown): Promise<readonly string[]> {
    const before = this.#ledger.override()
    const mistakes = this.#settings.apply(override)
    if (mistakes.length > 0) return mistakes
    try {
      this.#log.commit([['override', override ?? null]])
    } catch (error) {
      this.#settings.apply(before)
      throw error
    }
    this.#misconfigured.splice(0, Infinity, ...this.#misconfigured.filter((name) => name !== OVERRIDE))
    this.#exports.attend()
    // The alarm that is set may be an old interval away.
    await this.#alarm.rearm()
    return []
  }

  async deadLetters(destination?: string): Promise<readonly DeadLetter[]> {
    return this.#letters.list(destination)
  }

  async replayDeadLetters(destination: string, keys?: readonly SeriesKey[]): Promise<number> {
    return this.#letters.replay(destination, keys)
  }

  async dropDeadLetters(destination: string, keys?: readonly SeriesKey[]): Promise<number> {
    return this.#letters.giveUp(destination, keys)
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
      logError('alarm was not set again', error)
    })
    await this.#exports.flush().catch((error: unknown) => {
      logError('flush failed', error)
    })
  }

  /** Before anything is counted: what was set at run time, and the destinations it is to be counted for. */
  #begin(): void {
    const mistakes = this.#settings.apply(this.#ledger.override())
    if (mistakes.length > 0) {
      this.#misconfigured.push(OVERRIDE)
      logError('the runtime configuration does not fit any more', mistakes.join('; '))
    }
    try {
      this.#exports.attend()
    } catch (error) {
      // Beacons would be refused by the same storage; the next flush tries again.
      logError('delta destinations are not counted for yet', error)
    }
  }

  #commitCounts(): void {
    if (this.#log.counts.deltas.size > 0) this.#log.commit()
  }

  // The request is done: a failure here must not make a client ask again.
  async #watchAlarm(): Promise<void> {
    await this.#alarm.watch()?.catch((error: unknown) => {
      logError('alarm was not looked at', error)
    })
  }
}

/** As `/health` names a runtime configuration that no longer fits the deployed one. */
const OVERRIDE = 'runtime_configuration'
