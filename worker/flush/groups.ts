import type { DestinationHealth } from '../model/aggregator-api.ts'
import type { Config, DestinationGroup } from '../config/types.ts'
import type { PushBooks } from '../delivery/types.ts'

type Outcome = PushBooks['outcome']
type State = DestinationHealth['state']

/** The groups of the enabled destinations; one that is in none is a group of its own. */
export function groupsOf({
  groups,
  destinations,
}: Pick<Config, 'groups' | 'destinations'>): readonly DestinationGroup[] {
  const enabled = destinations.filter((destination) => destination.enabled).map(({ name }) => name)
  const isEnabled = new Set(enabled)
  const grouped = new Set(groups.flatMap((group) => group.destinations))
  return [
    ...groups
      .map((group) => ({ ...group, destinations: group.destinations.filter((name) => isEnabled.has(name)) }))
      .filter((group) => group.destinations.length > 0),
    ...enabled
      .filter((name) => !grouped.has(name))
      .map((name) => ({ name, strategy: 'all' as const, least: 1, destinations: [name] })),
  ]
}

/**
 * Pushes to every group, side by side, at most `maxParallel` pushes at once; no destination is pushed to twice. 'all' and 'atLeast' push
 * to every member. 'failover' goes down its list until one has taken something: what it refused after that it refused for itself, and
 * would be refused elsewhere too, or it comes with the next flush. Resolves when all is done, never rejects.
 */
export async function runGroups(
  groups: readonly DestinationGroup[],
  push: (name: string) => Promise<Outcome>,
  maxParallel: number,
): Promise<void> {
  const limited = createLimit(maxParallel)
  const pushes = new Map<string, Promise<Outcome>>()
  const pushOnce = (name: string): Promise<Outcome> => {
    const running = pushes.get(name) ?? limited(() => push(name)).catch((): Outcome => 'failed')
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

/** How many members must have what is counted. */
export function neededOf({ strategy, least, destinations }: DestinationGroup): number {
  if (strategy === 'atLeast') return least
  return strategy === 'failover' ? Math.min(1, destinations.length) : destinations.length
}

/** How a group is: 'ok' when as many as it needs are, 'unknown' when they still may be. */
export function groupState(group: DestinationGroup, stateOf: (name: string) => State): State {
  const states = group.destinations.map(stateOf)
  const count = (...wanted: readonly State[]): number => states.filter((state) => wanted.includes(state)).length
  const needed = neededOf(group)
  if (count('ok') >= needed) return 'ok'
  if (count('ok', 'unknown') >= needed) return 'unknown'
  return count('ok', 'unknown', 'failing') >= needed ? 'failing' : 'misconfigured'
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
      // The place is passed on directly, so that no other push takes it in between.
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
