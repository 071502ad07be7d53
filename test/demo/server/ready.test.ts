import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { untilReady } from '../../../demo/server/ready.ts'

it('takes no other server for ours: wrong token, a page for every path, JSON of another program', async () => {
  const answers: [number, string][] = [
    [401, '{"reason":"unauthorized"}'],
    [200, '<html>'],
    [200, '{"status":"ok"}'],
    [200, '"text"'],
    [200, '{"hasOverride":false}'],
  ]
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization}`)
    const [status, body] = answers.shift()!
    response.writeHead(status).end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  await untilReady(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'of-this-run')
  server.close()
  expect(answers).toEqual([])
  expect(new Set(asked)).toEqual(new Set(['/v1/status Bearer of-this-run']))
})
