import type { DeliverContext } from '../context.ts'
import type { Transport } from '../transport.ts'
import { createConsoleTransport } from './console.ts'
import { createHttpTransport } from './http.ts'
import { memoryTransport } from './memory.ts'
import { createR2Transport } from './r2.ts'

/** The transport for addresses of this scheme. For an unknown scheme, it rejects every request. */
export function pickTransport(url: string, context: Pick<DeliverContext, 'fetch' | 'bucket' | 'log'>): Transport {
  const scheme = url.slice(0, url.indexOf(':') + 1)
  switch (scheme) {
    case 'https:':
    case 'http:':
      return createHttpTransport(context)
    case 'r2:':
      return createR2Transport(context)
    case 'console:':
      return createConsoleTransport(context)
    case 'memory:':
      return memoryTransport
    default:
      return () => Promise.reject(new Error(`nothing carries requests to ${scheme || 'an address without a scheme'}`))
  }
}
