import { describe, expect, it, vi } from 'vitest'
import { checkOptions, type OptionSurroundings } from '../../../src/check/index.ts'
import { said } from './said.ts'

const saidOf = (
  options: unknown,
  surroundings: OptionSurroundings = { pageUrl: 'https://shop.example/cart' },
): string[] => said((say) => checkOptions(options, say, surroundings))

const NOTHING = 'Nothing is recorded.'
const DEFAULT_URL = "The default, /v1/beacon of the page's origin, is used."
const PATH = "It is taken for a path of the page's site."
const WHOLE = "Write the whole address: url: 'https://beacon.example.com/v1/beacon'."

describe('the check of the option url', () => {
  it.each<[unknown, string]>([
    [5, `option "url" is 5, not an address. ${PATH} ${WHOLE}`],
    [{}, `option "url" is an object, not an address. ${PATH} ${WHOLE}`],
    [null, `option "url" is null. ${DEFAULT_URL} ${WHOLE}`],
    [
      '',
      `option "url" is empty, which is the address of the page itself. Leave it out for /v1/beacon of the page's origin.`,
    ],
    ['https://[', `option "url" is "https://[", which is no address. Nothing is recorded. ${WHOLE}`],
    [
      'ftp://beacon.example/v1/beacon',
      `option "url" begins with "ftp:". Only https: and http: work. Nothing is recorded. ${WHOLE}`,
    ],
    [
      `${String(undefined)}/v1/beacon`,
      `option "url" is "<not set>/v1/beacon", with a variable in it that is not set. Beacons do not reach the worker. ${WHOLE}`,
    ],
    [
      'https://beacon.example.com',
      'option "url" is "https://beacon.example.com", which has no path. Nothing takes beacons there. Did you mean "https://beacon.example.com/v1/beacon"?',
    ],
    [
      '/',
      'option "url" is "/", which has no path. Nothing takes beacons there. Did you mean "https://shop.example/v1/beacon"?',
    ],
    [
      'beacon.example.com/v1/beacon',
      `option "url" is "beacon.example.com/v1/beacon", without a scheme. ${PATH} Did you mean "https://beacon.example.com/v1/beacon"?`,
    ],
    [
      'beacon.example.com',
      `option "url" is "beacon.example.com", without a scheme. ${PATH} Did you mean "https://beacon.example.com/v1/beacon"?`,
    ],
    [
      'localhost:8787/',
      'option "url" is "localhost:8787/", without a scheme. Nothing is recorded. Did you mean "http://localhost:8787/v1/beacon"?',
    ],
    [
      'http://beacon.example/v1/beacon',
      'option "url" is "http://beacon.example/v1/beacon", but the page is https:. Browsers block it. Write "https://beacon.example/v1/beacon".',
    ],
    [
      'https://me:secret@beacon.example/v1/beacon?k=1',
      'option "url" has a user name or a password, and browsers refuse to send to such an address. Write "https://beacon.example/v1/beacon?k=1".',
    ],
    [
      'https://beacon.example/v1/beacon#top',
      'option "url" is "https://beacon.example/v1/beacon#top": what follows "#" is never sent. Write "https://beacon.example/v1/beacon".',
    ],
  ])('%j', (url, text) => {
    expect(saidOf({ url })).toEqual([text])
  })

  it.each([
    ['about:srcdoc', 'about:srcdoc'],
    ['about:blank', 'about:blank'],
    ['blob:https://shop.example/1', 'blob:'],
    ['file:///shop.html', 'file:'],
    ['capacitor://localhost/', 'capacitor:'],
  ])('on %s an address must be whole', (pageUrl, shown) => {
    expect(saidOf({}, { pageUrl })).toEqual([
      `option "url" is missing, and the page (${shown}) has no origin to use. ${NOTHING} ${WHOLE}`,
    ])
    expect(saidOf({ url: '/v1/beacon' }, { pageUrl })).toEqual([
      `option "url" is "/v1/beacon", but the page (${shown}) has no origin to add to it. ${NOTHING} ${WHOLE}`,
    ])
    expect(saidOf({ url: 'https://beacon.example/v1/beacon' }, { pageUrl })).toEqual([])
  })

  it.each(['about:srcdoc', 'about:blank', 'blob:https://shop.example/0d1c'])(
    'on %s of an origin, an address may be relative',
    (href) => {
      vi.stubGlobal('location', { href })
      vi.stubGlobal('origin', 'https://shop.example')
      expect(saidOf({}, {})).toEqual([])
      expect(saidOf({ url: '/v1/beacon' }, {})).toEqual([])
      vi.stubGlobal('origin', 'null')
      expect(saidOf({}, {})).toEqual([expect.stringContaining('has no origin to use')])
      vi.unstubAllGlobals()
    },
  )

  it('says nothing that depends on a page it does not know', () => {
    expect(saidOf({ url: '/' }, {})).toEqual([])
    expect(saidOf({ url: 'http://beacon.example/v1/beacon' }, {})).toEqual([])
  })

  it('shows no password', () => {
    for (const url of ['https://me:secret@[', 'https://me:secret@beacon.example', 'http://me:secret@b.example/x#y'])
      expect(saidOf({ url }).join(' ')).not.toContain('secret')
  })
})
