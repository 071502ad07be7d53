import { createExporter } from '../export/index.ts'
import type { DestinationHealth } from '../aggregate/types.ts'
import type { DestinationConfig } from '../config/types.ts'
import type { SeriesKey, Snapshot } from '../types.ts'
import { afterFailure, CLOSED } from './circuit.ts'
import type { DeliverContext } from './context.ts'
import { readBearerToken } from './credentials.ts'
import { describe } from './outcome.ts'
import { pushSnapshot } from './push-snapshot.ts'
import { createRetryingSender } from './retry.ts'
import { createSender, type Sender } from './sender.ts'

/** How long one push goes on trying again, ms; at most a flush interval. */
export const RETRY_BUDGET_MS = 15_000

export interface Destination {
  readonly name: string
  /** Pushes one snapshot: zeros, then `onZerosSettled`, then values. Never rejects. */
  readonly push: (
    snapshot: Snapshot,
    onZerosSettled: (keys: readonly SeriesKey[]) => Promise<void>,
  ) => Promise<PushReport>
  readonly health: () => DestinationHealth
}

export interface PushReport {
  /** 'partly' when some of it was accepted, 'skipped' when it is too early after a failure or another push still runs. */
  readonly outcome: 'accepted' | 'partly' | 'failed' | 'skipped'
  /** Ending series this destination is done with: the stale marker was accepted, or refused for that series alone. */
  readonly ended: readonly SeriesKey[]
  readonly durationMs: number
  /** Requests sent, every try counted, by outcome: accepted, retry, refused. */
  readonly requests: Readonly<Record<string, number>>
  /** The last failure in this push, for the operator's log; never holds a secret. */
  readonly error?: string
}

/**
 * One place totals are pushed to, with at most one request in flight. What it remembers, the circuit and the receiver's wish to be
 * left alone, may be lost: after a restart it asks a receiver that is down once more.
 */
export function createDestination(config: DestinationConfig, context: DeliverContext): Destination {
  const { now, random, sleep, fetch, secret } = context
  const exporter = createExporter(config, context.config)
  const { name } = config
  let circuit = CLOSED
  let resumeMs = 0
  let isPushing = false
  let health: DestinationHealth = { name, state: 'unknown', consecutiveFailures: 0 }

  const waitMs = (): number => Math.max(circuit.openUntilMs, resumeMs) - now()

  const settle = (outcome: PushReport['outcome']): void => {
    health =
      outcome === 'failed'
        ? { ...health, state: 'failing', consecutiveFailures: health.consecutiveFailures + 1 }
        : { name, state: 'ok', lastSuccessMs: now(), consecutiveFailures: 0 }
  }

  /** Sends unless the circuit is open, and keeps the books. */
  const guard =
    (send: Sender, books: { requests: Record<string, number>; error?: string }): Sender =>
    async (request) => {
      if (waitMs() > 0) return { type: 'retry', afterMs: waitMs(), detail: 'circuit open' }
      const outcome = await send(request)
      books.requests[outcome.type] = (books.requests[outcome.type] ?? 0) + 1
      const error = describe(outcome)
      if (error !== undefined) books.error = `destination "${name}": ${error}`
      circuit = outcome.type === 'retry' ? afterFailure(circuit, now()) : CLOSED
      if (outcome.type === 'retry' && outcome.afterMs !== undefined) resumeMs = now() + outcome.afterMs
      return outcome
    }

  const run = async (
    snapshot: Snapshot,
    onZerosSettled: (keys: readonly SeriesKey[]) => Promise<void>,
  ): Promise<Omit<PushReport, 'durationMs'>> => {
    const token = readBearerToken(config, secret)
    if (!token.ok) {
      health = { ...health, state: 'misconfigured', consecutiveFailures: health.consecutiveFailures + 1 }
      return { outcome: 'failed', ended: [], requests: {}, error: token.error }
    }
    const books: { requests: Record<string, number>; error?: string } = { requests: {} }
    const sender = createSender({
      fetch,
      now,
      outcome: exporter.outcome,
      timeoutMs: config.timeoutMs,
      bearerToken: token.value,
    })
    const deadlineMs = now() + Math.min(RETRY_BUDGET_MS, context.config.flushIntervalMs)
    const send = createRetryingSender(guard(sender, books), { now, random, sleep, deadlineMs })
    try {
      const result = await pushSnapshot(snapshot, { exporter, send, onZerosSettled })
      // An empty snapshot says nothing about the receiver.
      if (Object.keys(books.requests).length > 0) settle(result.outcome)
      return { ...result, ...books }
    } catch (error) {
      settle('failed')
      books.error = `destination "${name}": ${String(error)}`
      return { outcome: 'failed', ended: [], ...books }
    }
  }

  return {
    name,
    health: () => health,
    push: async (snapshot, onZerosSettled) => {
      const startedMs = now()
      if (isPushing || waitMs() > 0) return { outcome: 'skipped', ended: [], durationMs: 0, requests: {} }
      isPushing = true
      try {
        return { ...(await run(snapshot, onZerosSettled)), durationMs: now() - startedMs }
      } finally {
        isPushing = false
      }
    },
  }
}
