import type { ResolvedConfig } from './override.ts'
import { REDACTED, redactUrl } from '../schema/redact-url.ts'
import { kindOf } from '../destinations/kinds.ts'
import type { DestinationDefinition } from '../model/destination-definition.ts'
import type { Credential, DestinationSettings } from '../model/destination-settings.ts'
import { mapValues } from '../model/map-values.ts'
import type { Config, ConfigOverride } from './types.ts'

/** The body of `GET /v1/config`: for people to read, without anything that may be a secret. */
export interface ConfigView {
  /** The configuration in force: the deployed one with the changes at run time. */
  readonly effective: Config
  /** The changes at run time; null for none. */
  readonly override: ConfigOverride | null
  /** Why nothing of what was changed at run time holds: it does not fit what was deployed since. */
  readonly mistakes: readonly string[]
}

/** Secrets by name only, no value of a header, no user, password or value in the query of an address. */
export function viewConfig(resolved: ResolvedConfig, kinds: readonly DestinationDefinition[]): ConfigView {
  const { effective, override, mistakes } = resolved
  const destinations = effective.destinations.map((one) => showDestination(one, kindOf(kinds, one.kind)))
  return { effective: { ...effective, destinations }, override: override ? showOverride(override) : null, mistakes }
}

function showDestination(destination: DestinationSettings, { freeText }: DestinationDefinition): DestinationSettings {
  const own = Object.entries(destination).filter(([key]) => freeText.includes(key))
  return {
    ...destination,
    url: redactUrl(destination.url),
    headers: mapValues(destination.headers, () => REDACTED),
    credentials: destination.credentials.map(showCredential),
    ...Object.fromEntries(own.map(([key, value]) => [key, showFreeText(value)])),
  }
}

// Some services take their key as the user of basic authentication.
const showCredential = ({ header, secret, scheme, username }: Credential): Credential => ({
  header,
  secret,
  scheme,
  ...(username !== undefined && { username: REDACTED }),
})

/** The form of a value, and placeholders such as "{{name}}" in it: any other text may be a key that the receiver wants in the body. */
function showFreeText(template: unknown): unknown {
  if (typeof template === 'string') return /^\{\{[^{}]*\}\}$/.test(template) ? template : REDACTED
  if (Array.isArray(template)) return template.map(showFreeText)
  if (typeof template !== 'object' || template === null) return template
  return mapValues(template as Readonly<Record<string, unknown>>, showFreeText)
}

const showOverride = ({ destinations, ...rest }: ConfigOverride): ConfigOverride => ({
  ...rest,
  ...(destinations && {
    destinations: mapValues(destinations, (it) => (it.url === undefined ? it : { ...it, url: redactUrl(it.url) })),
  }),
})
