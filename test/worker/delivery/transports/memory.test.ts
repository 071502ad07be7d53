import { beforeEach, expect, it } from 'vitest'
import {
  clearMemory,
  MAX_MEMORY_ROWS,
  memoryTransport,
  readMemory,
} from '../../../../worker/delivery/transports/memory.ts'
import { encodeUtf8 } from '../../../../worker/destinations/shared/utf8.ts'

const send = async (name: string, values: readonly number[]): Promise<number> => {
  const body = encodeUtf8(values.map((value) => `${JSON.stringify({ value })}\n`).join(''))
  const request = { method: 'POST', url: `memory:${encodeURIComponent(name)}`, headers: {}, body } as const
  return (await memoryTransport(request, new AbortController().signal)).status
}

const valuesOf = (name: string): unknown[] => readMemory(name).map((row) => 'value' in row && row.value)

beforeEach(() => clearMemory())

it('holds rows by name, in order', async () => {
  expect([await send('a', [1, 2]), await send('b b', [3]), await send('a', [4])]).toEqual([200, 200, 200])
  expect(valuesOf('a')).toEqual([1, 2, 4])
  expect(valuesOf('b b')).toEqual([3])
  expect(valuesOf('constructor')).toEqual([])
})

it('forgets one, or all', async () => {
  await send('a', [1])
  await send('b', [2])
  clearMemory('a')
  expect([valuesOf('a'), valuesOf('b')]).toEqual([[], [2]])
  clearMemory()
  expect(valuesOf('b')).toEqual([])
})

it('lets the oldest go first', async () => {
  const values = Array.from({ length: MAX_MEMORY_ROWS }, (_, i) => i)
  await send('a', values)
  await send('a', [-1, -2])
  expect(valuesOf('a')).toEqual([...values.slice(2), -1, -2])
})

it('gives a copy: what was read does not change', async () => {
  await send('a', [1])
  const read = readMemory('a')
  await send('a', [2])
  expect(read).toHaveLength(1)
})
