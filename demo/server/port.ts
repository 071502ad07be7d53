import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { ask } from './ask.ts'

/** `localhost` may lead to either, and browsers try both. */
const LOOPBACK_ADDRESSES = ['127.0.0.1', '::1']

const ANSWER_TIMEOUT_MS = 1_000

/** 'pharos' and 'program' listen there already. 'forbidden': the system does not let this user listen there. */
export type PortState = 'free' | 'pharos' | 'program' | 'forbidden'

/** Whether `http://localhost:<port>` can be ours. */
export async function inspectPort(port: number): Promise<PortState> {
  for (const address of LOOPBACK_ADDRESSES)
    if (await isListening(port, address)) return (await isPharos(port, address)) ? 'pharos' : 'program'
  return tryToListen(port)
}

async function isListening(port: number, host: string): Promise<boolean> {
  const socket = connect({ port, host })
  try {
    // A listener may be too busy to answer. Without a listener, the system refuses at once.
    const timedOut = once(socket.setTimeout(ANSWER_TIMEOUT_MS), 'timeout')
    await Promise.race([once(socket, 'connect'), timedOut])
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** Every Pharos says how to pin its script. Its `/health` would not do: others answer `{"status":"ok"}` there too. */
async function isPharos(port: number, address: string): Promise<boolean> {
  try {
    const { headers } = await ask({ host: address, port, path: '/pharos.js', timeoutMs: ANSWER_TIMEOUT_MS })
    return headers['pharos-integrity'] !== undefined
  } catch {
    return false
  }
}

/** Finds what a connection cannot show: a port that is reserved, or needs more rights. */
async function tryToListen(port: number): Promise<PortState> {
  const server = createServer()
  try {
    server.listen({ port, host: '127.0.0.1', exclusive: true })
    await once(server, 'listening')
    server.close()
    await once(server, 'close')
    return 'free'
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') return 'program'
    if (code === 'EACCES' || code === 'EPERM') return 'forbidden'
    throw error
  }
}
