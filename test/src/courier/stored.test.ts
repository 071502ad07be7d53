import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { keyOf } from '../../../src/core/entry.ts'
import { checkState, checkStored } from '../../../src/courier/stored.ts'
import { IDLE } from '../../../src/protocol/send-state.ts'
import { entryOf } from './batches.ts'
import {
  createWorld,
  destroyWorld,
  finish,
  later,
  putStored,
  settle,
  storedEntries,
  storedKeys,
  type World,
} from './harness.ts'

const whole = entryOf(1, { sealedMs: 5 })
const key = keyOf(whole)

describe('checkStored', () => {
  it('takes what a page of this release wrote', () => {
    expect(checkStored([key], [whole])).toEqual({ entries: [whole], junk: [] })
    const told = { ...whole, drops: { bad_value: 2 }, leftMs: 7, weight: 10 }
    expect(checkStored([key], [told])).toEqual({ entries: [told], junk: [] })
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['an empty object', {}],
    ['a string', 'entry'],
    ['a list', []],
    ['no version', { ...whole, v: undefined }],
    ['a version below', { ...whole, v: 0 }],
    ['a version that is a text', { ...whole, v: '1' }],
    ['no text', { ...whole, text: undefined }],
    ['a number for text', { ...whole, text: 7 }],
    ['no records', { ...whole, records: undefined }],
    ['records that are no number', { ...whole, records: Number.NaN }],
    ['bytes that are a text', { ...whole, bytes: '200' }],
    ['no drops', { ...whole, drops: undefined }],
    ['null for drops', { ...whole, drops: null }],
    ['drops that are no numbers', { ...whole, drops: { bad_value: 'many' } }],
    ['a reason that would break the JSON of a batch', { ...whole, drops: { 'a"b': 1 } }],
    ['another identity than its key', { ...whole, sequence: 2 }],
    ['another time than its key', { ...whole, sealedMs: 6 }],
  ])('%s is junk, deleted by the key it lies under', (_, value) => {
    expect(checkStored([key, keyOf(entryOf(2))], [value, entryOf(2)])).toEqual({ entries: [entryOf(2)], junk: [key] })
  })

  it.each<[string, unknown]>([
    ['another shape', { v: 2, batch: 'of the future' }],
    ['the same shape', { ...whole, v: 2 }],
  ])('what a newer release wrote in %s is left alone', (_, value) => {
    expect(checkStored([key], [value])).toEqual({ entries: [], junk: [] })
  })

  it('never throws, whatever there is', () => {
    fc.assert(
      fc.property(fc.array(fc.anything({ withBigInt: true, withDate: true, withMap: true })), (values) => {
        const { entries, junk } = checkStored(
          values.map((_, i) => [i]),
          values,
        )
        expect(entries.length + junk.length).toBeLessThanOrEqual(values.length)
      }),
    )
  })
})

describe('checkState', () => {
  const written = { leasedMs: 1, failures: 2, failedMs: 3, waitMs: 4 }
  it.each([written, { ...written, settings: null, heardMs: 5 }, { ...written, settings: '{}', heardMs: 5 }])(
    '%j is one',
    (state) => {
      expect(checkState(state)).toBe(state)
    },
  )

  it.each([
    undefined,
    null,
    'slow',
    7,
    [],
    {},
    { ...written, leasedMs: undefined },
    { ...written, failures: 'one' },
    { ...written, failedMs: Number.NaN },
    { ...written, waitMs: Infinity },
    { ...written, waitMs: 86_400_001 },
    { ...written, settings: { enabled: false } },
  ])('%j is none: at rest', (state) => {
    expect(checkState(state)).toBe(IDLE)
  })
})

describe('an outbox with things in it', () => {
  let world: World
  beforeEach(() => {
    world = createWorld()
  })
  afterEach(destroyWorld)

  const sealedMs = 1_000_000_000_000 - 1
  const oldKey = (sequence: number) => [sealedMs, 'OOOOOOOOOOOOOOOO', sequence]
  const old = entryOf(1, { sealedMs, session: 'OOOOOOOOOOOOOOOO' })

  it('sends what is good, deletes what is junk, leaves alone what is not its own, and throws nothing', async () => {
    const uncaught = vi.fn<() => void>()
    process.on('uncaughtException', uncaught)
    // The outbox is there before.
    const first = world.open()
    await first.flush()
    first.kill()
    await putStored(keyOf(old), old)
    await putStored(oldKey(2), {})
    await putStored(oldKey(3), 'a string')
    await putStored(oldKey(4), { v: 2, batch: 'of the future' })
    await putStored(oldKey(5), { ...old, sequence: 5, text: undefined })
    await putStored([], 'of a list')
    await putStored('a key of somebody else', 1)
    for (let visit = 0; visit < 3; visit++) {
      await later(1)
      const tab = world.open()
      tab.add()
      expect(await finish(tab.flush())).toEqual({ acknowledged: true })
      await later(2_000)
      expect(tab.page.dropped).toEqual({})
      tab.kill()
    }
    process.off('uncaughtException', uncaught)
    expect(uncaught).not.toHaveBeenCalled()
    expect(await storedKeys()).toEqual(['a key of somebody else', 'pace', oldKey(4)])
    expect(world.requests).toHaveLength(3)
    expect(world.counted.size).toBe(4)
  })

  it('drops a batch whose text is cut in half, counts it, and takes no other along', async () => {
    const first = world.open()
    await first.flush()
    first.kill()
    const { fetch } = globalThis
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      try {
        JSON.parse(init.body as string)
      } catch {
        return new Response('{"reason":"bad_json"}', { status: 400, headers: { pharos: '1' } })
      }
      return fetch(url, init)
    })
    await putStored(keyOf(old), { ...old, text: old.text.slice(0, 9) })
    await later(1)
    const tab = world.open()
    const own = tab.add()
    await finish(tab.flush())
    await settle()
    expect([tab.page.dropped, [...world.counted.keys()], await storedEntries()]).toEqual([{ rejected: 1 }, [own], []])
    tab.add()
    await finish(tab.flush())
    expect(world.reported()).toEqual({ rejected: 1 })
  })

  it.each<[string, unknown]>([
    ['is junk', 'slow'],
    ['has a wait of years', { leasedMs: 0, failures: 0, failedMs: Date.now(), waitMs: 1e15 }],
    ['is in back-off for years', { leasedMs: 0, failures: 9, failedMs: Date.now(), waitMs: 1e15 }],
    ['is of a clock far ahead', { leasedMs: 9e15, failures: 0, failedMs: 9e15, waitMs: 60_000 }],
    ['has settings that are no text', { ...IDLE, settings: { enabled: false }, heardMs: 1_000_000_000_000 }],
    ['has settings that are no JSON', { ...IDLE, settings: '{', heardMs: 1_000_000_000_000 }],
    ['has settings that are null in JSON', { ...IDLE, settings: 'null', heardMs: 1_000_000_000_000 }],
  ])('a state that %s holds nobody', async (_, state) => {
    const first = world.open()
    await first.flush()
    first.kill()
    await settle()
    await putStored('pace', typeof state === 'object' ? { ...state } : state)
    await later(1)
    const tab = world.open()
    await later(1_500)
    tab.add()
    await later(60_000)
    expect([world.requests.length, tab.page.acknowledged]).toEqual([1, 1])
  })
})
