import { createReadStream, existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { repository } from './paths.ts'

export interface PageServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string
  /** The same pages as another site: `http://localhost:<port>`. */
  readonly otherSiteUrl: string
  /** Sets the HTML of a path, such as `/cart`. */
  readonly setPage: (path: string, html: string) => void
  readonly close: () => Promise<void>
}

/** Serves test pages, the built scripts (`/dist/pharos.js`) and packages' modules (for import maps) on a free loopback port. */
export async function startPageServer(pages: Readonly<Record<string, string>> = {}): Promise<PageServer> {
  const html = new Map(Object.entries(pages))
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://page').pathname
    const page = html.get(path)
    const file = join(repository, path)
    if (page !== undefined) {
      response.writeHead(200, { 'content-type': 'text/html;charset=UTF-8' }).end(page)
    } else if (/^\/(dist|node_modules)\/.*\.js$/.test(path) && existsSync(file)) {
      response.writeHead(200, { 'content-type': 'text/javascript;charset=UTF-8' })
      createReadStream(file).pipe(response)
    } else {
      response.writeHead(404).end()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    otherSiteUrl: `http://localhost:${port}`,
    setPage: (path, text) => void html.set(path, text),
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
