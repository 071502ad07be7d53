import { expect, it } from 'vitest'
import { createBreaker } from '../../../worker/delivery/breaker.ts'
import { MAX_FAILURES, OPEN_MS } from '../../../worker/delivery/circuit.ts'
import type { SendOutcome } from '../../../worker/delivery/outcome.ts'
import { withBreaker } from '../../../worker/delivery/with-breaker.ts'
import { requestOf } from './fake-world.ts'

const accepted: SendOutcome = { type: 'accepted' }
const down: SendOutcome = { type: 'retry', status: 503, detail: 'down', inDoubt: false }
const refused = (status: number): SendOutcome => ({ type: 'refused', status, detail: 'no' })

interface Case {
  /** Failures before, and how long ago. */
  readonly failures: number
  readonly agoMs?: number
  readonly request?: 'resend' | 'drop'
  /** The answer to the probe; without one, the exporter has none. */
  readonly probe?: SendOutcome
}

/** Sends one request that is accepted. @returns what was sent, and the outcome */
async function send({ failures, agoMs = 0, request = 'resend', probe }: Case): Promise<[string[], SendOutcome]> {
  let nowMs = 1_000_000
  const breaker = createBreaker(() => nowMs)
  for (let i = 0; i < failures; i++) breaker.failed(undefined)
  nowMs += agoMs
  const sent: string[] = []
  const noted: SendOutcome[] = []
  const asks = { request: requestOf({ url: 'probe' }), outgoing: requestOf({ url: 'probe' }), number: 1 }
  const guarded = withBreaker(
    async ({ outgoing: { url } }) => {
      sent.push(url)
      return url === 'probe' ? probe! : accepted
    },
    {
      breaker,
      tally: { add: (outcome) => void noted.push(outcome) },
      trace: () => undefined,
      now: () => nowMs,
      ...(probe ? { probe: () => Promise.resolve(asks) } : {}),
    },
  )
  const data = requestOf({ url: 'data', inDoubt: request })
  const outcome = await guarded({ request: data, outgoing: data, number: 1 })
  expect(noted).toHaveLength(sent.length)
  return [sent, outcome]
}

it.each<[string, Case, sent: string[], type: string]>([
  ['nothing was wrong', { failures: 0, probe: down }, ['data'], 'accepted'],
  ['the circuit is open', { failures: MAX_FAILURES }, [], 'retry'],
  ['the circuit is half-open, without a probe', { failures: MAX_FAILURES, agoMs: OPEN_MS }, ['data'], 'accepted'],
  ['the probe is accepted', { failures: MAX_FAILURES, agoMs: OPEN_MS, probe: accepted }, ['probe', 'data'], 'accepted'],
  ['the probe fails', { failures: MAX_FAILURES, agoMs: OPEN_MS, probe: down }, ['probe'], 'retry'],
  [
    'the probe is read and refused',
    { failures: 5, agoMs: OPEN_MS, probe: refused(400) },
    ['probe', 'data'],
    'accepted',
  ],
  ['the probe is not let in', { failures: 5, agoMs: OPEN_MS, probe: refused(403) }, ['probe'], 'retry'],
  ['one failure, and nothing to lose', { failures: 1, probe: down }, ['data'], 'accepted'],
  ['one failure, and something to lose', { failures: 1, request: 'drop', probe: down }, ['probe'], 'retry'],
])('when %s', async (...[, given, sent, type]) => {
  const [asked, outcome] = await send(given)
  expect([asked, outcome.type]).toEqual([sent, type])
  // A request that was not sent certainly was not stored.
  expect(outcome.type !== 'retry' || !outcome.inDoubt).toBe(true)
})
