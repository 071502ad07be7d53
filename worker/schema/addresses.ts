import * as v from 'valibot'
import { matching } from './fields.ts'
import { REDACTED } from './redact-url.ts'

const ADDRESS = 'give an address that begins with https:// (or http:// inside a network you trust)'
const MAX_URL_LENGTH = 2_048

const parsed = (url: string): URL | undefined => URL.parse(url) ?? undefined

/** The address of an HTTP endpoint. */
export const httpUrl: v.GenericSchema<string> = v.pipe(
  v.string(ADDRESS),
  v.check((url) => /^https?:$/.test(parsed(url)?.protocol ?? '') && url.length <= MAX_URL_LENGTH, ADDRESS),
  v.check(
    (url) => !(parsed(url)?.username || parsed(url)?.password),
    'take the user and the password out of the address: use basicAuth, with the password in a secret',
  ),
  // The output of `GET /v1/config` cannot be put back.
  v.check(
    (url) => !url.includes(REDACTED),
    'write the whole address: a part of it was left out where you have it from',
  ),
  v.check((url) => !url.includes('#'), 'leave out the # and what follows: it is never sent'),
)

/** An address to which the exporter adds a path of its own. */
export const baseUrl: v.GenericSchema<string> = v.pipe(
  httpUrl,
  v.check((url) => !url.includes('?'), 'give only the beginning of the address, without the ? and what follows'),
  v.transform((url) => url.replace(/\/+$/, '')),
)

/**
 * The name of a secret. In capitals, as is the custom: a secret itself, pasted here by mistake, hardly ever looks so, and names are
 * shown.
 */
export const secretName: v.GenericSchema<string> = v.pipe(
  matching(
    /^[A-Z][A-Z0-9_]{0,63}$/,
    'give the name of the secret in capitals, such as "PROMETHEUS_TOKEN"; never the secret itself',
  ),
  v.check(
    (name) => !['ADMIN_TOKEN', 'METRICS_TOKEN', 'PHAROS', 'AGGREGATOR'].includes(name),
    'this one belongs to the worker itself and may not be sent anywhere: use another secret',
  ),
)
