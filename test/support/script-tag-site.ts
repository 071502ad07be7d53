import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { repository } from './paths.ts'

/** A file of a plain static server. */
export interface StaticFile {
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface StaticServer {
  /** `http://localhost:<port>`: another site than the worker, which is at 127.0.0.1. */
  readonly url: string
  readonly serve: (path: string, file: StaticFile) => void
  readonly close: () => Promise<void>
}

/**
 * Serves what it is told to, and the files of dist/ and node_modules/ as a CDN does: any origin may read them. It knows nothing of
 * packages: no bundling, and no rewriting of imports.
 */
export async function startStaticServer(): Promise<StaticServer> {
  const files = new Map<string, StaticFile>()
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site')
    void fileAt(pathname, files).then((file) => {
      if (!file) return response.writeHead(404).end()
      const type = pathname.endsWith('.js') ? 'text/javascript' : 'text/html'
      const headers = { 'content-type': `${type};charset=UTF-8`, 'access-control-allow-origin': '*', ...file.headers }
      return response.writeHead(200, headers).end(file.body)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    serve: (path, file) => void files.set(path, file),
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function fileAt(path: string, files: ReadonlyMap<string, StaticFile>): Promise<StaticFile | undefined> {
  const told = files.get(path)
  if (told) return told
  const file = join(repository, path)
  return /^\/(dist|node_modules)\/.*\.js$/.test(path) && existsSync(file)
    ? { body: await readFile(file, 'utf8') }
    : undefined
}
