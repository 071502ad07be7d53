import * as v from 'valibot'
import { isObject } from '../../src/protocol/json.ts'
import { secretName } from './addresses.ts'
import { matching, record, strictObject } from './fields.ts'
import type { Credential } from '../model/destination-settings.ts'
import type { Issue } from '../model/issue.ts'

// Field names and content as fetch takes them (RFC 9110, 5.1 and 5.5): anything else would make every request throw.
const headerName = matching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is not a header name: use letters, digits and "-"')

/** Header names and values, as text. */
export const headers: v.GenericSchema<unknown, Readonly<Record<string, string>>> = record(
  headerName,
  matching(/^[\x20-\x7e]*$/, 'give the header as text of printable ASCII characters'),
  'give an object of header names and values',
)

/** Header names, and the names of the secrets they carry. */
export const headerSecrets: v.GenericSchema<unknown, Readonly<Record<string, string>>> = record(
  headerName,
  secretName,
  'give an object of header names and names of secrets',
)

export const basicAuth: v.GenericSchema<unknown, { readonly username: string; readonly passwordSecret: string }> =
  strictObject(
    {
      // RFC 7617, 2: a colon ends the user's name.
      username: matching(/^[\x20-\x39\x3b-\x7e]{1,256}$/, 'give the user as printable ASCII characters without ":"'),
      passwordSecret: secretName,
    },
    'give an object with username and passwordSecret',
  )

/** How a destination's secrets are written. */
export interface WrittenCredentials {
  readonly bearerTokenSecret?: string
  readonly basicAuth?: { readonly username: string; readonly passwordSecret: string }
  readonly headerSecrets?: Readonly<Record<string, string>>
}

export function credentialsOf({ bearerTokenSecret, basicAuth, headerSecrets = {} }: WrittenCredentials): Credential[] {
  const credentials: Credential[] = []
  if (bearerTokenSecret) credentials.push({ header: 'authorization', secret: bearerTokenSecret, scheme: 'bearer' })
  if (basicAuth) {
    const { username, passwordSecret: secret } = basicAuth
    credentials.push({ header: 'authorization', secret, scheme: 'basic', username })
  }
  for (const [name, secret] of Object.entries(headerSecrets))
    credentials.push({ header: name.toLowerCase(), secret, scheme: 'plain' })
  return credentials
}

export const lowerCased = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

const FRAMING = /^(host|connection|keep-alive|te|trailer|upgrade|transfer-encoding|content-(length|encoding))$/
const SECRET = /authorization|cookie|api-?key|license-?key|token|secret|password/

/** What a kind of destination says about its headers. */
export interface HeaderRules {
  /** Headers that other keys set: the header, and the key. */
  readonly takenBy: Readonly<Record<string, string>>
  readonly allowsContentType: boolean
}

/** Mistakes in the headers of a destination as a whole. */
export function headerIssues(
  written: Readonly<Record<string, unknown>>,
  { takenBy, allowsContentType }: HeaderRules,
): readonly Issue[] {
  const issues: Issue[] = []
  const setBy = new Map(Object.entries(takenBy))
  if (written['basicAuth'] !== undefined) setBy.set('authorization', 'basicAuth')
  if (written['bearerTokenSecret'] !== undefined) {
    if (setBy.has('authorization'))
      issues.push({ path: ['basicAuth'], message: 'give basicAuth or bearerTokenSecret, not both' })
    setBy.set('authorization', 'bearerTokenSecret')
  }
  for (const key of ['headerSecrets', 'headers'] as const) {
    for (const name of isObject(written[key]) ? Object.keys(written[key]) : []) {
      const message = headerMessage(key, name.toLowerCase(), setBy.get(name.toLowerCase()))
      if (message) issues.push({ path: [key, name], message })
      setBy.set(name.toLowerCase(), key)
    }
  }
  if (!allowsContentType && isObject(written['headers']))
    for (const name of Object.keys(written['headers']))
      if (name.toLowerCase() === 'content-type')
        issues.push({
          path: ['headers', name],
          message: 'remove this header: this kind of destination sets it itself',
        })
  return issues
}

function headerMessage(key: 'headers' | 'headerSecrets', name: string, setBy: string | undefined): string | undefined {
  if (FRAMING.test(name)) return 'remove this header: it is set with every request'
  if (setBy) return `remove this header: ${setBy} sets it already`
  if (key === 'headers' && SECRET.test(name))
    return 'this header carries a secret: name the secret with bearerTokenSecret, basicAuth or headerSecrets'
  return undefined
}
