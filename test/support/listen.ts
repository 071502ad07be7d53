import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * Starts a server on a free port of this machine; returns its address. It keeps idle connections: by default Node closes them after 5 s,
 * maybe in the moment in which a request sets out on one.
 */
export async function listen(server: Server): Promise<string> {
  server.keepAliveTimeout = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
