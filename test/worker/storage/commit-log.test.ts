import { describe, expect, it } from 'vitest'
import { SELF_COMMIT_MS } from '../../../worker/storage/commit-log.ts'
import { BEACONS_PER_ROW } from '../../../worker/storage/commit-window.ts'
import { selfSeries } from '../../../worker/model/self-counts.ts'
import { seriesKey } from '../../../worker/model/series-key.ts'
import { batch, key, openRig, rowsIn, totalsOf, withStorage, type Point, type Rig } from '../aggregator/rig.ts'

const clicks = key('clicks')
const own = (name: string, ...attributes: [string, string][]): string =>
  seriesKey(selfSeries('counter', name, attributes))
const totalOf = ({ state }: Rig, series: string): unknown => state.totals.get(series)?.total
const rowsWritten = (storage: DurableObjectStorage): number =>
  storage.sql.exec<{ n: number }>('SELECT coalesce(max(number), 0) AS n FROM log').one().n

/** Makes the next write of a table fail as a full or lost disk would. */
const breakTable = (storage: DurableObjectStorage, table: string): (() => void) => {
  storage.sql.exec(`CREATE TRIGGER broken BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
  return () => storage.sql.exec('DROP TRIGGER broken')
}

describe('group commit', () => {
  it('writes one row for all beacons of a moment, and acknowledges after it', () =>
    withStorage(async (storage) => {
      const rig = openRig(storage)
      let acknowledged = 0
      const waits = Array.from({ length: 50 }, (_, i) => rig.ingest(batch(`s${i}`, 1))!.then(() => acknowledged++))
      await Promise.resolve()
      expect([acknowledged, rowsWritten(storage), totalOf(rig, clicks)]).toEqual([0, 0, undefined])
      rig.fire()
      await Promise.all(waits)
      expect([acknowledged, rowsWritten(storage), totalOf(rig, clicks)]).toEqual([50, 1, [50]])
    }))

  it('lets a duplicate of a batch that is gathering wait for its group', () =>
    withStorage(async (storage) => {
      const rig = openRig(storage)
      const first = rig.ingest(batch('s', 1))
      const second = rig.ingest(batch('s', 1), batch('s', 1))
      expect(second).toBe(first)
      rig.fire()
      await second
      expect(totalOf(rig, clicks)).toEqual([1])
      expect(totalOf(rig, own('pharos.batches', ['outcome', 'duplicate']))).toEqual([2])
    }))

  it('acknowledges a duplicate of long ago at once, and writes nothing for it', () =>
    withStorage((storage) => {
      const rig = openRig(storage)
      void rig.ingest(batch('s', 1))
      rig.fire()
      expect(rig.ingest(batch('s', 1))).toBeUndefined()
      expect(rowsWritten(storage)).toBe(1)
      expect(rig.delaysMs()).toEqual([SELF_COMMIT_MS])
    }))

  it('changes nothing when storage refuses, tells all who wait, and goes on afterwards', () =>
    withStorage(async (storage) => {
      const rig = openRig(storage, { limits: { maxSeries: 4, maxSeriesPerMetric: 2, maxMetrics: 2 } })
      void rig.ingest(batch('s', 1))
      rig.fire()
      const before = totalsOf(rig.state)
      const repair = breakTable(storage, 'log')
      const waits = [
        rig.ingest(batch('s', 2)),
        rig.ingest(batch('t', 1, [[key('views'), [1]]])),
        rig.ingest(batch('s', 2)),
      ]
      rig.fire()
      for (const wait of waits) await expect(wait).rejects.toThrow('disk full')
      expect(rig.errors).toHaveLength(1)
      expect(totalsOf(rig.state)).toEqual(before)
      expect(rig.state.dedupe.has('s', 2)).toBe(false)
      repair()
      void rig.ingest(batch('s', 2))
      rig.fire()
      expect(totalOf(rig, clicks)).toEqual([2])
      rig.restart()
      expect(totalOf(rig, clicks)).toEqual([2])
    }))

  it('counts what was refused in the next row, or in one of its own soon', () =>
    withStorage((storage) => {
      const rig = openRig(storage)
      rig.log.counts.count(own('pharos.beacons', ['outcome', 'refused_bad_json']), 3)
      rig.log.countsChanged()
      rig.log.countsChanged()
      expect(rig.delaysMs()).toEqual([SELF_COMMIT_MS])
      rig.fire()
      rig.restart()
      expect(totalOf(rig, own('pharos.beacons', ['outcome', 'refused_bad_json']))).toEqual([3])
    }))

  it('counts every outcome of a batch once', () =>
    withStorage((storage) => {
      const rig = openRig(storage)
      const bad = { ...batch('s', 1), dropped: ['bad_name', 'bad_name'] as const }
      const empty = { ...batch('s', 2, []), dropped: ['bad_value'] as const }
      const confused = batch('s', 3, [[key('clicks', '/', 'histogram'), [1]]])
      void rig.ingest(bad, empty, confused)
      void rig.ingest(bad)
      rig.fire()
      expect(totalOf(rig, own('pharos.beacons', ['outcome', 'accepted']))).toEqual([2])
      expect(totalOf(rig, own('pharos.batches', ['outcome', 'accepted']))).toEqual([1])
      expect(totalOf(rig, own('pharos.batches', ['outcome', 'rejected']))).toEqual([2])
      expect(totalOf(rig, own('pharos.batches', ['outcome', 'duplicate']))).toEqual([1])
      expect(totalOf(rig, own('pharos.dropped', ['reason', 'bad_name'], ['where', 'edge']))).toEqual([2])
      expect(totalOf(rig, own('pharos.dropped', ['reason', 'bad_value'], ['where', 'edge']))).toEqual([2])
    }))

  it('splits a group that is too large for a row, and commits all of it or nothing', () =>
    withStorage(async (storage) => {
      const limits = { maxSeries: 30_000, maxSeriesPerMetric: 30_000, maxMetrics: 10 }
      const rig = openRig(storage, { limits })
      const fill = (session: string): Promise<void> => {
        const deltas = Array.from({ length: 8_000 }, (_, i) => [key('clicks', `${'x'.repeat(100)}${i}`), [1]] as Point)
        return rig.ingest(batch(session, 1, deltas))!
      }
      const wait = fill('s')
      rig.fire()
      await wait
      expect(rowsWritten(storage)).toBeGreaterThan(1)
      const longest = storage.sql.exec<{ n: number }>('SELECT max(length(CAST(body AS BLOB))) AS n FROM log').one().n
      expect(longest).toBeLessThan(2_000_000)
      const before = totalsOf(rig.state)
      const refused = fill('t')
      storage.sql.exec(
        `CREATE TRIGGER broken BEFORE INSERT ON log WHEN NEW.slot >= ${rowsWritten(storage) + 1} BEGIN SELECT RAISE(ABORT, 'disk full'); END`,
      )
      rig.fire()
      await expect(refused).rejects.toThrow('disk full')
      storage.sql.exec('DROP TRIGGER broken')
      rig.restart({ limits })
      expect(totalsOf(rig.state)).toEqual(before)
    }))

  it('shortens the hold when there are enough for a row', () =>
    withStorage((storage) => {
      const rig = openRig(storage)
      let sequence = 0
      const beacon = (): void => void rig.ingest(batch('s', ++sequence))
      for (let i = 0; i < 40; i++) {
        beacon()
        rig.fire()
        rig.nowMs += 25
      }
      beacon()
      expect(rig.delaysMs()[0]).toBeGreaterThan(50)
      for (let i = 1; i < BEACONS_PER_ROW; i++) beacon()
      expect(rig.delaysMs()).toEqual([0])
    }))
})

describe('snapshots', () => {
  it('use the slots of the log again: storage stays as large as it is', () =>
    withStorage((storage) => {
      const rig = openRig(storage, { slots: 10 })
      for (let i = 1; i <= 100; i++) {
        void rig.ingest(batch('s', i))
        rig.fire()
      }
      expect([rowsIn(storage, 'log'), rowsIn(storage, 'snapshot'), rowsIn(storage, 'head')]).toEqual([10, 1, 1])
      const before = totalsOf(rig.state)
      rig.restart({ slots: 10 })
      expect(totalsOf(rig.state)).toEqual(before)
      expect(totalOf(rig, clicks)).toEqual([100])
    }))

  it('that fail are put off, and nothing is lost meanwhile', () =>
    withStorage((storage) => {
      const rig = openRig(storage, { slots: 5 })
      const repair = breakTable(storage, 'snapshot')
      for (let i = 1; i <= 150; i++) {
        void rig.ingest(batch('s', i))
        rig.fire()
      }
      expect(rig.errors).toHaveLength(2)
      rig.restart({ slots: 5 })
      expect(totalOf(rig, clicks)).toEqual([150])
      repair()
      void rig.ingest(batch('s', 151))
      rig.fire()
      rig.restart({ slots: 5 })
      expect(totalOf(rig, clicks)).toEqual([151])
      expect(rig.state.dedupe.has('s', 151)).toBe(true)
    }))

  it('freeze sessions into few rows and remember them all after a restart', () =>
    withStorage((storage) => {
      const options = { maxHotWeight: 1_000, slots: 50 }
      const rig = openRig(storage, options)
      for (let i = 0; i < 5_000; i += 100) {
        void rig.ingest(...Array.from({ length: 100 }, (_, j) => batch(`session-${i + j}`, 1)))
        rig.fire()
      }
      expect(rig.state.dedupe.size()).toEqual({ hot: 0, cold: 5_000 })
      expect(rowsIn(storage, 'cold')).toBeLessThan(5_000 / 200)
      rig.restart({ ...options, seed: 77 })
      for (let i = 0; i < 5_000; i += 7) expect(rig.ingest(batch(`session-${i}`, 1))).toBeUndefined()
      void rig.ingest(batch('session-7', 2))
      rig.fire()
      rig.restart({ ...options, seed: 78 })
      expect(rig.state.dedupe.has('session-7', 1)).toBe(true)
      expect(rig.state.dedupe.has('session-7', 2)).toBe(true)
      expect(totalOf(rig, clicks)).toEqual([5_001])
    }))
})
