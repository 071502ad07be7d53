import type { DestinationDefinition, KindTemporality } from '../model/destination-definition.ts'
import type { ConfigOf, DestinationSpec, KindSpec } from '../model/destination-spec.ts'
import type { Checks } from '../model/standard-schema.ts'
import { networkKeys } from '../schema/common-keys.ts'
import { createDestinationReader } from '../schema/read-destination.ts'

/**
 * A kind of destination. Its `createExporter` is pure: the worker adds credentials, compresses, sends, retries, splits refused
 * requests and remembers accepted ones. Throws where the kind contradicts itself.
 * @example docs/EXPORTERS.md, "Your own destination"
 */
export function defineDestination<
  const Kind extends string,
  Own extends Checks,
  const Time extends KindTemporality,
  Place extends Checks,
>(spec: DestinationSpec<Kind, Own, Time, Place>): DestinationDefinition<ConfigOf<Kind, Own, Time>> {
  const { kind, address, temporality, createExporter, defaults = {}, freeText = [], docs } = spec
  const issues = specIssues(spec)
  if (issues.length > 0) throw new Error(`the kind of destination "${kind}": ${issues.join('; ')}`)
  // What passes the checks has the types of the checks.
  const read = createDestinationReader(spec) as DestinationDefinition<ConfigOf<Kind, Own, Time>>['read']
  return { kind, address, temporality, defaults, freeText, read, createExporter, ...(docs && { docs }) }
}

function specIssues({
  kind,
  address,
  addressFrom,
  schema,
  defaults = {},
  headers = {},
  secrets = {},
}: KindSpec): string[] {
  const taken = new Set(['kind', 'url', 'temporality', ...networkKeys.names])
  const own = [schema, headers, secrets, addressFrom?.schema ?? {}].flatMap((keys) => Object.keys(keys))
  const networkOnly = [...Object.keys(headers), ...Object.keys(secrets)]
  return [
    ...(/^[a-z][a-z0-9-]*$/.test(kind) ? [] : ['name it with lower-case letters, digits and "-"']),
    ...(address === 'none' && !addressFrom ? ['give addressFrom: a kind without an address needs a place'] : []),
    ...(address === 'none' ? networkOnly.map((key) => `remove "${key}": a local place gets no headers`) : []),
    ...own.filter((key) => taken.has(key)).map((key) => `rename the key "${key}": every destination may have it`),
    ...own.filter((key, i) => own.indexOf(key) !== i).map((key) => `name the key "${key}" once`),
    ...Object.keys(defaults)
      .filter((key) => !Object.hasOwn(schema, key) && key !== 'intervalMs' && key !== 'maxSeriesPerRequest')
      .map((key) => `remove the default of "${key}": the schema has no such key`),
  ]
}
