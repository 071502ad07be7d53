import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findEngine, type EngineName } from '../support/engines.ts'
import { readMetrics } from '../support/metrics-page.ts'
import { stopPrograms, temporaryFolder } from '../support/processes.ts'
import { required } from '../support/requirements.ts'
import { startWorkerd, type RunningWorkerd } from '../support/workerd.ts'
import { readUntil } from '../support/until.ts'

// What needs no https: `report-uri`, in the engines that report nothing else. Chromium has a test of its own.

let worker: RunningWorkerd
let server: Server
let site: string

beforeAll(async () => {
  server = createServer((request, response) => {
    const engine = new URL(request.url ?? '/', 'http://page').pathname.slice(1)
    const policy = `script-src 'self'; report-uri ${worker.url}/v1/reports?service=${engine}`
    response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy })
    response.end('<!doctype html><link rel="icon" href="data:,"><script>inline</script><p>A page</p>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  site = `http://localhost:${(server.address() as AddressInfo).port}`
  worker = await startWorkerd({ config: { origins: [site] } })
})

afterAll(async () => {
  await stopPrograms()
  server.closeAllConnections()
  server.close()
})

it.for<[EngineName, string]>([
  ['firefox', 'enforce'],
  // It leaves the disposition out.
  ['webkit', 'unknown'],
])('a violation in %s is counted, once', async ([name, disposition], context) => {
  const engine = await required(context, findEngine[name])
  const browser = await engine.start(await temporaryFolder('profile'))
  await browser.open(`${site}/${name}`)
  const series = `browser_reports_total{directive="script-src-elem",disposition="${disposition}",service="${name}",type="csp-violation"}`
  const counted = async (): Promise<readonly (readonly [string, number])[]> =>
    [...(await readMetrics(worker.url))].filter(([it]) => it.includes(`service="${name}"`))
  expect(await readUntil(counted, ({ length }) => length > 0)).toEqual([[series, 1]])
  await browser.kill()
})
