// Pure: no I/O of its own, no clock, no randomness.
import type { CanonicalAttributes } from '../../src/protocol/types.ts'
import type { AdmittedBatch } from '../types.ts'
import type { CommitLog, Group } from './commit-log.ts'
import { isHistogram, mergeInto } from './delta.ts'
import type { Ledger } from './ledger.ts'

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
    log.counts.count('pharos.batches', DUPLICATE)
    log.countsChanged()
  }
  const counts = joined?.counts ?? log.counts
  counts.count('pharos.beacons', ACCEPTED)
  if (joined) {
    joined.beacons++
    log.joined(joined)
  } else log.countsChanged()
  return (joined ?? awaited)?.committed
}

const outcome = (name: string): CanonicalAttributes => [['outcome', name]]
const ACCEPTED = outcome('accepted')
const REJECTED = outcome('rejected')
const DUPLICATE = outcome('duplicate')

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
    counts.count('pharos.dropped', [
      ['reason', reason],
      ['where', 'edge'],
    ])
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
  counts.count('pharos.batches', added > 0 ? ACCEPTED : REJECTED)
  counts.observe('pharos.batch_age', [], ageMs / 1_000)
}
