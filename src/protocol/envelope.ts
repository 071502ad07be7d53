import type { Resource } from './types.ts'

/** A batch as its final JSON text, with what its group says. */
export interface EncodedBatch {
  readonly session: string
  readonly weight?: number | undefined
  readonly resource: Resource
  /** The `WireBatch` as JSON. */
  readonly text: string
}

/** The body of `POST /v1/beacon`: batches of one session that follow each other share a group. There must be one at least. */
export function encodeEnvelope(batches: readonly EncodedBatch[], sentMs: number): string {
  let groups = ''
  let last = ''
  for (const { session, weight, resource, text } of batches) {
    const head = JSON.stringify({ session, weight, resource }).slice(0, -1)
    groups += head === last ? `,${text}` : `${last && ']},'}${head},"batches":[${text}`
    last = head
  }
  return `{"v":1,"sent":${sentMs},"groups":[${groups}]}]}`
}
