import type { Transport } from '../transport.ts'

/** Keeps the rows of `memory:name` for a test to read. */
export const memoryTransport: Transport = async () => ({
  status: 200,
  header: () => undefined,
  body: new Uint8Array(),
})
