// Pure: no I/O, no clock, no randomness.
import { fail, ok, type Result } from '../../src/protocol/result.ts'
import type { DestinationConfig } from '../config/types.ts'
import type { DeliverContext } from './context.ts'

/** The bearer token of a destination, undefined where it needs none; or what is wrong, without any part of the secret. */
export function readBearerToken(
  { name, bearerTokenSecret }: DestinationConfig,
  secret: DeliverContext['secret'],
): Result<string | undefined, string> {
  if (bearerTokenSecret === undefined) return ok(undefined)
  const token = secret(bearerTokenSecret)?.trim()
  if (!token) return fail(`destination "${name}": the secret ${bearerTokenSecret} is not set`)
  // Checked here because a runtime that refuses a header quotes its value.
  if (!/^[\x21-\x7e]+$/.test(token))
    return fail(`destination "${name}": the secret ${bearerTokenSecret} is not a token`)
  return ok(token)
}
