import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { KEPT_MS, MAX_BUILDS, MAX_BYTES } from '../../../worker/storage/kept-builds.ts'
import { openScriptStore, type ScriptStore } from '../../../worker/storage/script-store.ts'
import type { KeptFile } from '../../../worker/model/script-file.ts'
import { withStorage } from '../aggregator/rig.ts'

const NOW_MS = 1_800_000_000_000
const DAY_MS = 86_400_000

const file = (path: string, size = 10): KeptFile => ({ path, body: 'b'.repeat(size), brotli: 'YnI=', brotliHash: 'x' })

const pathsOf = (...numbers: number[]): string[] => numbers.flatMap((number) => [`/main.${number}`, `/part.${number}`])

const keep = (store: ScriptStore, build: readonly string[], { nowMs = NOW_MS, size = 10 } = {}): void => {
  const kept = store.paths(build, nowMs)
  const missing = build.filter((path) => !kept.includes(path))
  const files = missing.map((path) => file(path, size))
  if (files.length) store.keep(build, files, nowMs)
}
it('gives back what was kept, also to the next object over the same storage', () =>
  withStorage((storage) => {
    const store = openScriptStore(storage)
    keep(store, pathsOf(1))
    expect(store.paths([], NOW_MS)).toEqual(pathsOf(1))
    expect(openScriptStore(storage).read('/part.1')).toEqual(file('/part.1'))
    expect(store.read('/part.2')).toBeUndefined()
  }))

it('drops the builds that have been out of use the longest, main file and parts together', () =>
  withStorage((storage) => {
    const store = openScriptStore(storage)
    for (let i = 0; i < MAX_BUILDS; i++) keep(store, pathsOf(i), { nowMs: NOW_MS + i })
    const laterMs = NOW_MS + KEPT_MS + 2
    keep(store, pathsOf(100), { nowMs: laterMs })
    expect(store.paths([], laterMs)).not.toContain('/main.0')
    expect(store.paths([], laterMs)).not.toContain('/part.0')
    expect(store.paths([], laterMs)).toHaveLength(2 * MAX_BUILDS)
    // Rolled back to the next one to go, which is in use again now.
    store.paths(pathsOf(1), laterMs + 1)
    keep(store, pathsOf(101), { nowMs: laterMs + 2 })
    expect(store.paths([], laterMs)).toEqual(expect.arrayContaining(pathsOf(1, 3, 100, 101)))
    expect(store.paths([], laterMs)).not.toContain('/main.2')
  }))

it('never holds more than 8 MB, and the newest build always', () =>
  withStorage((storage) => {
    const store = openScriptStore(storage)
    for (let i = 0; i < 10; i++) keep(store, pathsOf(i), { nowMs: NOW_MS + i, size: 500_000 })
    // With what stands for their brotli, eight would be a few bytes too many.
    expect(store.paths([], NOW_MS).toSorted()).toEqual(pathsOf(3, 4, 5, 6, 7, 8, 9).toSorted())
  }))

it('writes down once a day that a build is still served', () =>
  withStorage((storage) => {
    const store = openScriptStore(storage)
    const dates = (): unknown[] =>
      storage.sql
        .exec('SELECT DISTINCT served_ms AS date FROM script_build')
        .toArray()
        .map(({ date }) => date)
    keep(store, pathsOf(1))
    store.paths(pathsOf(1), NOW_MS + DAY_MS)
    expect(dates()).toEqual([NOW_MS])
    store.paths([], NOW_MS + DAY_MS + 1)
    expect(dates()).toEqual([NOW_MS])
    store.paths(pathsOf(1), NOW_MS + DAY_MS + 1)
    expect(dates()).toEqual([NOW_MS + DAY_MS + 1])
  }))

it('drops in the order of the deployments, also when the clock was set back between them', () =>
  withStorage((storage) => {
    const store = openScriptStore(storage)
    keep(store, pathsOf(1), { nowMs: NOW_MS, size: 1_500_000 })
    keep(store, pathsOf(2), { nowMs: NOW_MS - 365 * DAY_MS, size: 1_500_000 })
    keep(store, pathsOf(3), { nowMs: NOW_MS - 364 * DAY_MS, size: 1_500_000 })
    expect(store.paths([], NOW_MS).toSorted()).toEqual(pathsOf(2, 3).toSorted())
  }))

it('keeps a part as long as any build that has it, and counts its bytes once', () =>
  withStorage((storage) => {
    const store = openScriptStore(storage)
    const shared = (number: number): string[] => [`/main.${number}`, '/part.shared']
    keep(store, shared(0))
    for (let i = 1; i < MAX_BUILDS; i++) keep(store, shared(i), { nowMs: NOW_MS + i, size: 150_000 })
    expect(store.paths([], NOW_MS)).toHaveLength(MAX_BUILDS + 1)
    const laterMs = NOW_MS + KEPT_MS + MAX_BUILDS
    keep(store, pathsOf(100), { nowMs: laterMs })
    keep(store, pathsOf(101), { nowMs: laterMs + 1 })
    expect(store.paths([], laterMs)).not.toContain('/main.0')
    expect(store.paths([], laterMs)).not.toContain('/main.1')
    expect(store.read('/part.shared')).toEqual(file('/part.shared'))
    // Too large to leave room for any other.
    keep(store, pathsOf(102), { nowMs: laterMs + 2, size: 4_000_000 })
    expect(store.paths([], laterMs).toSorted()).toEqual(pathsOf(102))
  }))

it('keeps what the served build has, when it comes back after all others that have it were dropped', () =>
  withStorage((storage) => {
    const store = openScriptStore(storage)
    keep(store, ['/main.1', '/part.shared'], { size: 3_000_000 })
    keep(store, ['/main.2', '/part.shared'], { nowMs: NOW_MS + 1, size: 3_000_000 })
    expect(store.paths([], NOW_MS).toSorted()).toEqual(['/main.2', '/part.shared'])
    keep(store, pathsOf(3), { nowMs: NOW_MS + 2, size: 2_000_000 })
    expect(store.paths([], NOW_MS).toSorted()).toEqual(pathsOf(3))
    keep(store, ['/main.2', '/part.shared'], { nowMs: NOW_MS + 3 })
    expect(store.paths([], NOW_MS).toSorted()).toEqual(['/main.2', '/main.3', '/part.3', '/part.shared'])
  }))

it('opens the table of an older release, and keeps builds in it', () =>
  withStorage((storage) => {
    storage.sql.exec('DROP TABLE IF EXISTS script')
    storage.sql.exec(
      'CREATE TABLE script (path TEXT PRIMARY KEY, served_ms INTEGER, bytes INTEGER, brotli_hash TEXT, body TEXT, brotli TEXT)',
    )
    const store = openScriptStore(storage)
    storage.sql.exec("INSERT INTO script VALUES ('/main.0', 1, 10, 'x', 'b', 'YnI=')")
    const laterMs = NOW_MS + KEPT_MS + MAX_BUILDS
    for (let i = 1; i <= MAX_BUILDS; i++) keep(store, pathsOf(i), { nowMs: NOW_MS + i })
    expect(store.read('/main.0')).toMatchObject({ body: 'b' })
    keep(store, pathsOf(100), { nowMs: laterMs })
    // No build is known that has it.
    expect(store.read('/main.0')).toBeUndefined()
    expect(store.read('/part.100')).toEqual(file('/part.100'))
  }))

const anyDeploy = fc.record({
  // A build's main file names its parts, so that equal builds are equal parts.
  parts: fc.uniqueArray(fc.nat(5), { minLength: 1, maxLength: 3 }),
  days: fc.integer({ min: -40, max: 40 }),
  size: fc.constantFrom(10, 500_000, 900_000),
})

it('whatever is deployed in which order: each build has all its files or none, the last has them, and nothing else is there', async () => {
  const check =
    (deploys: readonly { parts: number[]; days: number; size: number }[]) => (storage: DurableObjectStorage) => {
      const store = openScriptStore(storage)
      const builds = new Map<string, readonly string[]>()
      let nowMs = NOW_MS
      for (const { parts, days, size } of deploys) {
        const build = [`/main.${parts.join('-')}`, ...parts.map((part) => `/part.${part}`)]
        builds.set(build[0]!, build)
        nowMs += days * DAY_MS
        keep(store, build, { nowMs, size })
        const kept = store.paths([], nowMs)
        expect(kept).toEqual(expect.arrayContaining(build))
        const whole = [...builds.values()].filter(([main]) => kept.includes(main!))
        expect(new Set(kept)).toEqual(new Set(whole.flat()))
        const { bytes } = storage.sql.exec<{ bytes: number }>('SELECT sum(bytes) AS bytes FROM script').one()
        expect(bytes).toBeLessThanOrEqual(MAX_BYTES)
      }
    }
  const plan = fc.asyncProperty(fc.array(anyDeploy, { minLength: 1, maxLength: 12 }), (deploys) =>
    withStorage(check(deploys)),
  )
  await fc.assert(plan, { numRuns: 60 })
})
