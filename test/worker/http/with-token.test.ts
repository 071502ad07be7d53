import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { Env } from '../../../worker/config/env.ts'
import { withToken, type TokenOptions } from '../../../worker/http/with-token.ts'

const ask = (options: TokenOptions, authorization?: string): Response | Promise<Response> => {
  const app = new Hono<{ Bindings: Env }>()
  app.get('/', withToken(options), ({ text }) => text('open'))
  return app.request('/', authorization === undefined ? {} : { headers: { authorization } })
}

describe('withToken', () => {
  it.each<[what: string, TokenOptions, authorization: string | undefined, status: number]>([
    ['the token', { tokenOf: () => 'secret' }, 'Bearer secret', 200],
    ['another token', { tokenOf: () => 'secret' }, 'Bearer secreT', 401],
    ['no token', { tokenOf: () => 'secret' }, undefined, 401],
    ['an empty token where none is set', { tokenOf: () => '' }, 'Bearer ', 401],
    ['any token where none is set', { tokenOf: () => '' }, 'Bearer undefined', 401],
    ['no token where the route is open', { tokenOf: () => '', isOpen: () => true }, undefined, 200],
    ['no token where the route is not open', { tokenOf: () => 'secret', isOpen: () => false }, undefined, 401],
  ])('answers a request with %s', async (...[, options, authorization, status]) => {
    const response = await ask(options, authorization)
    expect(response.status).toBe(status)
    expect(response.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer realm="pharos"' : null)
  })

  it('says the same whether there is a token or not', async () => {
    const texts = await Promise.all(
      ['', 'secret'].map(async (token) => (await ask({ tokenOf: () => token, detail: 'Send it.' })).text()),
    )
    expect(texts[0]).toContain('Send it.')
    expect(texts[0]).toBe(texts[1])
  })
})
