import { afterEach, describe, expect, it, vi } from 'vitest'
import { checkRefusal } from '../../../src/check/index.ts'
import { said } from './said.ts'

const URL = 'https://beacon.example/v1/beacon'
const KEPT = 'What was recorded is kept, and sent again later.'
const saidOf = (reason: unknown, url = URL): string[] => said((say) => checkRefusal({ url, reason }, say))

afterEach(() => vi.unstubAllGlobals())

describe('the check of an answer of the worker', () => {
  it.each([
    [
      'origin_not_allowed',
      `the worker at ${URL} does not take what pages of https://shop.example send. It is dropped (rejected). Add "https://shop.example" to "origins" in the worker's configuration.`,
    ],
    [
      'method_not_allowed',
      `the worker at ${URL} got another method than POST. ${KEPT} Was the request redirected? Use the address that the redirect leads to.`,
    ],
    [
      'misconfigured',
      `the configuration of the worker at ${URL} has mistakes. ${KEPT} GET /health of the worker lists them.`,
    ],
  ])('%s', (reason, text) => {
    vi.stubGlobal('origin', 'https://shop.example')
    expect(saidOf(reason)).toEqual([text])
  })

  it('names the origin of a page that has none', () => {
    vi.stubGlobal('origin', undefined)
    expect(saidOf('origin_not_allowed').join()).toContain('Add "null" to "origins"')
  })

  it.each([undefined, null, 5, 'expired', 'unavailable', 'of_the_future', {}])(
    'has nothing to say about %j',
    (reason) => {
      expect(saidOf(reason)).toEqual([])
    },
  )

  it('shows neither a password nor a query, and survives an address that is none', () => {
    expect(saidOf('misconfigured', 'https://me:secret@beacon.example/v1/beacon?key=secret')).toEqual(
      saidOf('misconfigured'),
    )
    expect(saidOf('misconfigured', '/v1/beacon')).toHaveLength(1)
  })
})
