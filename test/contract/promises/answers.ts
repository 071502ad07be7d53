import { expect } from 'vitest'
import type { ExporterPromise } from '../promise.ts'

export const answers: ExporterPromise = {
  what: 'takes a success for one, waits at overload and trouble, and drops what is refused',
  check: ({ exporter }) => {
    const typeOf = (status: number): string =>
      exporter.readAnswer({ status, header: () => undefined, body: new Uint8Array() }).type
    expect([200, 202, 204].map(typeOf)).toEqual(['accepted', 'accepted', 'accepted'])
    expect([429, 502, 503, 504].map(typeOf)).toEqual(['retry', 'retry', 'retry', 'retry'])
    expect([301, 400, 401, 403, 404, 413].map(typeOf)).toEqual(Array(6).fill('refused'))
  },
}
