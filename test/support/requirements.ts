/** A part of the real world that a test needs and this machine has not. */
export class MissingRequirement extends Error {
  override readonly name = 'MissingRequirement'
}

/** What vitest hands to a test. */
interface TestContext {
  readonly task: { readonly name: string }
  readonly skip: (note?: string) => never
}

/**
 * Gets what a test needs. Where it cannot be had, the test is skipped and says how to get it; with `CI=true` it fails.
 * @example const chromium = await required(ctx, () => findChromium())
 */
export async function required<T>(context: TestContext, get: () => Promise<T>): Promise<T> {
  try {
    return await get()
  } catch (error) {
    if (process.env['CI'] || !(error instanceof MissingRequirement)) throw error
    console.warn(`NOT RUN: ${context.task.name}: ${error.message}`)
    return context.skip(error.message)
  }
}

/** Tries one way after another to get something; `howTo` tells the user what would help. */
export async function firstOf<T>(howTo: string, ways: readonly (() => Promise<T | undefined>)[]): Promise<T> {
  const reasons: string[] = []
  for (const way of ways) {
    try {
      const found = await way()
      if (found !== undefined) return found
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error))
    }
  }
  throw new MissingRequirement([howTo, ...reasons].join('\n  '))
}
