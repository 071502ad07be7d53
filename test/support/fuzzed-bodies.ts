/** Bodies that strangers send: valid ones, valid ones with something wrong in one to three places, and noise. */
import * as fc from 'fast-check'
import { encodeEnvelope } from '../../src/protocol/envelope.ts'
import { mutate, nastyValues, pathsOf } from './mutations.ts'
import { anySealedBatches } from './sealed.ts'

export interface FuzzedBody {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Labels the body with a content coding it does not have. */
  readonly falseCoding?: 'gzip' | 'br'
}

const report = (reason: string): unknown => ({
  v: 1,
  sent: 5e11,
  groups: [
    {
      session: 'pharosPHAROS_-00',
      resource: { service: 'shop', attributes: { environment: 'production' } },
      batches: [
        [
          1,
          5e11 - 1,
          [
            ['pharos.dropped', 2, { where: 'page', reason }],
            ['pharos.batches', 1],
          ],
          [],
        ],
      ],
    },
  ],
})

/** A few hundred valid bodies, small ones first choice, so that a run of many is spent on the edge and not on making them. */
function validBodies(size: number): readonly unknown[] {
  const samples = fc.sample(anySealedBatches, { seed: 20_261_121, numRuns: 4 * size })
  const texts = samples.map(({ recorded, sealed, sentMs }) => {
    // Most must be fresh enough to be counted.
    const newest = Math.max(...recorded.map(({ sealedMs }) => sealedMs))
    return encodeEnvelope(sealed, sentMs % 2 ? newest + (sentMs % 1_000) : sentMs)
  })
  const small = texts.sort((a, b) => a.length - b.length).slice(0, size)
  return [report('outbox_full'), report('made_up'), ...small.map((text) => JSON.parse(text))]
}

interface Pooled {
  readonly body: unknown
  readonly paths: ReturnType<typeof pathsOf>
  readonly bytes: Uint8Array<ArrayBuffer>
}

const encoder = new TextEncoder()
const encode = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(encoder.encode(text))
const bytesOf = (body: unknown): Uint8Array<ArrayBuffer> => encode(JSON.stringify(body) ?? '')

const change = fc.record({ at: fc.nat(), value: fc.constantFrom(...nastyValues) })

/** @param size how many valid bodies to start from */
export function anyFuzzedBody(size: number): fc.Arbitrary<FuzzedBody> {
  const pool: Pooled[] = validBodies(size).map((body) => ({ body, paths: pathsOf(body), bytes: bytesOf(body) }))
  const pooled = fc.constantFrom(...pool)
  const changed = fc
    .tuple(pooled, fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([{ body, paths }, changes]) => {
      let result = body
      for (const [i, { at, value }] of changes.entries()) {
        const ways = i === 0 ? paths : pathsOf(result)
        result = mutate(result, ways[at % ways.length]!, value)
      }
      return { bytes: bytesOf(result) }
    })
  const cut = fc
    .tuple(pooled, fc.nat(), fc.nat({ max: 4 }), fc.uint8Array({ maxLength: 4 }))
    .map(([{ bytes }, at, ...[removed, inserted]]) => {
      const start = at % bytes.length
      return { bytes: new Uint8Array([...bytes.slice(0, start), ...inserted, ...bytes.slice(start + removed)]) }
    })
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 64 }).map((bytes) => ({ bytes: new Uint8Array(bytes) })),
    fc.json({ maxDepth: 3 }).map((text) => ({ bytes: encode(text) })),
  )
  const mislabelled = fc
    .tuple(pooled, fc.constantFrom('gzip' as const, 'br' as const))
    .map(([{ bytes }, falseCoding]) => ({ bytes, falseCoding }))
  const untouched = pooled.map(({ bytes }) => ({ bytes }))
  return fc.oneof(
    { arbitrary: changed, weight: 60 },
    { arbitrary: cut, weight: 22 },
    { arbitrary: untouched, weight: 10 },
    { arbitrary: noise, weight: 6 },
    { arbitrary: mislabelled, weight: 2 },
  )
}
