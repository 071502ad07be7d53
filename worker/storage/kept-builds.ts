/** How long a build is served after it was last deployed, ms. Two days more than is promised, because its date may be as old as that. */
export const KEPT_MS: number = 32 * 86_400_000

/** Builds beyond this many go when they are older than `KEPT_MS`. */
export const MAX_BUILDS = 40

/** Bytes of all builds: beyond it the oldest go, however old they are. */
export const MAX_BYTES = 8_000_000

/** A build that was deployed. */
export type KeptBuild = {
  /** When it was last served, ms since 1970. */
  readonly servedMs: number
  /** Of the files that no newer build has. */
  readonly bytes: number
}

/** How many builds are too many or too old. @param builds oldest first; the last one always stays */
export function buildsToDrop(builds: readonly KeptBuild[], nowMs: number): number {
  let bytes = builds.reduce((sum, build) => sum + build.bytes, 0)
  let dropped = 0
  for (const build of builds.slice(0, -1)) {
    const isOneTooMany = builds.length - dropped > MAX_BUILDS && nowMs - build.servedMs > KEPT_MS
    if (!isOneTooMany && bytes <= MAX_BYTES) break
    bytes -= build.bytes
    dropped++
  }
  return dropped
}
