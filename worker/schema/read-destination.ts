import * as v from 'valibot'
import { fail, ok, type Result } from '../../src/protocol/result.ts'
import type { DestinationSettings } from '../model/destination-settings.ts'
import type { KindSpec } from '../model/destination-spec.ts'
import type { Issue } from '../model/issue.ts'
import { type CommonSettings, localKeys, networkKeys } from './common-keys.ts'
import { issueOf, plainObject } from './fields.ts'
import { jointIssues } from './joint-issues.ts'
import { kindKeys } from './kind-keys.ts'

type Values<Value> = Readonly<Record<string, Value>>

/** A destination as it was checked, part by part. */
interface Parts {
  readonly common: CommonSettings
  readonly url: Values<string>
  readonly place: Values<unknown>
  readonly headers: Values<string>
  readonly secrets: Values<string>
  readonly own: Values<unknown>
}

/** The settings of a destination, with the keys of its kind. */
export type ReadSettings = DestinationSettings & Values<unknown>

/** Reads destinations of one kind. @returns the settings, or every mistake */
export function createDestinationReader(spec: KindSpec): (input: unknown) => Result<ReadSettings, readonly Issue[]> {
  const { kind, address, defaults: { intervalMs, maxSeriesPerRequest } = {} } = spec
  const limits = {
    ...(intervalMs !== undefined && { intervalMs }),
    ...(maxSeriesPerRequest !== undefined && { maxSeriesPerRequest }),
  }
  const common = address === 'none' ? localKeys : networkKeys
  const keys = kindKeys(spec)
  const parts: v.GenericSchema<unknown, Parts> = v.object({
    kind: v.object({ kind: v.literal(kind, `give "${kind}"`) }),
    common: common.schema,
    url: v.object(keys.url),
    place: v.object(keys.place),
    headers: v.object(keys.headers),
    secrets: v.object(keys.secrets),
    own: v.object(keys.own),
  })
  const known = new Set(['kind', ...common.names, ...Object.values(keys).flatMap((entries) => Object.keys(entries))])

  return (input) => {
    const shape = v.safeParse(plainObject('give an object with name, kind and what the kind needs'), input)
    if (!shape.success) return fail(shape.issues.map(issueOf))
    const written = { ...limits, ...shape.output }
    // Each part looks at all keys for its own; so the path of a mistake begins with the name of the part.
    const all = Object.fromEntries(['kind', 'common', ...Object.keys(keys)].map((part) => [part, written]))
    const read = v.safeParse(parts, all)
    const issues = [
      ...(read.issues ?? []).map(issueOf).map(({ path, message }) => ({ path: path.slice(1), message })),
      ...Object.keys(written)
        .filter((key) => !known.has(key))
        .map((key) => ({ path: [key], message: 'remove this key, or correct its spelling: it is not known' })),
      ...jointIssues(spec, written),
    ]
    return read.success && issues.length === 0 ? ok(settingsOf(spec, read.output)) : fail(issues)
  }
}

function settingsOf(spec: KindSpec, { common, url, place, headers, secrets, own }: Parts): ReadSettings {
  const header = (key: string, value: string): [string, string] => [spec.headers![key]!.header, value]
  return {
    ...common,
    kind: spec.kind,
    // A kind without an address of its own has to be given one.
    url: url['url'] ?? spec.addressFrom!.url({ ...place, name: common.name }),
    headers: {
      ...common.headers,
      ...Object.fromEntries(Object.entries(headers).map(([key, value]) => header(key, value))),
    },
    credentials: [
      ...common.credentials,
      ...Object.entries(secrets).map(([key, secret]) => ({
        header: spec.secrets![key]!.header,
        secret,
        scheme: 'plain' as const,
      })),
    ],
    ...own,
  }
}
