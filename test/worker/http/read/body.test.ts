import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_BODY_BYTES } from '../../../../src/protocol/limits.ts'
import { fail, ok } from '../../../../src/protocol/result.ts'
import { readText } from '../../../../worker/http/read/body.ts'

const gzip = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(
    await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer(),
  )

const requestOf = (body: BodyInit | null, coding?: string): Request =>
  new Request('https://beacon.example.com/', {
    method: 'POST',
    body,
    headers: coding === undefined ? {} : { 'content-encoding': coding },
  })

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>

/** A body without a length, in pieces of one size. */
const inPieces = (bytes: Uint8Array, size: number): ReadableStream =>
  new ReadableStream({
    start: (controller) => {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size))
      controller.close()
    },
  })

describe('readText', () => {
  it('reads the same text from any coding, in one piece or in several', async () => {
    const text = fc
      .string({ unit: 'binary', maxLength: 200 })
      .filter((one) => one.isWellFormed() && one[0] !== '\ufeff')
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 50 }), async (given, size) => {
        const bytes = encode(given)
        const packed = await gzip(bytes)
        const all = [
          requestOf(bytes),
          requestOf(bytes, 'identity'),
          requestOf(packed, 'gzip'),
          requestOf(packed, ' X-GZIP '),
          requestOf(inPieces(bytes, size)),
          requestOf(inPieces(packed, size), 'gzip'),
        ]
        expect(await Promise.all(all.map((request) => readText(request)))).toEqual(all.map(() => ok(given)))
      }),
      { numRuns: 20 },
    )
  })

  it.each<[string, () => Promise<Request>, string]>([
    ['one byte too many', async () => requestOf('a'.repeat(MAX_BODY_BYTES + 1)), 'body_too_large'],
    ['one byte too many in pieces', async () => requestOf(inPieces(new Uint8Array(MAX_BODY_BYTES + 1), 1_000)), 'body_too_large'], // prettier-ignore
    ['one byte too many unpacked', async () => requestOf(await gzip(new Uint8Array(MAX_BODY_BYTES + 1)), 'gzip'), 'body_too_large'], // prettier-ignore
    ['brotli', async () => requestOf('a', 'br'), 'unsupported_encoding'],
    ['two codings', async () => requestOf('a', 'gzip, gzip'), 'unsupported_encoding'],
    ['a false gzip', async () => requestOf('a', 'gzip'), 'bad_encoding'],
    ['a broken text', async () => requestOf(new Uint8Array([0xff])), 'bad_utf8'],
  ])('refuses %s', async (_, create, reason) => {
    expect(await readText(await create())).toEqual(fail(reason))
  })

  it('takes as many bytes as there may be', async () => {
    expect(await readText(requestOf('a'.repeat(MAX_BODY_BYTES)))).toEqual(ok('a'.repeat(MAX_BODY_BYTES)))
    expect(await readText(requestOf('abc'), 2)).toEqual(fail('body_too_large'))
    expect(await readText(requestOf(null))).toEqual(ok(''))
  })
})
