/** Names that are remembered: more than a configuration allows of metrics. */
const MAX_NAMES = 10_000

/** Remembers what was decided for a name. */
export function memoizeName<T>(decide: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>()
  return (name) => {
    if (known.has(name)) return known.get(name)!
    if (known.size >= MAX_NAMES) known.clear()
    const decision = decide(name)
    known.set(name, decision)
    return decision
  }
}
