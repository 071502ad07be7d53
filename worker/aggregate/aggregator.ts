import { DurableObject } from 'cloudflare:workers'
import { defaultConfig } from '../config/default-config.ts'
import type { Env } from '../config/env.ts'
import { readConfig } from '../config/read-config.ts'
import { createDestination } from '../deliver/destination.ts'
import { logError } from '../log.ts'
import { counterKey } from '../self/self-counts.ts'
import type { AggregatorApi, DestinationHealth } from './types.ts'
import type { Config } from '../config/types.ts'
import type { AdmittedBatch, Snapshot } from '../types.ts'
import { joinBatches } from './admission.ts'
import { createAlarmClock, type AlarmClock } from './alarm-clock.ts'
import { createCommitLog, type CommitLog } from './commit-log.ts'
import { createCommitWindow } from './commit-window.ts'
import { createExports, gaugeCount, type Exports } from './exports.ts'
import type { Ledger } from './ledger.ts'
import { restoreLedger } from './restore.ts'
import { openStore } from './store.ts'

/**
 * Adds batches up, each identity once, on durable storage, and pushes the totals at every interval.
 * Only the shell: clock, storage, timers and fetch are handed to the files beside it.
 */
export class Aggregator extends DurableObject<Env> implements AggregatorApi {
  readonly #ledger: Ledger
  readonly #log: CommitLog
  readonly #exports: Exports
  readonly #alarm: AlarmClock
  /** Why the configuration was refused; beacons are taken all the same. */
  readonly #mistakes: readonly string[]

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const read = readConfig(env)
    const config = read.ok ? read.value : defaultConfig
    this.#mistakes = read.ok ? [] : read.error
    const store = openStore(ctx.storage)
    this.#ledger = restoreLedger(store, {
      limits: config.limits,
      gauges: gaugeCount(config.destinations.length),
      seed: crypto.getRandomValues(new Uint32Array(1))[0]!,
    })
    const ports = { ledger: this.#ledger, now: Date.now, schedule: scheduleIn(ctx), onError: logError }
    this.#log = createCommitLog({ ...ports, store, window: createCommitWindow() })
    const destinations = config.destinations.map((it) => createDestination(it, destinationContext(env, config)))
    this.#exports = createExports({ ...ports, config, destinations, log: this.#log })
    this.#alarm = createAlarmClock({
      storage: ctx.storage,
      now: Date.now,
      intervalMs: () => {
        if (this.#ledger.totals.size() === 0) return undefined
        return destinations.length > 0 ? config.flushIntervalMs : config.staleAfterMs
      },
    })
  }

  async ingest(batches: readonly AdmittedBatch[]): Promise<void> {
    await joinBatches(batches, this.#ledger, this.#log)
    await this.#watchAlarm()
  }

  async countRefused(reason: string): Promise<void> {
    this.#log.counts.count(counterKey('pharos.beacons', [['outcome', `refused_${reason}`]]))
    this.#log.countsChanged()
    await this.#watchAlarm()
  }

  async snapshot(): Promise<Snapshot> {
    if (this.#log.counts.deltas.size > 0) this.#log.commit()
    await this.#watchAlarm()
    return this.#exports.snapshot()
  }

  async health(): Promise<readonly DestinationHealth[]> {
    await this.#watchAlarm()
    if (this.#mistakes.length === 0) return this.#exports.health()
    return [{ name: 'configuration', state: 'misconfigured', consecutiveFailures: 0 }]
  }

  override async alarm(): Promise<void> {
    await this.#alarm.rearm().catch((error: unknown) => {
      logError('alarm was not set again', error)
    })
    await this.#exports.flush().catch((error: unknown) => {
      logError('flush failed', error)
    })
  }

  // What was asked for is done: a failure here must not make a client ask again.
  async #watchAlarm(): Promise<void> {
    await this.#alarm.watch()?.catch((error: unknown) => {
      logError('alarm was not looked at', error)
    })
  }
}

/** Timers. What one wrote, no request may be waiting for, so the object is told to: it could be put to sleep before. */
const scheduleIn =
  (ctx: DurableObjectState) =>
  (callback: () => void, delayMs: number): (() => void) => {
    const timer = setTimeout(() => {
      callback()
      ctx.waitUntil(ctx.storage.sync())
    }, delayMs)
    return () => {
      clearTimeout(timer)
    }
  }

const destinationContext = (env: Env, config: Config): Parameters<typeof createDestination>[1] => ({
  fetch: (input, init) => fetch(input, init),
  now: Date.now,
  random: Math.random,
  sleep: (delayMs) => scheduler.wait(delayMs),
  secret: (name) => {
    const value = env[name]
    return typeof value === 'string' ? value : undefined
  },
  config,
})
