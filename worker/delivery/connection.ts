import type { DestinationHealth } from '../model/aggregator-api.ts'
import { hiddenTexts } from '../schema/hidden-texts.ts'
import type { DestinationSettings } from '../model/destination-settings.ts'
import type { Exporter } from '../model/types.ts'
import { type Books, openBooks } from './tally.ts'
import { createBreaker } from './breaker.ts'
import type { DeliverContext } from './context.ts'
import { type Credentials, readCredentials } from './credentials.ts'
import { createGuard } from './with-breaker.ts'
import { createRetryingSender } from './with-retry.ts'
import { createCarrier, prepare, type Sender } from './send-once.ts'
import { createTrace } from './trace.ts'
import { pickTransport } from './transports/pick.ts'
import type { EngineStatus, PushBooks } from './types.ts'

/** How long one push goes on trying again, ms; at most a flush interval. */
export const RETRY_BUDGET_MS = 15_000

/** The common part of the two kinds of destination: the way to the receiver, and the memory of it. */
export interface Engine {
  readonly exporter: () => Exporter
  /** Goes on with the exporter's fallback, for good. @returns whether there is one */
  readonly useFallback: () => boolean
  readonly health: () => DestinationHealth
  readonly status: () => EngineStatus
  /** Runs one push, alone. Never rejects. */
  readonly push: <R extends Pushed>(work: PushWork<R>) => Promise<R & PushBooks>
}

type Pushed = Pick<PushBooks, 'outcome' | 'refused'>

export interface PushWork<R extends Pushed> {
  readonly run: (send: Sender) => Promise<R>
  /** The answer when there is no push now. */
  readonly skipped: R
  /** The answer when `run` throws. */
  readonly broken: () => R
}

/**
 * Its memory (the circuit, how long the receiver asked to wait, and the version that it speaks) may be lost: after a restart it
 * asks once more.
 */
export function createEngine(asked: Exporter, config: DestinationSettings, context: DeliverContext): Engine {
  const { now, random, sleep } = context
  const { name, kind, enabled } = config
  const transport = pickTransport(config.url, context)
  const hidden = hiddenTexts(config)
  const breaker = createBreaker(now)
  let exporter = asked
  let isPushing = false
  let health: DestinationHealth = { name, state: 'unknown', consecutiveFailures: 0 }
  let lastError: EngineStatus['lastError']

  const failed = (state: 'failing' | 'misconfigured'): void => {
    health = { ...health, state, consecutiveFailures: health.consecutiveFailures + 1 }
  }

  const senderOf = async (credentials: Credentials, books: Books): Promise<Sender> => {
    const redact = (text: string): string =>
      hidden.reduce((left, it) => left.replaceAll(it, '[redacted]'), credentials.redact(text))
    const { probe } = exporter
    const carry = createCarrier({
      transport,
      now,
      // The exporter of the moment: it may change in the middle of a push.
      readAnswer: (answer) => exporter.readAnswer(answer),
      timeoutMs: config.timeoutMs,
      redact,
    })
    const guard = createGuard(carry, {
      breaker,
      books,
      now,
      trace: createTrace({ destination: name, debug: context.config.debug, log: context.log, redact }),
      probe: probe && { request: probe, outgoing: await prepare(probe, credentials), attempt: 1 },
    })
    const deadlineMs = now() + Math.min(RETRY_BUDGET_MS, context.config.flushIntervalMs)
    return createRetryingSender(guard, {
      prepare: (request) =>
        prepare(request, credentials).catch((error: unknown) => {
          books.fail(String(error))
          throw error
        }),
      now,
      random,
      sleep,
      deadlineMs,
    })
  }

  /** With something wrong in the configuration, nothing is sent and everything stays as it is. */
  const open = async (books: Books): Promise<Sender> => {
    const credentials = readCredentials(config.credentials, context.secret)
    if (credentials.ok) return senderOf(credentials.value, books)
    failed('misconfigured')
    books.fail(credentials.error)
    return async () => ({ type: 'retry', detail: credentials.error, inDoubt: false })
  }

  const runOnce = async <R extends Pushed>({ run, broken }: PushWork<R>, books: Books): Promise<R> => {
    try {
      const result = await run(await open(books))
      // An empty snapshot says nothing about the receiver.
      if (books.isEmpty()) return result
      if (result.outcome === 'failed') failed('failing')
      else health = { name, state: 'ok', lastSuccessMs: now(), consecutiveFailures: 0 }
      return result
    } catch (error) {
      failed('failing')
      books.fail(String(error))
      return broken()
    }
  }

  return {
    exporter: () => exporter,
    useFallback: () => {
      if (!exporter.fallback) return false
      exporter = exporter.fallback
      return true
    },
    health: () => health,
    status: () => ({
      ...health,
      kind,
      enabled,
      temporality: exporter.temporality,
      protocol:
        exporter === asked ? asked.protocol : `${exporter.protocol} (the receiver does not speak ${asked.protocol})`,
      circuit: breaker.state(),
      ...(lastError ? { lastError } : {}),
    }),
    push: async (work) => {
      const books = openBooks(name, (detail) => {
        lastError = { timeMs: now(), detail }
      })
      const startedMs = now()
      if (isPushing || breaker.waitMs() > 0) return { ...work.skipped, durationMs: 0, ...books.tally() }
      isPushing = true
      try {
        const result = await runOnce(work, books)
        return { ...result, durationMs: now() - startedMs, ...books.tally() }
      } finally {
        isPushing = false
      }
    },
  }
}
