/**
 * The sequences seen of one session, from 1 up. A number `n` stands for 1 to n, which is all that an ordinary session
 * ever needs; with gaps it is a flat list of inclusive ranges, ascending, that do not touch.
 */
export type SequenceSet = number | number[]

export const EMPTY_SEQUENCES: SequenceSet = 0

/**
 * Ranges kept of one session: as many as a page with 1,000 waiting batches can leave open in the worst order. A session
 * with more is not an honest page. Then the lowest gap is closed, and sequences in it count as duplicates.
 */
export const MAX_RANGES = 500

export function hasSequence(set: SequenceSet, sequence: number): boolean {
  if (typeof set === 'number') return sequence <= set
  const range = rangeAtOrBefore(set, sequence)
  return range >= 0 && sequence <= set[range + 1]!
}

/** Returns the set with `sequence` in it; a list is changed in place. */
export function addSequence(set: SequenceSet, sequence: number): SequenceSet {
  if (typeof set === 'number') {
    if (sequence <= set) return set
    if (sequence === set + 1) return sequence
    return set === 0 ? [sequence, sequence] : [1, set, sequence, sequence]
  }
  const range = rangeAtOrBefore(set, sequence)
  if (range >= 0 && sequence <= set[range + 1]!) return set
  const next = range + 2
  const extendsLeft = range >= 0 && set[range + 1] === sequence - 1
  const extendsRight = set[next] === sequence + 1
  if (extendsLeft && extendsRight) set.splice(range + 1, 2)
  else if (extendsLeft) set[range + 1] = sequence
  else if (extendsRight) set[next] = sequence
  else set.splice(next, 0, sequence, sequence)
  if (set.length > 2 * MAX_RANGES) set.splice(1, 2)
  return set.length === 2 && set[0] === 1 ? set[1]! : set
}

/** The weight of a set in memory, in the units of MAX_HOT_WEIGHT: one for the session, one for each range of a list. */
export const weightOf = (set: SequenceSet): number => (typeof set === 'number' ? 1 : 1 + set.length / 2)

// Where the last range begins that starts at or before `sequence`; -2 when there is none.
function rangeAtOrBefore(ranges: readonly number[], sequence: number): number {
  let low = 0
  let high = ranges.length / 2
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ranges[2 * middle]! <= sequence) low = middle + 1
    else high = middle
  }
  return 2 * low - 2
}
