import { expect, it } from 'vitest'
import { createConsoleTransport, MAX_LOGGED_SERIES } from '../../../../worker/delivery/transports/console.ts'
import { encodeUtf8 } from '../../../../worker/destinations/shared/utf8.ts'

async function logged(count: number): Promise<unknown[]> {
  const lines: unknown[] = []
  const body = encodeUtf8(Array.from({ length: count }, (_, i) => `{"value":${i}}\n`).join(''))
  const transport = createConsoleTransport({ log: (line) => lines.push(line) })
  const request = { method: 'POST', url: 'console:my%20log', headers: {}, body } as const
  expect(await transport(request, new AbortController().signal)).toMatchObject({ status: 200 })
  return lines
}

it('logs a line for each series', async () => {
  expect(await logged(2)).toEqual([{ value: 0 }, { value: 1 }])
  expect(await logged(MAX_LOGGED_SERIES)).toHaveLength(MAX_LOGGED_SERIES)
})

it('says how many it left out', async () => {
  const lines = await logged(MAX_LOGGED_SERIES + 7)
  expect(lines).toHaveLength(MAX_LOGGED_SERIES + 1)
  expect(lines.slice(-2)).toEqual([{ value: MAX_LOGGED_SERIES - 1 }, { destination: 'my log', more: 7 }])
})
