import { fail, ok, type Result } from '../../src/protocol/result.ts'
import type { Credential } from '../model/destination-settings.ts'
import type { DeliverContext } from './context.ts'

export interface Credentials {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Takes every secret out of a text, in every form it may come back in. */
  readonly redact: (text: string) => string
}

/** The credentials of a destination, or a message that names what is wrong and no part of a secret. */
export function readCredentials(
  credentials: readonly Credential[],
  secret: DeliverContext['secret'],
): Result<Credentials, string> {
  const headers: Record<string, string> = {}
  const hidden: string[] = []
  for (const credential of credentials) {
    const value = secret(credential.secret)?.trim()
    const header = value ? headerValue(credential, value) : undefined
    if (!value || header === undefined) {
      const wrong = value ? MALFORMED[credential.scheme] : 'is not set'
      return fail(`the secret ${credential.secret} ${wrong}`)
    }
    headers[credential.header] = header
    hidden.push(...formsOf(value), header.replace(/^(?:Basic|Bearer) /, ''))
  }
  // The longest first: one may be a part of another.
  const longestFirst = [...new Set(hidden)].sort((a, b) => b.length - a.length)
  const redact = (text: string): string => longestFirst.reduce((left, form) => left.replaceAll(form, '[secret]'), text)
  return ok({ headers, redact })
}

const MALFORMED: Readonly<Record<Credential['scheme'], string>> = {
  plain: 'holds characters that no header can',
  bearer: 'is not a token',
  basic: 'holds control characters, or its user name a colon',
}

// Checked here because a runtime that refuses a header quotes its value.
function headerValue({ scheme, username = '' }: Credential, secret: string): string | undefined {
  if (scheme === 'plain') return /^[\x20-\x7e]+$/.test(secret) ? secret : undefined
  if (scheme === 'bearer') return /^[\x21-\x7e]+$/.test(secret) ? `Bearer ${secret}` : undefined
  // RFC 7617, 2: no colon in the user name, no control characters; UTF-8 where it matters.
  const isFit = !username.includes(':') && !/\p{Cc}/u.test(username + secret)
  return isFit ? `Basic ${base64(`${username}:${secret}`)}` : undefined
}

const formsOf = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret.toWellFormed()),
  JSON.stringify(secret).slice(1, -1),
  base64(secret),
]

const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)))
