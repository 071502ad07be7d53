import { counterKey, droppedAtEdge, histogramKey } from '../model/self-counts.ts'
import type { AdmittedBatch } from '../model/types.ts'
import type { CommitLog, Group } from './commit-log.ts'
import { isHistogram, mergeInto } from '../model/delta.ts'
import type { Ledger } from '../state/state.ts'

/**
 * Puts the batches of one beacon where they belong, each identity once.
 * @returns what must be committed before the beacon is acknowledged: nothing when all of it was long ago
 */
export function joinBatches(
  batches: readonly AdmittedBatch[],
  ledger: Ledger,
  log: CommitLog,
): Promise<void> | undefined {
  let joined: Group | undefined
  let awaited: Group | undefined
  for (const batch of batches) {
    if (isGathered(batch, log.group())) awaited = log.group()
    else if (!ledger.dedupe.has(batch.session, batch.sequence)) {
      joined = log.open()
      put(batch, joined, ledger)
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

const isGathered = ({ session, sequence }: AdmittedBatch, group: Group | undefined): boolean =>
  group?.seen.get(session)?.has(sequence) ?? false

/** Keys are resolved here, before the commit, so that a replay needs no limits. */
function put(
  { session, sequence, ageMs, deltas, dropped }: AdmittedBatch,
  group: Group,
  { cardinality }: Ledger,
): void {
  const sequences = group.seen.get(session)
  if (sequences) sequences.add(sequence)
  else group.seen.set(session, new Set([sequence]))
  const { counts } = group
  const drop = (reason: string): void => {
    counts.count(droppedAtEdge(reason))
  }
  dropped.forEach(drop)
  let added = 0
  for (const [key, delta] of deltas) {
    // A log with a histogram in a counter could not be replayed.
    const isOfItsKind = isHistogram(delta) === key.startsWith('["histogram"')
    const place = isOfItsKind ? cardinality.admit(key) : ({ ok: false, error: 'bad_value' } as const)
    if (!place.ok) {
      drop(place.error)
      continue
    }
    mergeInto(group.deltas, place.value, delta)
    added++
  }
  counts.count(added > 0 ? ACCEPTED_BATCHES : REJECTED_BATCHES)
  counts.observe(BATCH_AGE, ageMs / 1_000)
}
