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
 * Anybody may ask for any hash, so the isolate knows the list of all paths there are. However many unknown ones are asked for, the
 * object is asked once in ten seconds, also while it is away, and nothing grows. Only before the first answer does each request ask. A file is read from the object once, and checked before it is served.
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
      // Before the answer: requests that come meanwhile use the list that there is.
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
