import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { untilReady, untilSilent } from '../../../demo/server/ready.ts'
import { repository } from '../../support/paths.ts'

const run = promisify(execFile)

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
  await untilReady((server.address() as AddressInfo).port, 'of-this-run')
  server.close()
  expect(answers).toEqual([])
  expect(new Set(asked)).toEqual(new Set(['/v1/status Bearer of-this-run']))
})

it('asks no proxy, which would be shown the token', async () => {
  const script = `
    import { untilReady } from '${repository}/demo/server/ready.ts'
    await untilReady(Number(process.argv[1]), 'of-this-run')
    console.log('ready')
  `
  const server = createServer((_request, response) => response.end('{"hasOverride":false}')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const proxy = 'http://127.0.0.1:9'
  const env = { ...process.env, NODE_USE_ENV_PROXY: '1', HTTP_PROXY: proxy, http_proxy: proxy }
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script, String(port)], { env })
  server.close()
  expect(stdout).toBe('ready\n')
})

it('notices a server that answers no more, and only after several questions', { timeout: 60_000 }, async () => {
  let answers = 0
  const server = createServer((_request, response) => {
    // One failure is no silence.
    if (++answers === 2) response.writeHead(503).end()
    else response.end('{"hasOverride":false}')
    if (answers === 3) server.close()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  expect(await untilSilent((server.address() as AddressInfo).port, 'of-this-run')).toBe('silent')
  expect(answers).toBe(3)
})
