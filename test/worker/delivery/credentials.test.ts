import { describe, expect, it } from 'vitest'
import type { Credential } from '../../../worker/model/destination-settings.ts'
import { readCredentials } from '../../../worker/delivery/credentials.ts'

const bearer: Credential = { header: 'authorization', secret: 'TOKEN', scheme: 'bearer' }
const basic: Credential = { header: 'authorization', secret: 'PASSWORD', scheme: 'basic', username: '1234' }
const plain: Credential = { header: 'dd-api-key', secret: 'KEY', scheme: 'plain' }

const read = (
  credentials: readonly Credential[],
  secrets: Readonly<Record<string, string>>,
): ReturnType<typeof readCredentials> => readCredentials(credentials, (name) => secrets[name])

describe('readCredentials', () => {
  it.each<[string, Credential[], Record<string, string>, Record<string, string>]>([
    ['none', [], { TOKEN: 'x' }, {}],
    ['a token', [bearer], { TOKEN: 'abc-._~+/=' }, { authorization: 'Bearer abc-._~+/=' }],
    ['a token with a line end, as files have', [bearer], { TOKEN: 'abc\n' }, { authorization: 'Bearer abc' }],
    // The example of RFC 7617, 2 and the one of 2.1.
    [
      'a password',
      [{ ...basic, username: 'Aladdin' }],
      { PASSWORD: 'open sesame' },
      { authorization: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==' },
    ],
    [
      'a password beyond ASCII',
      [{ ...basic, username: 'test' }],
      { PASSWORD: '123£' },
      { authorization: 'Basic dGVzdDoxMjPCow==' },
    ],
    ['a key as it is', [plain], { KEY: 'a b' }, { 'dd-api-key': 'a b' }],
    ['several', [plain, bearer], { KEY: 'k', TOKEN: 't' }, { 'dd-api-key': 'k', authorization: 'Bearer t' }],
  ])('takes %s', (...[, credentials, secrets, expected]) => {
    const result = read(credentials, secrets)
    expect(result.ok && result.value.headers).toEqual(expected)
  })

  it.each<[string, Credential, string | undefined, string]>([
    ['a missing one', bearer, undefined, 'the secret TOKEN is not set'],
    ['an empty one', bearer, ' \n', 'the secret TOKEN is not set'],
    ['a token in two lines', bearer, 'abc\ndef', 'the secret TOKEN is not a token'],
    ['a key beyond ASCII', plain, 'abcé', 'the secret KEY holds characters that no header can'],
    [
      'a password in two lines',
      basic,
      'abc\ndef',
      'the secret PASSWORD holds control characters, or its user name a colon',
    ],
    [
      'a user name that ends early',
      { ...basic, username: 'a:b' },
      'abc',
      'the secret PASSWORD holds control characters, or its user name a colon',
    ],
  ])('refuses %s, and says which without showing it', (...[, credential, value, error]) => {
    const result = read([credential], value === undefined ? {} : { [credential.secret]: value })
    expect(result).toEqual({ ok: false, error })
  })

  it.each([
    ['as it is', 'sent pass"word/1 to it'],
    ['in JSON', 'sent pass\\"word/1 to it'],
    ['in a query', 'sent pass%22word%2F1 to it'],
    ['as base64', `sent ${btoa('pass"word/1')} to it`],
    ['as the header holds it', `sent ${btoa('1234:pass"word/1')} to it`],
  ])('redacts a secret that comes back %s', (_how, text) => {
    const result = read([basic], { PASSWORD: 'pass"word/1' })
    expect(result.ok && result.value.redact(text)).toBe('sent [secret] to it')
  })

  it('redacts the longer of two secrets whole', () => {
    const result = read([plain, bearer], { KEY: 'abc', TOKEN: 'abcdef' })
    expect(result.ok && result.value.redact('abcdef abc')).toBe('[secret] [secret]')
  })
})
