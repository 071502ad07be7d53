import type { Answer } from '../model/types.ts'

/** A request as it goes out: coded, with its credentials. */
export interface OutgoingRequest {
  readonly method: 'POST' | 'PUT'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
}

/** Sends a request to an address of one scheme. Rejects when there is no answer; `signal` ends the wait. */
export type Transport = (request: OutgoingRequest, signal: AbortSignal) => Promise<Answer>
