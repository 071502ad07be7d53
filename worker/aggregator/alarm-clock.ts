/** Keeps the alarm of an object set, whatever happens to it. */
export interface AlarmClock {
  /**
   * Sets the next alarm. An alarm calls this first, because the platform retries an alarm that throws only 6 times
   * (https://developers.cloudflare.com/durable-objects/api/alarms/).
   */
  readonly rearm: () => Promise<void>
  /**
   * Sets the alarm when it is missing, or when it is more than two intervals overdue: alarms were seen in production that
   * never fire (https://github.com/cloudflare/cloudflare-docs/issues/18324). It reads storage at most once an interval.
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
  let checkAgainMs = 0

  const rearm = async (): Promise<void> => {
    const interval = intervalMs()
    if (interval !== undefined) await storage.setAlarm(now() + interval)
  }

  const check = async (interval: number): Promise<void> => {
    const alarmMs = await storage.getAlarm()
    if (alarmMs === null || now() - alarmMs > 2 * interval) await rearm()
  }

  return {
    rearm,
    watch: () => {
      const interval = intervalMs()
      if (interval === undefined || now() < checkAgainMs) return undefined
      checkAgainMs = now() + interval
      return check(interval)
    },
  }
}
