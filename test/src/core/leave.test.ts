// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { hold } from '../../../src/core/hold.ts'
import { BODY_BYTES, KEEPALIVE_BYTES } from '../../../src/core/keepalive-budget.ts'
import { leave } from '../../../src/core/leave.ts'
import type { Page } from '../../../src/core/types.ts'
import type { WireEnvelope } from '../../../src/protocol/types.ts'
import {
  createPageWithCourier,
  createTestPage,
  EDGE,
  entryOf,
  settle,
  storedAt,
  stubNetwork,
  stubStorage,
} from './pages.ts'

let fetched: ReturnType<typeof stubNetwork>['fetched']
let beaconed: ReturnType<typeof stubNetwork>['beaconed']

beforeEach(() => {
  stubStorage()
  ;({ fetched, beaconed } = stubNetwork())
})
afterEach(() => vi.unstubAllGlobals())

const sequencesIn = (body: unknown): number[] =>
  (JSON.parse(body as string) as WireEnvelope).groups.flatMap(({ batches }) => batches.map(([sequence]) => sequence))
/** The batches of each body, in the order they were handed over. */
const fetches = (): number[][] => fetched.mock.calls.map(([, { body }]) => sequencesIn(body))
const beacons = (): number[][] => beaconed.mock.calls.map(([, body]) => sequencesIn(body))

const holding = (page: Page, ...sizes: number[]): Page => {
  hold(
    page,
    sizes.map((bytes, i) => entryOf(i + 1, { bytes, sealedMs: i })),
  )
  return page
}
const left = (page: Page): number[] => [...page.own].filter(({ leftMs }) => leftMs).map((entry) => entry.sequence)

it('hands over what has not been sent, the newest first, by fetch', () => {
  const page = holding(createTestPage(), 100, 100, 100)
  leave(page)
  expect([fetches(), beacons()]).toEqual([[[3, 2, 1]], []])
  expect(fetched.mock.calls[0]).toMatchObject([EDGE, { keepalive: true, credentials: 'omit' }])
})

it('hands it over once, until something is new', () => {
  const page = holding(createTestPage(), 100)
  leave(page)
  leave(page)
  expect(fetches()).toEqual([[1]])
  hold(page, [entryOf(2)])
  leave(page)
  expect(fetches()).toEqual([[1], [2]])
})

it('writes down what was handed over, so that a later page confirms it', async () => {
  const page = holding(createTestPage(), 100, 100)
  leave(page)
  await settle()
  expect([...(await storedAt()).values()].map(({ leftMs }) => typeof leftMs)).toEqual(['number', 'number'])
})

it('keeps the answers for the courier to hear', async () => {
  const page = holding(createTestPage(), 100)
  const answer = new Response()
  fetched.mockResolvedValue(answer)
  leave(page)
  expect(page.answers.map(([entries]) => entries)).toEqual([[...page.own]])
  expect(await page.answers[0]![1]).toBe(answer)
})

it('an answer that never comes is no error', async () => {
  const page = holding(createTestPage(), 100)
  fetched.mockRejectedValue(new TypeError('the page is gone'))
  leave(page)
  expect(await page.answers[0]![1]).toBeUndefined()
})

describe('what a browser takes', () => {
  it.each<[string, number[], number[][]]>([
    ['nothing', [], []],
    ['one body', [100, 100], [[2, 1]]],
    ['two bodies', [BODY_BYTES, BODY_BYTES - 50], [[2], [1]]],
    ['two bodies, and what does not fit stays', [BODY_BYTES, BODY_BYTES, BODY_BYTES], [[3], [2]]],
    ['not one that is more than a body, which waits for the courier', [40_000], []],
    ['not one that is more than everything', [100, KEEPALIVE_BYTES + 1], []],
  ])('is %s', (_, sizes, bodies) => {
    const page = holding(createTestPage(), ...sizes)
    leave(page)
    expect(fetches()).toEqual(bodies)
    expect(left(page)).toEqual(bodies.flat().sort((a, b) => a - b))
  })

  it('is less while a fetch of the courier is in flight', () => {
    const { page } = createPageWithCourier({}, { inFlightBytes: BODY_BYTES })
    leave(holding(page, BODY_BYTES, BODY_BYTES - 100, 100))
    expect(fetches()).toEqual([[3, 2]])
  })
})

describe('while the courier is at work', () => {
  it('an edge that wants to be left alone gets only what is not in the outbox', () => {
    const { page } = createPageWithCourier({}, { isQuiet: true })
    holding(page, 100, 100)
    page.unsaved.delete([...page.own][0]!)
    leave(page)
    expect(fetches()).toEqual([[2]])
  })

  it('what is handed to an edge that was just down is not taken for delivered', () => {
    const { page } = createPageWithCourier({}, { isFailing: true })
    leave(holding(page, 100))
    expect([fetches(), left(page)]).toEqual([[[1]], []])
  })
})

describe('a beacon', () => {
  it.each<[string, () => void]>([
    ['where fetch has no keepalive', () => vi.stubGlobal('Request', function NoKeepalive() {})],
    ['where there is no Request', () => vi.stubGlobal('Request', undefined)],
    ['where there is no fetch', () => vi.stubGlobal('fetch', undefined)],
    [
      'where fetch throws',
      () =>
        fetched.mockImplementation(() => {
          throw new Error('no')
        }),
    ],
    ['where fetch is something else', () => fetched.mockReturnValue(undefined as never)],
  ])('leaves %s', (_, breakIt) => {
    breakIt()
    const page = holding(createTestPage(), 100, 100)
    leave(page)
    expect(beacons()).toEqual([[2, 1]])
    expect(beaconed.mock.calls[0]![0]).toBe(EDGE)
    expect(left(page)).toEqual([1, 2])
  })

  it('that is not taken leaves the rest for later, and is not taken for delivered', () => {
    vi.stubGlobal('fetch', undefined)
    beaconed.mockReturnValueOnce(true).mockReturnValue(false)
    const page = holding(createTestPage(), BODY_BYTES, BODY_BYTES - 10)
    leave(page)
    expect([beacons(), left(page)]).toEqual([[[2], [1]], [2]])
  })
})
