import * as v from 'valibot'
import type { DestinationSettings, Route } from '../model/destination-settings.ts'
import { secretName } from './addresses.ts'
import { destinationDefaults } from './destination-defaults.ts'
import { flag, matching, wholeNumber } from './fields.ts'
import { basicAuth, credentialsOf, headers, headerSecrets, lowerCased } from './headers.ts'
import { mapping } from './mapping.ts'
import { exclude, include, routeOf, where } from './route.ts'

const name = matching(/^[A-Za-z0-9_-]{1,64}$/, 'give a short name of letters, digits, "-" and "_"')

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

const everyEntry = { name, ...tunableEntries, mapping: v.exactOptional(mapping) }

const networkEntries = {
  headers: v.exactOptional(headers),
  bearerTokenSecret: v.exactOptional(secretName),
  basicAuth: v.exactOptional(basicAuth),
  headerSecrets: v.exactOptional(headerSecrets),
}

/** The settings that every destination has, without those that its kind decides. */
export type CommonSettings = Omit<DestinationSettings, 'kind' | 'url'>

/** Keys, and the settings they become. */
export interface KeyGroup {
  readonly names: readonly string[]
  readonly schema: v.GenericSchema<unknown, CommonSettings>
}

const withRoute = ({ include, exclude, where, ...rest }: v.InferOutput<typeof localObject>): CommonSettings => ({
  ...destinationDefaults,
  ...rest,
  route: routeOf({ ...(include && { include }), ...(exclude && { exclude }), ...(where && { where }) }),
})

const localObject = v.object(everyEntry)
const networkObject = v.object({ ...everyEntry, ...networkEntries })

/** The common keys of a destination in the worker itself or its storage. */
export const localKeys: KeyGroup = {
  names: Object.keys(everyEntry),
  schema: v.pipe(localObject, v.transform(withRoute)),
}

/** The common keys of a destination that is reached over the network. */
export const networkKeys: KeyGroup = {
  names: Object.keys(networkObject.entries),
  schema: v.pipe(
    networkObject,
    v.transform(({ headers = {}, bearerTokenSecret, basicAuth, headerSecrets, ...rest }) => ({
      ...withRoute(rest),
      headers: lowerCased(headers),
      credentials: credentialsOf({
        ...(bearerTokenSecret !== undefined && { bearerTokenSecret }),
        ...(basicAuth && { basicAuth }),
        ...(headerSecrets && { headerSecrets }),
      }),
    })),
  ),
}
