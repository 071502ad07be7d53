import type { KindSpec } from '../model/destination-spec.ts'
import type { Issue } from '../model/issue.ts'
import { temporalityOf } from '../model/temporality-of.ts'
import { headerIssues } from './headers.ts'
import { gaugeIssues } from './mapping.ts'

type Written = Readonly<Record<string, unknown>>

/** Mistakes that keys of a destination make together. They see what is written, whatever else is wrong with it. */
export function jointIssues(spec: KindSpec, written: Written): readonly Issue[] {
  const { address, temporality, allowsContentType = false } = spec
  return [
    ...(temporalityOf(temporality, written) === 'delta' ? gaugeIssues(written) : []),
    ...(address === 'none' ? [] : headerIssues(written, { takenBy: takenBy(spec, written), allowsContentType })),
    ...addressIssues(spec, written),
  ]
}

/** Headers that keys of the kind set: the header, and the key. */
function takenBy({ headers = {}, secrets = {} }: KindSpec, written: Written): Readonly<Record<string, string>> {
  const set = Object.entries(headers).filter(([key]) => written[key] !== undefined)
  return Object.fromEntries([...set, ...Object.entries(secrets)].map(([key, { header }]) => [header, key]))
}

function addressIssues({ address, addressFrom }: KindSpec, written: Written): readonly Issue[] {
  if (address === 'none' || written['url'] === undefined) return []
  return Object.keys(addressFrom?.schema ?? {})
    .filter((key) => written[key] !== undefined)
    .map((key) => ({ path: [key], message: `give ${key} or url, not both` }))
}
