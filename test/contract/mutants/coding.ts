import { gzipSync } from 'node:zlib'
import type { ExportRequest } from '../../../worker/model/types.ts'
import { changeRequests } from '../mutate.ts'
import { both, deltas, type Mutant } from './mutant.ts'

const gzipped = ({ body }: ExportRequest): Uint8Array<ArrayBuffer> => new Uint8Array(gzipSync(body))

/** Mutants with the wrong coding or type. */
export const CODING_MUTANTS: readonly Mutant[] = [
  {
    name: 'gzip claimed, not done',
    breaks: 'coding',
    of: deltas,
    mutation: changeRequests((request) => ({
      ...request,
      headers: { ...request.headers, 'content-encoding': 'gzip' },
      encoding: 'identity',
    })),
  },
  {
    name: 'gzip done, not claimed',
    breaks: 'coding',
    of: both,
    mutation: changeRequests((request) => ({ ...request, body: gzipped(request), encoding: 'identity' })),
  },
  {
    name: 'gzip twice',
    breaks: 'coding',
    of: deltas,
    mutation: changeRequests((request) => ({ ...request, body: gzipped(request), encoding: 'gzip' })),
  },
  {
    name: 'another content type',
    breaks: 'coding',
    of: both,
    mutation: changeRequests((request) => ({
      ...request,
      headers: {
        ...request.headers,
        'content-type': request.headers['content-type'] === 'application/json' ? 'application/x-protobuf' : 'application/json', // prettier-ignore
      },
    })),
  },
]
