import type { KeptFile } from '../model/script-file.ts'
import { buildsToDrop, type KeptBuild } from './kept-builds.ts'

/** How often the date of a build that is still served is written, ms. */
const DAY_MS = 86_400_000

/** The paths of all files of a build. The first is the file behind the tag, which no other build has. */
export type BuildPaths = readonly string[]

/** The script files of this build and of earlier ones, in tables of their own. Every method throws what SQLite throws. */
export interface ScriptStore {
  /** All paths. @param served those of the present deployment: if it is kept, its age begins again */
  readonly paths: (served: BuildPaths, nowMs: number) => string[]
  /**
   * Keeps a build, and drops builds that are too many or too old. A file stays as long as any kept build has it.
   * @param files those of its files that are not kept yet
   */
  readonly keep: (build: BuildPaths, files: readonly KeptFile[], nowMs: number) => void
  readonly read: (path: string) => KeptFile | undefined
}

const CREATE = [
  // What is large comes last, so that a list of paths does not read it.
  'CREATE TABLE IF NOT EXISTS script (path TEXT PRIMARY KEY, bytes INTEGER, brotli_hash TEXT, body TEXT, brotli TEXT)',
  // A row for each file of each build; `build` is the path of the build's first file.
  `CREATE TABLE IF NOT EXISTS script_build
    (build TEXT, path TEXT, served_ms INTEGER, PRIMARY KEY (build, path)) WITHOUT ROWID`,
]

/** A file counts for the newest build that has it: it goes when that one goes. */
const SELECT_BUILDS = `SELECT servedMs, sum(bytes) AS bytes
  FROM (SELECT path, max(served_ms) AS servedMs FROM script_build GROUP BY path) JOIN script USING (path)
  GROUP BY servedMs ORDER BY servedMs`

export function openScriptStore(storage: DurableObjectStorage): ScriptStore {
  const { sql } = storage
  for (const statement of CREATE) sql.exec(statement)

  const newest = (where: string, ...bindings: readonly string[]): number | null =>
    sql.exec<{ ms: number | null }>(`SELECT max(served_ms) AS ms FROM script_build ${where}`, ...bindings).one().ms

  const servedMs = ([first = '']: BuildPaths): number | null => newest('WHERE build = ?', first)

  const note = (build: BuildPaths, nowMs: number): void => {
    // Later than every other date, even when the clock was set back, so that the build that was kept last is dropped last.
    const dateMs = Math.max(nowMs, (newest('') ?? 0) + 1)
    const row = 'INSERT OR REPLACE INTO script_build (build, path, served_ms) SELECT ?, value, ? FROM json_each(?)'
    sql.exec(row, build[0], dateMs, JSON.stringify(build))
  }

  const drop = (nowMs: number): void => {
    const builds = sql.exec<KeptBuild>(SELECT_BUILDS).toArray()
    const last = builds[buildsToDrop(builds, nowMs) - 1]
    if (!last) return
    sql.exec('DELETE FROM script_build WHERE served_ms <= ?', last.servedMs)
    sql.exec('DELETE FROM script WHERE path NOT IN (SELECT path FROM script_build)')
  }

  return {
    paths: (served, nowMs) => {
      const lastMs = servedMs(served)
      if (lastMs !== null && nowMs - lastMs > DAY_MS) note(served, nowMs)
      return sql
        .exec<{ path: string }>('SELECT path FROM script')
        .toArray()
        .map(({ path }) => path)
    },
    keep: (build, files, nowMs) => {
      storage.transactionSync(() => {
        note(build, nowMs)
        const row = 'INSERT OR REPLACE INTO script (path, bytes, brotli_hash, body, brotli) VALUES (?, ?, ?, ?, ?)'
        for (const { path, body, brotli, brotliHash } of files)
          sql.exec(row, path, body.length + brotli.length, brotliHash, body, brotli)
        drop(nowMs)
      })
    },
    read: (path) =>
      sql
        .exec<{ [key in keyof KeptFile]: string }>(
          'SELECT path, body, brotli, brotli_hash AS brotliHash FROM script WHERE path = ?',
          path,
        )
        .toArray()[0],
  }
}
