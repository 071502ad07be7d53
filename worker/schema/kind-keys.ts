import * as v from 'valibot'
import type { KindSpec } from '../model/destination-spec.ts'
import { mapValues } from '../model/map-values.ts'
import { baseUrl, httpUrl, secretName } from './addresses.ts'
import { oneOf } from './fields.ts'
import { checkedBy, ownKeys } from './own-keys.ts'

type Entries<Value> = Readonly<Record<string, v.GenericSchema<unknown, Value>>>

/** The keys that a kind adds to those of every destination, by what they are for. */
export interface KindKeys {
  readonly url: Entries<string>
  /** In place of `url`. */
  readonly place: Entries<unknown>
  readonly headers: Entries<string>
  readonly secrets: Entries<string>
  /** What the exporter gets as it is. */
  readonly own: Entries<unknown>
}

export const kindKeys = (spec: KindSpec): KindKeys => ({
  url: urlKey(spec),
  place: ownKeys(spec.addressFrom?.schema ?? {}, {}),
  headers: mapValues(spec.headers ?? {}, ({ schema }) => v.exactOptional(checkedBy(schema))),
  secrets: mapValues(spec.secrets ?? {}, (secret) =>
    secret.default === undefined ? secretName : v.optional(secretName, secret.default),
  ),
  own: {
    ...ownKeys(spec.schema, spec.defaults ?? {}),
    ...(spec.temporality === 'either' && { temporality: v.optional(oneOf(['cumulative', 'delta']), 'cumulative') }),
  },
})

function urlKey({ address, addressFrom }: KindSpec): KindKeys['url'] {
  if (address === 'none') return {}
  const url = address === 'base' ? baseUrl : httpUrl
  return { url: addressFrom ? v.exactOptional(url) : url }
}
