import { expect, it } from 'vitest'
import { createBreaker } from '../../../worker/delivery/breaker.ts'
import { MAX_FAILURES, OPEN_MS } from '../../../worker/delivery/circuit.ts'

type Step = 'success' | 'failure' | `failure ${number}` | `wait ${number}`

/** The breaker after some steps: how long it asks to wait, and its circuit. */
function after(steps: readonly Step[]): [waitMs: number, state: string, failures: number] {
  let nowMs = 1_000_000
  const breaker = createBreaker(() => nowMs)
  for (const step of steps) {
    const [what, ms] = step.split(' ')
    if (what === 'success') breaker.succeeded()
    else if (what === 'failure') breaker.failed(ms === undefined ? undefined : Number(ms))
    else nowMs += Number(ms)
  }
  const { state, failures } = breaker.state()
  return [Math.max(0, breaker.waitMs()), state, failures]
}

const failures = (count: number): Step[] => Array<Step>(count).fill('failure')

it.each<[string, Step[], ReturnType<typeof after>]>([
  ['nothing', [], [0, 'closed', 0]],
  ['one failure less than it takes', failures(MAX_FAILURES - 1), [0, 'closed', MAX_FAILURES - 1]],
  ['as many failures as it takes', failures(MAX_FAILURES), [OPEN_MS, 'open', MAX_FAILURES]],
  ['its time', [...failures(MAX_FAILURES), `wait ${OPEN_MS}`], [0, 'half-open', MAX_FAILURES]],
  ['a failed probe', [...failures(MAX_FAILURES), `wait ${OPEN_MS}`, 'failure'], [OPEN_MS, 'open', MAX_FAILURES + 1]],
  ['a good probe', [...failures(MAX_FAILURES), `wait ${OPEN_MS}`, 'success'], [0, 'closed', 0]],
  ['a success in between', [...failures(MAX_FAILURES - 1), 'success', 'failure'], [0, 'closed', 1]],
  ['a receiver that asks to wait', ['failure 5000'], [5_000, 'closed', 1]],
  ['a part of that time', ['failure 5000', 'wait 2000'], [3_000, 'closed', 1]],
  ['a success while it asks to wait', ['failure 5000', 'success'], [5_000, 'closed', 0]],
  ['a longer wait than the circuit', [...failures(MAX_FAILURES - 1), 'failure 90000'], [90_000, 'open', MAX_FAILURES]],
])('after %s', (_, steps, expected) => {
  expect(after(steps)).toEqual(expected)
})
