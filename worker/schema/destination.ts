import * as v from 'valibot'
import { secretName } from './addresses.ts'
import { destinationDefaults } from './destination-defaults.ts'
import { flag, matching, rules, strictObject, wholeNumber, type Mistake } from './fields.ts'
import {
  basicAuth,
  credentialsOf,
  headerMistakes,
  headers,
  headerSecrets,
  lowerCased,
  type WrittenCredentials,
} from './headers.ts'
import { gaugeMistakes, mapping } from './mapping.ts'
import { exclude, include, routeOf, where } from './route.ts'
import type { Route } from '../model/destination-settings.ts'
import type { DestinationConfig, DestinationKind } from '../destinations/index.ts'

const destinationName = matching(/^[A-Za-z0-9_-]{1,64}$/, 'give a short name of letters, digits, "-" and "_"')

/** The keys that a runtime configuration may change, without the address: see config/override.ts. */
export const tunableEntries: {
  readonly enabled: v.ExactOptionalSchema<v.GenericSchema<boolean>, undefined>
  readonly include: v.ExactOptionalSchema<v.GenericSchema<unknown, Route['include']>, undefined>
  readonly exclude: v.ExactOptionalSchema<v.GenericSchema<unknown, Route['exclude']>, undefined>
  readonly where: v.ExactOptionalSchema<v.GenericSchema<unknown, Route['where']>, undefined>
  readonly intervalMs: v.ExactOptionalSchema<v.GenericSchema<number>, undefined>
  readonly maxSeriesPerRequest: v.ExactOptionalSchema<v.GenericSchema<number>, undefined>
  readonly timeoutMs: v.ExactOptionalSchema<v.GenericSchema<number>, undefined>
} = {
  enabled: v.exactOptional(flag),
  include: v.exactOptional(include),
  exclude: v.exactOptional(exclude),
  where: v.exactOptional(where),
  intervalMs: v.exactOptional(wholeNumber(0, 86_400_000)),
  maxSeriesPerRequest: v.exactOptional(wholeNumber(1, 100_000)),
  timeoutMs: v.exactOptional(wholeNumber(100, 60_000)),
}

const localEntries = { name: destinationName, ...tunableEntries, mapping: v.exactOptional(mapping) }

const networkEntries = {
  headers: v.exactOptional(headers),
  bearerTokenSecret: v.exactOptional(secretName),
  basicAuth: v.exactOptional(basicAuth),
  headerSecrets: v.exactOptional(headerSecrets),
}

/** The keys of all destinations, without the address. */
export type DestinationBase = Omit<DestinationConfig, 'kind' | 'url'>

/** The keys that a kind adds to those of all destinations. */
export interface KindOptions<Entries extends v.ObjectEntries> {
  /** Its own keys. */
  readonly entries: Entries
  /** Where it sends to: a place on the network may want headers and credentials. */
  readonly place: 'network' | 'local'
  /** Least time between two flushes, where nothing is written. @default 0 */
  readonly intervalMs?: number
  /** Series in one request, where nothing is written. @default 2_000 */
  readonly maxSeriesPerRequest?: number
  /** Whether it gets what was added in a window, as far as what is written tells. */
  readonly isDelta?: (written: Readonly<Record<string, unknown>>) => boolean
  /** Headers that keys of its own set: the header, and the key. */
  readonly headersSetBy?: (written: Readonly<Record<string, unknown>>) => Readonly<Record<string, string>>
  readonly mistakes?: (written: Readonly<Record<string, unknown>>) => readonly Mistake[]
}

type Written = WrittenCredentials & Partial<Route> & Partial<Omit<DestinationBase, 'route' | 'credentials'>>

/** The schema of one kind of destination: what all have in common becomes what the worker uses, its own keys stay as they are. */
export function destinationSchema<const Kind extends DestinationKind, const Entries extends v.ObjectEntries>(
  kind: Kind,
  options: KindOptions<Entries>,
): v.GenericSchema<
  unknown,
  DestinationBase & { readonly kind: Kind } & v.InferOutput<v.StrictObjectSchema<Entries, string>>
> {
  const { entries, place, isDelta = () => false } = options
  const { intervalMs, maxSeriesPerRequest } = { ...destinationDefaults, ...options }
  const all = {
    kind: v.literal(kind),
    ...localEntries,
    ...(place === 'network' && networkEntries),
    ...entries,
  }
  const schema = v.pipe(
    strictObject(all, 'give an object with name, kind and what the kind needs'),
    rules((written) => [
      ...(isDelta(written) ? gaugeMistakes(written) : []),
      ...(place === 'network' ? headerMistakes(written, options.headersSetBy?.(written) ?? {}) : []),
      ...(options.mistakes?.(written) ?? []),
    ]),
    v.transform((written) => withDefaults(written as unknown as Written, { intervalMs, maxSeriesPerRequest })),
  )
  return schema as unknown as ReturnType<typeof destinationSchema<Kind, Entries>>
}

type KindDefaults = Pick<DestinationBase, 'intervalMs' | 'maxSeriesPerRequest'>

function withDefaults(written: Written, kindDefaults: KindDefaults): DestinationBase {
  const { bearerTokenSecret, basicAuth, headerSecrets, include, exclude, where, ...rest } = written
  return {
    ...destinationDefaults,
    ...kindDefaults,
    // The name is always there; TypeScript does not see it here.
    ...(rest as typeof rest & Pick<DestinationBase, 'name'>),
    headers: lowerCased(rest.headers ?? {}),
    credentials: credentialsOf({
      ...(bearerTokenSecret !== undefined && { bearerTokenSecret }),
      ...(basicAuth && { basicAuth }),
      ...(headerSecrets && { headerSecrets }),
    }),
    route: routeOf({
      ...(include && { include }),
      ...(exclude && { exclude }),
      ...(where && { where }),
    }),
  }
}
