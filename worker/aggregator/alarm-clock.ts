/** The alarm of an object, which nothing can put to sleep for good. */
export interface AlarmClock {
  /** Sets the next alarm, first thing in an alarm: after a throw the platform tries 6 times more, then never again. */
  readonly rearm: () => Promise<void>
  /**
   * Sets the alarm when it is missing or more than two intervals overdue (seen in production, cloudflare-docs#18324).
   * Cheap: looks at storage at most once an interval.
   */
  readonly watch: () => Promise<void> | undefined
}

export interface AlarmClockPorts {
  readonly storage: Pick<DurableObjectStorage, 'getAlarm' | 'setAlarm'>
  /** The edge clock, ms since 1970. */
  readonly now: () => number
  /** Time to the next alarm, ms; undefined when there is nothing to wake up for. */
  readonly intervalMs: () => number | undefined
}

export function createAlarmClock({ storage, now, intervalMs }: AlarmClockPorts): AlarmClock {
  let lookAgainMs = 0

  const rearm = async (): Promise<void> => {
    const interval = intervalMs()
    if (interval !== undefined) await storage.setAlarm(now() + interval)
  }

  const look = async (interval: number): Promise<void> => {
    const alarmMs = await storage.getAlarm()
    if (alarmMs === null || now() - alarmMs > 2 * interval) await rearm()
  }

  return {
    rearm,
    watch: () => {
      const interval = intervalMs()
      if (interval === undefined || now() < lookAgainMs) return undefined
      lookAgainMs = now() + interval
      return look(interval)
    },
  }
}
