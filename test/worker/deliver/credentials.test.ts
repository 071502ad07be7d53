import { describe, expect, it } from 'vitest'
import { readBearerToken } from '../../../worker/deliver/credentials.ts'
import { testDestination } from '../../contract/snapshots.ts'

const config = testDestination({ bearerTokenSecret: 'TOKEN' })

describe('readBearerToken', () => {
  it.each([
    ['a token', 'abc-._~+/=', 'abc-._~+/='],
    ['one with a line end, as files have', 'abc\n', 'abc'],
  ])('takes %s', (_what, secret, expected) => {
    expect(readBearerToken(config, () => secret)).toEqual({ ok: true, value: expected })
  })

  it.each([
    ['a missing one', undefined, 'destination "main": the secret TOKEN is not set'],
    ['an empty one', ' \n', 'destination "main": the secret TOKEN is not set'],
    ['one no header can hold', 'abc\ndef', 'destination "main": the secret TOKEN is not a token'],
  ])('refuses %s, without showing it', (_what, secret, error) => {
    expect(readBearerToken(config, () => secret)).toEqual({ ok: false, error })
  })

  it('needs none where none is named', () => {
    expect(readBearerToken(testDestination(), () => 'x')).toEqual({ ok: true, value: undefined })
  })
})
