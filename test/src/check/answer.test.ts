import { afterEach, describe, expect, it, vi } from 'vitest'
import { checkAnswer } from '../../../src/check/index.ts'
import { said } from './said.ts'

const URL = 'https://beacon.example/v1/beacon'
const KEPT = 'What was recorded is kept, and sent again later.'

describe('the check of an answer that is not of Pharos', () => {
  it.each([
    [404, `nothing at ${URL} (404): is the path /v1/beacon right?`],
    [410, `nothing at ${URL} (410): is the path /v1/beacon right?`],
    [
      200,
      `${URL} answered 200, but without the header "pharos": is it a page of the site, a log-in, or a proxy that removes the header? Route /v1/beacon to the worker.`,
    ],
    [401, `${URL} asks for a log-in (401), and beacons carry no cookies. Let POST requests to it pass without one.`],
    [
      403,
      `${URL} is forbidden (403), but not by Pharos: does a firewall or a bot check stop it? Let POST requests to it pass.`,
    ],
    [405, `${URL} takes no POST (405): is it a static host? Route /v1/beacon to the worker.`],
    [502, `${URL} answered 502, but not Pharos: is the worker down behind a proxy?`],
    [
      418,
      `${URL} answered 418, but not Pharos: is a proxy or another server in between? Route /v1/beacon to the worker.`,
    ],
  ])('%d', (status, text) => {
    expect(said((say) => checkAnswer(URL, status, say))).toEqual([`${text} ${KEPT}`])
  })

  describe('where none came', () => {
    const CAUSES =
      'the network or the server is down; the request was redirected (from http: to https:, to a path with a slash at the end, to a log-in);'
    const BLOCKED = 'or a blocker or the Content Security Policy of the page stopped the request.'
    const CORS = 'another server answered, without the CORS headers that the worker always sends;'
    const NAMED = 'The network panel of the developer tools names the cause.'

    afterEach(() => vi.unstubAllGlobals())

    it.each([
      [
        'at another origin',
        'https://shop.example',
        URL,
        `The page cannot see why. It may be that ${CAUSES} ${CORS} ${BLOCKED} ${NAMED}`,
      ],
      [
        'at its own origin',
        'https://beacon.example',
        URL,
        `The page cannot see why. It may be that ${CAUSES} ${BLOCKED} ${NAMED}`,
      ],
      [
        'at an http: address, in an https: page',
        'https://shop.example',
        URL.replace('https', 'http'),
        'The page is https: and the address is http:, which browsers block unless it is this machine.',
      ],
    ])('%s', (...[, origin, url, causes]) => {
      vi.stubGlobal('location', { origin })
      expect(said((say) => checkAnswer(url, 0, say))).toEqual([`no answer came from ${url}. ${causes} ${KEPT}`])
    })

    it('says nothing while the browser is offline', () => {
      vi.stubGlobal('navigator', { onLine: false })
      expect(said((say) => checkAnswer(URL, 0, say))).toEqual([])
    })

    it('says something in a page without an address too', () => {
      vi.stubGlobal('location', undefined)
      expect(said((say) => checkAnswer(URL, 0, say))).toHaveLength(1)
    })
  })

  it('shows neither a password nor a query', () => {
    expect(said((say) => checkAnswer('https://me:secret@beacon.example/v1/beacon?key=secret', 404, say))).toEqual([
      `nothing at ${URL} (404): is the path /v1/beacon right? ${KEPT}`,
    ])
  })

  it('survives an address that is none', () => {
    expect(said((say) => checkAnswer('/v1/beacon', 404, say))).toHaveLength(1)
  })
})
