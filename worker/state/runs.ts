/** A set of indexes as runs: first index, how many, next first index, ... Thousands of neighbours are two numbers. */
export type Runs = readonly number[]

export function toRuns(indexes: Iterable<number>): Runs {
  const runs: number[] = []
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const end = runs.length > 0 ? runs.at(-2)! + runs.at(-1)! : -1
    if (index === end) runs[runs.length - 1]!++
    else if (index > end) runs.push(index, 1)
  }
  return runs
}

export function fromRuns(runs: Runs): number[] {
  const indexes: number[] = []
  for (let i = 0; i < runs.length; i += 2) for (let n = 0; n < runs[i + 1]!; n++) indexes.push(runs[i]! + n)
  return indexes
}
