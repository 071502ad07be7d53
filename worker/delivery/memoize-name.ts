/** Most names that are remembered. No configuration allows as many metrics. */
const MAX_NAMES = 10_000

/** Remembers the decision for each name. */
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
