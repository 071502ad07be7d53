import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { concatBytes } from '../../../worker/model/concat-bytes.ts'

it('has every byte of every part, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), (parts) => {
      expect([...concatBytes(parts)]).toEqual(parts.flatMap((part) => [...part]))
    }),
  )
})
