import { expect, it } from 'vitest'
import { fail, ok } from '../../../src/protocol/result.ts'
import { defaultConfig } from '../../../worker/config/default-config.ts'
import { answerPost } from '../../../worker/http/answer-post.ts'

const right = ok(defaultConfig)
const wrong = fail(['PHAROS.origins: give a list of origins'])
const ask = (method: string, config: typeof right | typeof wrong): Promise<Response> =>
  answerPost(new Request('https://beacon.example.com/', { method }), config, async ({ origins }) =>
    Response.json(origins),
  )

it.each([
  ['POST', right, 200, undefined],
  ['POST', wrong, 503, 'misconfigured'],
  ['OPTIONS', right, 204, undefined],
  ['OPTIONS', wrong, 204, undefined],
  ['GET', right, 405, 'method_not_allowed'],
  ['PUT', wrong, 405, 'method_not_allowed'],
])('%s with %j is answered with %i', async (...[method, config, status, reason]) => {
  const response = await ask(method, config)
  expect(response.status).toBe(status)
  if (reason === undefined) return
  expect(await response.json()).toMatchObject({ reason })
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  expect(response.headers.get('retry-after')).toBe(status === 503 ? '10' : null)
})

it('allows a browser to post from any origin', async () => {
  const { headers } = await ask('OPTIONS', right)
  expect(Object.fromEntries(headers)).toMatchObject({
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'content-type, content-encoding',
  })
})
