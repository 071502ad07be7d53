import type { DestinationSettings } from '../model/destination-settings.ts'
import type { DestinationHealth } from '../model/aggregator-api.ts'
import type { Exporter } from '../model/types.ts'
import { hiddenTexts } from '../schema/hidden-texts.ts'
import { createBreaker } from './breaker.ts'
import type { DeliverContext } from './context.ts'
import { type Credentials, readCredentials } from './credentials.ts'
import type { PushOutcome } from './delivery.ts'
import type { ConnectionStatus } from './destination-api.ts'
import type { Failure } from './outcome.ts'
import { createSendOnce, prepare, type Send } from './send-once.ts'
import { createTally, type PushTally, type Tally } from './tally.ts'
import { createTrace } from './trace.ts'
import { pickTransport } from './transports/pick.ts'
import { withBreaker } from './with-breaker.ts'
import { withRetry } from './with-retry.ts'

/** How long one push goes on trying again, ms; at most a flush interval. */
export const RETRY_BUDGET_MS = 15_000

/** The way to one receiver, and the memory of it. */
export interface Connection {
  readonly exporter: () => Exporter
  /** Goes on with the exporter's fallback, for good. @returns whether there is one */
  readonly useFallback: () => boolean
  readonly health: () => DestinationHealth
  readonly status: () => ConnectionStatus
  /** Begins a push; undefined when another one runs, or when it is too early after a failure. */
  readonly begin: () => OpenPush | undefined
}

export interface OpenPush {
  readonly send: Send
  /** The push failed before it could send. @returns the failure, as of a request that was not sent */
  readonly fail: (error: unknown) => Failure
  /** Must be called once: the next push waits for it. */
  readonly end: (outcome: PushOutcome) => PushTally
}

/**
 * Its memory is the circuit, how long the receiver asked to wait, and the version that the receiver speaks. A restart may
 * lose it, because then the connection learns it again from one more request.
 */
export function createConnection(first: Exporter, config: DestinationSettings, context: DeliverContext): Connection {
  const { now, random, sleep } = context
  const { name, kind, enabled } = config
  const transport = pickTransport(config.url, context)
  const hidden = hiddenTexts(config)
  const breaker = createBreaker(now)
  let exporter = first
  let isPushing = false
  let health: DestinationHealth = { name, state: 'unknown', consecutiveFailures: 0 }
  let lastError: ConnectionStatus['lastError']

  const failed = (state: 'failing' | 'misconfigured'): void => {
    health = { ...health, state, consecutiveFailures: health.consecutiveFailures + 1 }
  }

  const createSend = (credentials: Credentials, tally: Tally): Send => {
    const redact = (text: string): string =>
      hidden.reduce((left, it) => left.replaceAll(it, '[redacted]'), credentials.redact(text))
    const { probe } = exporter
    const sendOnce = createSendOnce({
      transport,
      now,
      // The present exporter, because it may change in the middle of a push.
      readAnswer: (answer) => exporter.readAnswer(answer),
      timeoutMs: config.timeoutMs,
      redact,
    })
    const sendGuarded = withBreaker(sendOnce, {
      breaker,
      tally,
      now,
      trace: createTrace({ destination: name, debug: context.config.debug, log: context.log, redact }),
      ...(probe && {
        probe: async () => ({ request: probe, outgoing: await prepare(probe, credentials), number: 1 }),
      }),
    })
    const deadlineMs = now() + Math.min(RETRY_BUDGET_MS, context.config.flushIntervalMs)
    return withRetry(sendGuarded, {
      prepare: (request) =>
        prepare(request, credentials).catch((error: unknown) => {
          tally.fail(String(error))
          throw error
        }),
      now,
      random,
      sleep,
      deadlineMs,
    })
  }

  /** With a mistake in the configuration, nothing is sent and everything stays as it is. */
  const openSend = (tally: Tally): Send => {
    const credentials = readCredentials(config.credentials, context.secret)
    if (credentials.ok) return createSend(credentials.value, tally)
    failed('misconfigured')
    tally.fail(credentials.error)
    return async () => ({ type: 'retry', detail: credentials.error, inDoubt: false })
  }

  const begin = (): OpenPush | undefined => {
    if (isPushing || breaker.waitMs() > 0) return undefined
    const startedMs = now()
    const tally = createTally(name, (detail) => {
      lastError = { timeMs: now(), detail }
    })
    const send = openSend(tally)
    let isBroken = false
    isPushing = true
    return {
      send,
      fail: (error) => {
        const detail = String(error)
        tally.fail(detail)
        isBroken = true
        return { type: 'retry', detail, inDoubt: false }
      },
      end: (outcome) => {
        isPushing = false
        // Without a request, the push says nothing about the receiver.
        if (isBroken || (outcome === 'failed' && !tally.isEmpty())) failed('failing')
        else if (!tally.isEmpty()) health = { name, state: 'ok', lastSuccessMs: now(), consecutiveFailures: 0 }
        return tally.result(now() - startedMs)
      },
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
        exporter === first ? first.protocol : `${exporter.protocol} (the receiver does not speak ${first.protocol})`,
      circuit: breaker.state(),
      ...(lastError ? { lastError } : {}),
    }),
    begin,
  }
}
