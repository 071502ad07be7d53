import { expect, it } from 'vitest'
import {
  describe as describeFailure,
  errorClass,
  isAboutData,
  isReceiverDown,
  isTrouble,
  leavesDoubt,
  type Failure,
} from '../../../worker/delivery/outcome.ts'

const retry = (status?: number): Failure => ({
  type: 'retry',
  detail: 'd',
  inDoubt: false,
  ...(status === undefined ? {} : { status }),
})
const refused = (status: number): Failure & { type: 'refused' } => ({ type: 'refused', status, detail: 'd' })
const timeout: Failure = { type: 'retry', cause: 'timeout', detail: 'd', inDoubt: true }
const unsupported: Failure = { type: 'unsupported', status: 415, detail: 'd' }

it.each<[Failure, kind: string, text: string, isTrouble: boolean, isReceiverDown: boolean]>([
  [retry(), 'no_answer', 'no answer: d', true, true],
  [timeout, 'timeout', 'no answer: d', true, true],
  [retry(429), '429', '429: d', true, true],
  [retry(500), '500', '500: d', true, false],
  [retry(503), '503', '503: d', true, true],
  [refused(400), '400', '400: d', false, true],
  [refused(401), '401', '401: d', false, true],
  [refused(500), '500', '500: d', true, false],
  [unsupported, '415', '415: d', false, true],
])('%j is counted, told and taken for what it is', (...[failure, kind, text, trouble, down]) => {
  expect([errorClass(failure), describeFailure(failure), isTrouble(failure), isReceiverDown(failure)]).toEqual([
    kind,
    text,
    trouble,
    down,
  ])
})

it('three statuses speak of the data, and five of something in front of the service', () => {
  const statuses = Array.from({ length: 500 }, (_, i) => 100 + i)
  expect(statuses.filter((status) => isAboutData(refused(status)))).toEqual([400, 413, 422])
  expect(statuses.filter(leavesDoubt)).toEqual([502, 504, 520, 522, 524])
})
