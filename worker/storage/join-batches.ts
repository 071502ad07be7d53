import { counterKey, droppedAtEdge, histogramKey } from '../model/self-counts.ts'
import type { AdmittedBatch } from '../model/types.ts'
import type { CommitLog, OpenCommit } from './commit-log.ts'
import { isHistogram, mergeInto } from '../model/delta.ts'
import type { State } from '../state/state.ts'

/**
 * Puts the batches of one beacon into the commit that is gathering, each identity once.
 * @returns the commit that must succeed before the beacon is acknowledged; undefined when every batch was committed before
 */
export function joinBatches(
  batches: readonly AdmittedBatch[],
  state: State,
  log: CommitLog,
): Promise<void> | undefined {
  let joined: OpenCommit | undefined
  let awaited: OpenCommit | undefined
  for (const batch of batches) {
    if (isGathered(batch, log.gathering())) awaited = log.gathering()
    else if (!state.dedupe.has(batch.session, batch.sequence)) {
      joined = log.open()
      put(batch, joined, state)
      continue
    }
    log.counts.count(DUPLICATE_BATCHES)
    log.countsChanged()
  }
  const counts = joined?.counts ?? log.counts
  counts.count(ACCEPTED_BEACONS)
  if (joined) {
    joined.beacons++
    log.joined(joined)
  } else log.countsChanged()
  return (joined ?? awaited)?.committed
}

const ACCEPTED_BEACONS = counterKey('pharos.beacons', [['outcome', 'accepted']])
const ACCEPTED_BATCHES = counterKey('pharos.batches', [['outcome', 'accepted']])
const REJECTED_BATCHES = counterKey('pharos.batches', [['outcome', 'rejected']])
const DUPLICATE_BATCHES = counterKey('pharos.batches', [['outcome', 'duplicate']])
const BATCH_AGE = histogramKey('pharos.batch_age', [])

const isGathered = ({ session, sequence }: AdmittedBatch, commit: OpenCommit | undefined): boolean =>
  commit?.seen.get(session)?.has(sequence) ?? false

/** Keys are resolved here, before the commit, so that a replay needs no limits. */
function put(
  { session, sequence, ageMs, deltas, dropped }: AdmittedBatch,
  commit: OpenCommit,
  { cardinality }: State,
): void {
  const sequences = commit.seen.get(session)
  if (sequences) sequences.add(sequence)
  else commit.seen.set(session, new Set([sequence]))
  const { counts } = commit
  const drop = (reason: string): void => {
    counts.count(droppedAtEdge(reason))
  }
  dropped.forEach(drop)
  let added = 0
  for (const [key, delta] of deltas) {
    // A replay would throw on a log that adds a histogram to a counter.
    const isOfItsKind = isHistogram(delta) === key.startsWith('["histogram"')
    const admitted = isOfItsKind ? cardinality.admit(key) : ({ ok: false, error: 'bad_value' } as const)
    if (!admitted.ok) {
      drop(admitted.error)
      continue
    }
    mergeInto(commit.deltas, admitted.value, delta)
    added++
  }
  counts.count(added > 0 ? ACCEPTED_BATCHES : REJECTED_BATCHES)
  counts.observe(BATCH_AGE, ageMs / 1_000)
}
