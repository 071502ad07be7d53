import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import type { Script, ScriptFile } from '../../worker/model/script-file.ts'
import { startMiniflare } from '../support/miniflare.ts'
import { repository } from '../support/paths.ts'
import { stopPrograms, temporaryFolder } from '../support/processes.ts'
import { rawRequest } from '../support/raw-request.ts'
import { buildOf, builtScript, bundleWorker, untilKept } from '../support/script-builds.ts'
import { startWorkerd } from '../support/workerd.ts'

// The script as bytes on the wire, compressed and plain, of this build and of those that were deployed before it.

afterAll(stopPrograms)

const bytesOf = ({ brotli }: ScriptFile): Buffer => Buffer.from(brotli, 'base64')

/** Both codings of a file, GET and HEAD, and what is not modified. */
async function expectServed(url: string, file: ScriptFile): Promise<void> {
  const brotli = { bytes: bytesOf(file), coding: 'br', etag: `"${file.hash}-br"` }
  const plain = { bytes: Buffer.from(file.body), coding: undefined, etag: `"${file.hash}"` }
  const codings = [
    { accepted: 'br', ...brotli },
    { accepted: 'BR; q=0.1', ...brotli },
    { accepted: 'identity', ...plain },
    { accepted: 'br;q=0', ...plain },
    { accepted: undefined, ...plain },
  ]
  for (const { accepted, bytes, coding, etag } of codings) {
    const headers: Record<string, string> = accepted === undefined ? {} : { 'accept-encoding': accepted }
    for (const method of ['GET', 'HEAD']) {
      const answer = await rawRequest(url, { method, headers })
      expect([accepted, method, answer.status]).toEqual([accepted, method, 200])
      expect(answer.body.equals(method === 'GET' ? bytes : Buffer.alloc(0))).toBe(true)
      expect(answer.headers).toMatchObject({
        'content-length': String(bytes.length),
        'content-type': 'text/javascript; charset=utf-8',
        vary: expect.stringMatching(/accept-encoding/i),
        etag,
        'content-location': file.path,
        'pharos-integrity': file.integrity,
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
      })
      expect(answer.headers['content-encoding']).toBe(coding)
    }
    const known = await rawRequest(url, { headers: { ...headers, 'if-none-match': etag } })
    expect([known.status, known.headers.etag, known.body.length]).toEqual([304, etag, 0])
  }
}

describe.each([
  ['workerd', startWorkerd],
  // What `wrangler dev` runs.
  ['miniflare', startMiniflare],
])('on %s', (_, start) => {
  it('the script goes out in the very bytes that the build compressed', async () => {
    const { main } = await builtScript()
    const built = await readFile(join(repository, 'dist/pharos.js'))
    expect(built.toString()).toBe(main.body)
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }
    expect(bytesOf(main).length).toBe(brotliCompressSync(built, quality).length)
    expect(brotliDecompressSync(bytesOf(main)).equals(built)).toBe(true)
    const running = await start()
    await expectServed(`${running.url}/pharos.js`, main)
    await expectServed(running.url + main.path, main)
    await running.stop()
  })

  it('earlier builds are served after a deploy, and later ones after a rollback', async () => {
    const first = await buildOf('window.first = "é"', { 'pharos-courier': 'window.courier = 1', 'pharos-compact': '1' })
    const second = await buildOf('window.second = 2', { 'pharos-courier': 'window.courier = 2', 'pharos-compact': '1' })
    const storageDir = await temporaryFolder('storage')
    const deploy = async (script: Script, others: readonly Script[]): Promise<void> => {
      const running = await start({ storageDir, bundle: await bundleWorker(script) })
      await untilKept(running.url, script)
      for (const { main, parts } of [script, ...others])
        for (const file of [main, ...parts]) await expectServed(running.url + file.path, file)
      await expectServed(`${running.url}/pharos.js`, script.main)
      const other = await rawRequest(`${running.url}/pharos-courier.0123456789abcdef.js`)
      expect([other.status, other.headers['cache-control'], other.headers['access-control-allow-origin']]).toEqual([
        404,
        'no-store',
        '*',
      ])
      expect(JSON.parse(other.body.toString())).toMatchObject({ reason: 'not_found' })
      await running.stop()
    }
    await deploy(first, [])
    await deploy(second, [first])
    await deploy(first, [second])
  })
})

it('browsers get brotli from workerd, and through the proxy of `wrangler dev` the coding that they name first', async () => {
  const { main } = await builtScript()
  const headers = { 'accept-encoding': 'gzip, deflate, br, zstd' }
  const workerd = await startWorkerd()
  const direct = await rawRequest(`${workerd.url}/pharos.js`, { headers })
  expect(direct.headers['content-encoding']).toBe('br')
  expect(direct.body.equals(bytesOf(main))).toBe(true)
  const gzip = await rawRequest(`${workerd.url}/pharos.js`, { headers: { 'accept-encoding': 'gzip' } })
  expect([gzip.headers['content-encoding'], gzip.headers.vary]).toEqual([undefined, 'accept-encoding'])
  expect(gzip.body.toString()).toBe(main.body)
  await workerd.stop()
  const miniflare = await startMiniflare()
  const recoded = await rawRequest(`${miniflare.url}/pharos.js`, { headers })
  expect(recoded.headers['content-encoding']).toBe('gzip')
  expect(gunzipSync(recoded.body).toString()).toBe(main.body)
  await miniflare.stop()
})
