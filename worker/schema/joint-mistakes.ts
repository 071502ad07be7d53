import type { KindSpec } from '../model/destination-spec.ts'
import type { Mistake } from '../model/mistake.ts'
import { headerMistakes } from './headers.ts'
import { gaugeMistakes } from './mapping.ts'

type Written = Readonly<Record<string, unknown>>

/** Mistakes that keys of a destination make together. They see what is written, whatever else is wrong with it. */
export function jointMistakes(spec: KindSpec, written: Written): readonly Mistake[] {
  const { address, temporality, allowsContentType = false } = spec
  const isDelta = temporality === 'either' ? written['temporality'] === 'delta' : temporality === 'delta'
  return [
    ...(isDelta ? gaugeMistakes(written) : []),
    ...(address === 'none' ? [] : headerMistakes(written, { takenBy: takenBy(spec, written), allowsContentType })),
    ...addressMistakes(spec, written),
  ]
}

/** Headers that keys of the kind set: the header, and the key. */
function takenBy({ headers = {}, secrets = {} }: KindSpec, written: Written): Readonly<Record<string, string>> {
  const set = Object.entries(headers).filter(([key]) => written[key] !== undefined)
  return Object.fromEntries([...set, ...Object.entries(secrets)].map(([key, { header }]) => [header, key]))
}

function addressMistakes({ address, addressFrom }: KindSpec, written: Written): readonly Mistake[] {
  if (address === 'none' || written['url'] === undefined) return []
  return Object.keys(addressFrom?.schema ?? {})
    .filter((key) => written[key] !== undefined)
    .map((key) => ({ path: [key], advice: `give ${key} or url, not both` }))
}
