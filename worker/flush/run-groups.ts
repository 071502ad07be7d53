import type { DestinationGroup } from '../config/types.ts'
import type { PushOutcome } from '../delivery/delivery.ts'

/**
 * Pushes to every group, side by side, at most `maxParallel` pushes at once, and to no destination twice. 'all' and 'atLeast'
 * push to every member. 'failover' goes down its list until one has taken something. A series that this one did not take
 * was refused for itself, and others would refuse it too, or it comes with the next flush. Never rejects.
 */
export async function runGroups(
  groups: readonly DestinationGroup[],
  push: (name: string) => Promise<PushOutcome>,
  maxParallel: number,
): Promise<void> {
  const limited = createLimit(maxParallel)
  const pushes = new Map<string, Promise<PushOutcome>>()
  const pushOnce = (name: string): Promise<PushOutcome> => {
    const running = pushes.get(name) ?? limited(() => push(name)).catch((): PushOutcome => 'failed')
    pushes.set(name, running)
    return running
  }
  const runGroup = async ({ strategy, destinations }: DestinationGroup): Promise<void> => {
    if (strategy !== 'failover') {
      await Promise.all(destinations.map(pushOnce))
      return
    }
    for (const name of destinations) {
      const outcome = await pushOnce(name)
      if (outcome === 'accepted' || outcome === 'partly') return
    }
  }
  await Promise.all(groups.map(runGroup))
}

/** Runs at most `most` tasks at once, in the order they came. */
function createLimit(most: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (task) => {
    if (running >= most) await new Promise<void>((resolve) => void waiting.push(resolve))
    else running++
    try {
      return await task()
    } finally {
      // The next task gets the turn directly, so that no other takes it in between.
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
