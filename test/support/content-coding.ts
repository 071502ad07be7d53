import { gunzipSync, inflateSync } from 'node:zlib'
import type { IncomingHttpHeaders } from 'node:http'
import { decodeSnappy } from './decode-snappy.ts'

/** A body without its content coding (RFC 9110, 8.4; snappy as remote-write means it: one block). */
export function withoutCoding(body: Buffer, headers: IncomingHttpHeaders): Buffer {
  const coding = headers['content-encoding'] ?? 'identity'
  switch (coding) {
    case 'identity':
      return body
    case 'gzip':
      return gunzipSync(body)
    case 'deflate':
      return inflateSync(body)
    case 'snappy':
      return Buffer.from(decodeSnappy(body))
    default:
      throw new Error(`nobody reads the coding ${coding}`)
  }
}
