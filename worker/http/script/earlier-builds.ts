import type { AggregatorApi } from '../../model/aggregator-api.ts'
import { logError } from '../../log.ts'
import { serveKept, type ServedFile } from './served-file.ts'

/** How long the list of paths holds, ms: a build that another isolate has just kept is found after so long at most. */
const LIST_MS = 10_000

/** Files in memory: 1 MB at the most usual size. */
const MAX_FILES = 24

/** Finds a file of another build. @throws when the object cannot be asked */
export type FindEarlier = (path: string, aggregator: EarlierStorage) => Promise<ServedFile | undefined>

export type EarlierStorage = Pick<AggregatorApi, 'scriptPaths' | 'scriptFile'>

/**
 * Any client may ask for any hash, so the isolate keeps the list of all paths. However many unknown paths are asked for, it asks the
 * object once in ten seconds, also while the object is away, and nothing grows. Only before the first answer does each request ask. The
 * isolate reads a file from the object once, and checks it before it serves it.
 */
export function createFindEarlier(now: () => number): FindEarlier {
  const files = new Map<string, ServedFile>()
  let paths: ReadonlySet<string> | undefined
  let askAgainMs = 0
  /** Why the object could not be asked the last time. */
  let failure: unknown

  const isKept = async (path: string, aggregator: EarlierStorage): Promise<boolean> => {
    if (now() < askAgainMs && failure) throw failure
    if (!paths || now() >= askAgainMs) {
      // Set before the answer: requests of the meantime use the list of before.
      askAgainMs = now() + LIST_MS
      try {
        paths = new Set(await aggregator.scriptPaths([]))
        failure = undefined
      } catch (error) {
        failure = error
        throw error
      }
    }
    return paths.has(path)
  }

  return async (path, aggregator) => {
    const known = files.get(path)
    if (known) return known
    if (!(await isKept(path, aggregator))) return undefined
    const kept = await aggregator.scriptFile(path)
    if (!kept) return undefined
    const file = await serveKept(kept).catch((error: unknown) => {
      logError(`what is kept for ${path} is damaged`, error)
    })
    if (!file) return undefined
    if (files.size >= MAX_FILES) files.delete(files.keys().next().value!)
    files.set(path, file)
    return file
  }
}
