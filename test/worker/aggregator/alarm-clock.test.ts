import { describe, expect, it } from 'vitest'
import { createAlarmClock } from '../../../worker/aggregator/alarm-clock.ts'
import { withStorage } from './rig.ts'

const INTERVAL_MS = 3_600_000

describe('the alarm clock', () => {
  it.each<[string, (nowMs: number) => number | null, (nowMs: number) => number]>([
    ['sets an alarm that is missing', () => null, (nowMs) => nowMs + INTERVAL_MS],
    ['leaves one that will come', (nowMs) => nowMs + 5_000, (nowMs) => nowMs + 5_000],
  ])('%s', (_, before, after) =>
    withStorage(async (storage) => {
      const nowMs = Date.now()
      const alarmMs = before(nowMs)
      if (alarmMs !== null) await storage.setAlarm(alarmMs)
      await createAlarmClock({ storage, now: () => nowMs, intervalMs: () => INTERVAL_MS }).watch()
      expect(await storage.getAlarm()).toBe(after(nowMs))
      await storage.deleteAlarm()
    }),
  )

  it('sets one again that is more than two intervals overdue', () =>
    withStorage(async (storage) => {
      const alarmMs = Date.now() + INTERVAL_MS
      await storage.setAlarm(alarmMs)
      let nowMs = alarmMs + 2 * INTERVAL_MS
      const { watch } = createAlarmClock({ storage, now: () => nowMs, intervalMs: () => INTERVAL_MS })
      await watch()
      expect(await storage.getAlarm()).toBe(alarmMs)
      nowMs += INTERVAL_MS
      await watch()
      expect(await storage.getAlarm()).toBe(nowMs + INTERVAL_MS)
      await storage.deleteAlarm()
    }))

  it('looks at storage once an interval', () =>
    withStorage(async (storage) => {
      const looks: number[] = []
      let nowMs = 0
      const counted = {
        setAlarm: storage.setAlarm.bind(storage),
        getAlarm: () => {
          looks.push(nowMs)
          return Promise.resolve(nowMs)
        },
      }
      const { watch } = createAlarmClock({ storage: counted, now: () => nowMs, intervalMs: () => 100 })
      for (; nowMs < 1_000; nowMs += 10) await watch()
      expect(looks).toHaveLength(10)
    }))

  it('sets nothing when there is nothing to wake up for', () =>
    withStorage(async (storage) => {
      const clock = createAlarmClock({ storage, now: () => 0, intervalMs: () => undefined })
      await clock.rearm()
      await clock.watch()
      expect(await storage.getAlarm()).toBeNull()
    }))
})
