import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeEnvelope } from '../../../src/protocol/decode.ts'
import { encodeEnvelope } from '../../../src/protocol/envelope.ts'
import { accepts } from '../../support/schema.ts'
import { anySealedBatches } from '../../support/sealed.ts'
import { mutate, nastyValues, pathsOf } from '../../support/mutations.ts'

/** Reasons that may come from what the schema cannot say (docs/PROTOCOL.md, "Beyond the schema"). */
const beyondSchema = new Set(['bad_value'])

const verdict = (body: unknown): string[] => {
  const decoded = decodeEnvelope(body)
  return decoded.ok ? decoded.value.flatMap(({ dropped }) => dropped) : [decoded.error]
}

describe('docs/protocol.schema.json', () => {
  it('takes everything a page can send', () => {
    fc.assert(
      fc.property(anySealedBatches, ({ sealed, sentMs }) => {
        const body = JSON.parse(encodeEnvelope(sealed, sentMs))
        expect(accepts(body) ? [] : accepts.errors).toEqual([])
        expect(verdict(body)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('and the reader refuse the same, one change away from valid', () => {
    fc.assert(
      fc.property(anySealedBatches, fc.nat(), fc.constantFrom(...nastyValues), ({ sealed, sentMs }, at, value) => {
        const valid = JSON.parse(encodeEnvelope(sealed, sentMs))
        const paths = pathsOf(valid)
        const body = mutate(valid, paths[at % paths.length]!, value)
        const reasons = verdict(body)
        // Whatever only the reader refuses must be one of the things the schema cannot say.
        const agree = accepts(body) ? reasons.every((reason) => beyondSchema.has(reason)) : reasons.length > 0
        expect(agree ? '' : JSON.stringify({ body, reasons, errors: accepts.errors })).toBe('')
      }),
      { numRuns: 3_000 },
    )
    // Making the bodies takes most of the time.
  }, 180_000)
})
