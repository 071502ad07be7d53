import type { Row } from '../../destinations/shared/rows.ts'
import type { Transport } from '../transport.ts'

/** Rows kept for each destination; the oldest go first. */
export const MAX_MEMORY_ROWS = 10_000

// The one state of a module in this project: a test has no other way to the memory of an isolate it shares with the worker.
const rowsByName = new Map<string, Row[]>()

/** Keeps the rows of `memory:name` for a test to read. */
export const memoryTransport: Transport = async ({ url, body }) => {
  const name = decodeURIComponent(url.slice('memory:'.length))
  const kept = rowsByName.get(name) ?? []
  const lines = new TextDecoder().decode(body).split('\n')
  for (const line of lines) if (line !== '') kept.push(JSON.parse(line) as Row)
  rowsByName.set(name, kept.slice(-MAX_MEMORY_ROWS))
  return { status: 200, header: () => undefined, body: new Uint8Array() }
}

/**
 * The rows of a destination of the kind 'memory', oldest first, at most MAX_MEMORY_ROWS. Only in the isolate that pushed it:
 * for tests of a worker inside the Workers runtime.
 * @param name of the destination
 * @example
 * expect(readMemory('test')).toContainEqual(expect.objectContaining({ name: 'checkout.clicks', value: 3 }))
 */
export const readMemory = (name: string): readonly Row[] => [...(rowsByName.get(name) ?? [])]

/** Forgets the rows of a destination, or of all destinations when `name` is undefined. */
export function clearMemory(name?: string): void {
  if (name === undefined) rowsByName.clear()
  else rowsByName.delete(name)
}
