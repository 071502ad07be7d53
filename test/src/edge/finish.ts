import { vi } from 'vitest'

/** Lets time run until `work` settles. */
export async function finish<Value>(work: Promise<Value>): Promise<Value> {
  const settled: unknown[] = []
  const done = work.finally(() => settled.push(true))
  while (settled.length === 0) await vi.advanceTimersByTimeAsync(100)
  return done
}
