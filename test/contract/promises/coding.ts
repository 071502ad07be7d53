import { expect } from 'vitest'
import type { ExportRequest } from '../../../worker/model/types.ts'
import type { Harness } from '../harness.ts'
import type { ExporterPromise } from '../promise.ts'
import { skipMessage } from '../protobuf.ts'
import { everyRequest } from './address.ts'

const isGzip = ([first, second]: Uint8Array): boolean => first === 0x1f && second === 0x8b

const textOf = (body: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(body)

/** How the body of a content type is read; throws at another one. */
const READERS: readonly (readonly [type: RegExp, read: (body: Uint8Array) => unknown])[] = [
  [/^application\/json\b/, (body) => JSON.parse(textOf(body)) as unknown],
  [/^application\/x-ndjson\b/, (body) => textOf(body).trimEnd().split('\n').map((line) => JSON.parse(line) as unknown)], // prettier-ignore
  [/^application\/x-protobuf\b/, skipMessage],
  [/^text\//, textOf],
]

function checkCoding({ encoding, headers, body }: ExportRequest, plainBody: Uint8Array): void {
  const { 'content-encoding': coding, 'content-type': type = '' } = headers
  if (encoding === 'gzip') {
    expect(
      isGzip(body),
      'the engine compresses a request with encoding "gzip", but the body is compressed already',
    ).toBe(false)
    expect(coding, 'the engine names the coding of a request with encoding "gzip"').toBeUndefined()
  }
  const isFile = type === 'application/gzip' && encoding === 'identity'
  if (encoding === 'identity') expect(isGzip(body), `gzip in a body with content-encoding ${coding}, content-type ${type}`).toBe(coding === 'gzip' || isFile) // prettier-ignore
  expect(body.length > 0 && coding !== undefined && body === plainBody, `content-encoding ${coding}, but plainBody() gives the body as it is`).toBe(false) // prettier-ignore
  const [, read] = READERS.find(([known]) => known.test(type)) ?? []
  expect(() => read?.(plainBody), `the body is not what content-type ${type} says`).not.toThrow()
}

export const coding: ExporterPromise = {
  what: 'states the coding and the type that every body has',
  check: (harness: Harness) => {
    for (const [, request] of everyRequest(harness, harness.exporter)) checkCoding(request, harness.plainBody(request))
  },
}
