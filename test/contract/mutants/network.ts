import { changeRequests, changeSettings } from '../mutate.ts'
import { both, type Mutant } from './mutant.ts'

const withoutHeaders: Parameters<typeof changeRequests>[0] = (request, { headers }) => ({
  ...request,
  headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => !Object.hasOwn(headers, name))),
})

/** Mutants that every exporter of the network can become. */
export const NETWORK_MUTANTS: readonly Mutant[] = [
  { name: 'configured headers lost', breaks: 'address', of: both, mutation: changeRequests(withoutHeaders) },
  ...(['encode', 'encodeOnly', 'probe', 'fallback'] as const).map((source) => ({
    name: `configured headers lost in ${source}`,
    breaks: 'address' as const,
    of: both,
    mutation: changeRequests(withoutHeaders, [source]),
  })),
  {
    name: 'another host',
    breaks: 'address',
    of: both,
    mutation: changeRequests((request) => ({ ...request, url: request.url.replace(/\/\/[^/]*/, '//other.example') })),
  },
  {
    name: 'an address beside the configured one',
    breaks: 'address',
    of: both,
    mutation: changeSettings(({ url }) => ({ url: `${url}2` })),
  },
]
