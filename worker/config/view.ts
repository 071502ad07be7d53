import type { ResolvedConfig } from './override.ts'
import { REDACTED, redactUrl } from '../schema/redact-url.ts'
import type { Credential } from '../model/destination-settings.ts'
import type { DestinationConfig } from '../destinations/index.ts'
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
export const viewConfig = ({ effective, override, mistakes }: ResolvedConfig): ConfigView => ({
  effective: showConfig(effective),
  override: override ? showOverride(override) : null,
  mistakes,
})

const showConfig = (config: Config): Config => ({ ...config, destinations: config.destinations.map(showDestination) })

function showDestination(destination: DestinationConfig): DestinationConfig {
  const shown = {
    ...destination,
    url: redactUrl(destination.url),
    headers: mapValues(destination.headers, () => REDACTED),
    credentials: destination.credentials.map(showCredential),
  }
  if (shown.kind !== 'http') return shown
  const { template, seriesTemplate } = shown
  return { ...shown, template: showTemplate(template), seriesTemplate: showTemplate(seriesTemplate) }
}

// Some services take their key as the user of basic authentication.
const showCredential = ({ header, secret, scheme, username }: Credential): Credential => ({
  header,
  secret,
  scheme,
  ...(username !== undefined && { username: REDACTED }),
})

/** The form of a template and its placeholders: text of the user's own may be a key that the receiver wants in the body. */
function showTemplate(template: unknown): unknown {
  if (typeof template === 'string') return /^\{\{[^{}]*\}\}$/.test(template) ? template : REDACTED
  if (Array.isArray(template)) return template.map(showTemplate)
  if (typeof template !== 'object' || template === null) return template
  return mapValues(template as Readonly<Record<string, unknown>>, showTemplate)
}

const showOverride = ({ destinations, ...rest }: ConfigOverride): ConfigOverride => ({
  ...rest,
  ...(destinations && {
    destinations: mapValues(destinations, (it) => (it.url === undefined ? it : { ...it, url: redactUrl(it.url) })),
  }),
})

const mapValues = <From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
