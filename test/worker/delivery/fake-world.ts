import type { DeliverContext } from '../../../worker/delivery/context.ts'
import { DESTINATIONS, kindOf } from '../../../worker/destinations/kinds.ts'
import type { ExportRequest } from '../../../worker/model/types.ts'
import { testConfig } from '../../contract/snapshots.ts'

/** An answer, or none: the connection breaks. */
export type Answer =
  number | 'broken' | { readonly status: number; readonly headers?: HeadersInit; readonly body?: string }

export interface Call {
  readonly url: string
  readonly init: RequestInit
  readonly body: Uint8Array<ArrayBuffer>
}

export interface FakeWorld extends DeliverContext {
  readonly calls: readonly Call[]
  readonly sleptMs: readonly number[]
  /** What was logged. */
  readonly lines: readonly Readonly<Record<string, unknown>>[]
  readonly mostInFlight: () => number
  readonly advance: (ms: number) => void
}

/** A network and a clock that only move when told: sleeping is instant and moves the clock. */
export function createFakeWorld(
  answer: (call: Call, index: number) => Answer,
  changes: Partial<DeliverContext> = {},
): FakeWorld {
  const calls: Call[] = []
  const sleptMs: number[] = []
  const lines: Readonly<Record<string, unknown>>[] = []
  let nowMs = 1_000_000
  let inFlight = 0
  let most = 0
  return {
    calls,
    sleptMs,
    lines,
    mostInFlight: () => most,
    advance: (ms) => void (nowMs += ms),
    now: () => nowMs,
    random: () => 0.5,
    sleep: async (ms) => {
      sleptMs.push(ms)
      nowMs += ms
    },
    secret: () => undefined,
    bucket: () => undefined,
    log: (line) => void lines.push(line),
    createExporter: (settings, all) => kindOf(DESTINATIONS, settings.kind).createExporter(settings, all),
    config: testConfig(),
    fetch: async (url, init) => {
      most = Math.max(most, ++inFlight)
      const call = { url, init, body: new Uint8Array(await new Response(init.body ?? null).arrayBuffer()) }
      calls.push(call)
      const found = answer(call, calls.length - 1)
      await Promise.resolve()
      inFlight--
      if (found === 'broken') throw new TypeError('connection lost')
      if (typeof found === 'number') return new Response(null, { status: found })
      return new Response(found.body ?? null, {
        status: found.status,
        ...(found.headers ? { headers: found.headers } : {}),
      })
    },
    ...changes,
  }
}

export const utf8 = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(text))

export const requestOf = (changes: Partial<ExportRequest> = {}): ExportRequest => ({
  method: 'POST',
  url: 'https://receiver.example/write',
  headers: { 'content-type': 'application/x-protobuf' },
  body: new Uint8Array([1, 2, 3]),
  encoding: 'identity',
  inDoubt: 'resend',
  keys: ['a'],
  ...changes,
})
