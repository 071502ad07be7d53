import type { CanonicalAttributes, DropReason } from '../../src/protocol/types.ts'

/** Names of Pharos's own metrics: a dot and an underscore are the same in Prometheus, so neither may be imitated. */
export const isReservedName = (name: string): boolean => /^pharos[._]/.test(name)

const reasons: Readonly<Record<DropReason, true>> = {
  bad_name: true,
  bad_value: true,
  bad_attributes: true,
  bad_shape: true,
  bad_resource: true,
  reserved_name: true,
  unknown_metric: true,
  metric_limit: true,
  series_limit: true,
  filtered: true,
  outbox_full: true,
  expired: true,
  in_doubt: true,
  rejected: true,
  too_large: true,
}

/** The metric that a page reports about itself: its drops, by a known reason. */
export const isPageReport = (name: string, attributes: CanonicalAttributes): boolean => {
  const [reason, where] = attributes
  return (
    name === 'pharos.dropped' &&
    attributes.length === 2 &&
    reason?.[0] === 'reason' &&
    Object.hasOwn(reasons, reason[1]) &&
    where?.[0] === 'where' &&
    where[1] === 'page'
  )
}
