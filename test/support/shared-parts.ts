import { afterAll, beforeAll, beforeEach } from 'vitest'
import { stopPrograms } from './processes.ts'
import { MissingRequirement } from './requirements.ts'

/**
 * Starts parts of the real world once for all tests of a file, and closes them after the last one. Where they cannot be had, the
 * tests are skipped and say how to get them; with `CI=true` they fail.
 * @returns what gives the parts, inside a test
 */
export function shareParts<Parts extends { readonly close: () => Promise<void> }>(
  start: () => Promise<Parts>,
): () => Parts {
  let parts: Parts | undefined
  let missing: MissingRequirement | undefined

  beforeAll(async () => {
    try {
      parts = await start()
    } catch (error) {
      if (process.env['CI'] || !(error instanceof MissingRequirement)) throw error
      missing = error
    }
  })

  beforeEach((context) => {
    if (missing) context.skip(missing.message)
  })

  afterAll(async () => {
    await parts?.close()
    await stopPrograms()
  })

  return () => parts!
}
