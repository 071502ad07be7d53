import type { AggregatorApi } from '../../model/aggregator-api.ts'
import { logError } from '../../log.ts'
import type { Script } from '../../model/script-file.ts'
import { toKeptFile } from './served-file.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/** Keeps a build in the object, for pages that ask for it after the next deploy. */
export type KeepBuild = (findAggregator: () => BuildStorage) => Promise<void> | undefined

export type BuildStorage = Pick<AggregatorApi, 'scriptPaths' | 'keepScript'>

/**
 * An isolate does it with its first request, and says once a day that the build is still deployed. Each time it is one question to the
 * object; the files travel once. Where it fails, the isolate tries again after 1, 2, 4 ... minutes, and at least once an hour: each try
 * may carry all files.
 */
export function createKeepBuild(script: Script, now: () => number): KeepBuild {
  let tries = 0
  let keepAgainMs = 0
  const attempt = async (findAggregator: () => BuildStorage): Promise<void> => {
    try {
      await keep(script, findAggregator)
      tries = 0
      keepAgainMs = now() + DAY_MS
    } catch (error) {
      logError('the script of this build is not kept for later yet', error)
    }
  }
  return (findAggregator) => {
    if (now() < keepAgainMs) return undefined
    // Set before the answer, which may never come: a Worker may end a request, and then its promises never settle.
    keepAgainMs = now() + Math.min(MINUTE_MS * 2 ** tries++, HOUR_MS)
    return attempt(findAggregator)
  }
}

async function keep({ main, parts }: Script, findAggregator: () => BuildStorage): Promise<void> {
  const aggregator = findAggregator()
  const files = [main, ...parts]
  const build = files.map(({ path }) => path)
  const kept = new Set(await aggregator.scriptPaths(build))
  const missing = files.filter(({ path }) => !kept.has(path))
  if (missing.length > 0) await aggregator.keepScript(build, await Promise.all(missing.map(toKeptFile)))
}
