import { endpointOf } from '../core/endpoint.ts'
import { say } from '../core/say.ts'
import { builtUrl } from './built-url.ts'

/** The addresses under which a worker serves this file. A copy elsewhere has another path, and a merged file another name. */
const SERVED = /^(https?:\/\/[^/]+)\/pharos(-development)?(\.[0-9a-f]{16})?\.js([?#]|$)/

/** Where a tag posts: its `data-url`, the endpoint of the build, or the worker that served the file. Undefined, with a message, for none. */
export const tagEndpoint = ({ dataset, src }: HTMLScriptElement): string | undefined => {
  const url = dataset['url'] || builtUrl
  const origin = SERVED.exec(src)?.[1]
  if (url || origin) return endpointOf(url || `${origin}/v1/beacon`)
  say('the tag needs data-url="https://.../v1/beacon": nothing is recorded')
  return undefined
}
