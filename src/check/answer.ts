import { report } from './report.ts'
import type { Say } from './say.ts'
import { withoutSecrets } from './show.ts'

const KEPT = 'What was recorded is kept, and sent again later.'

/**
 * Explains an answer that is not Pharos's: one without the header `pharos`, or none at all. Never throws.
 * @param status 0 where no answer came
 */
export function checkAnswer(url: string, status: number, say: Say): void {
  report(say, { what: 'The address of an answer', otherwise: KEPT }, () => {
    const shown = withoutSecrets(url)
    if (status) return [`${meaningOf(shown, status)} ${KEPT}`]
    const { location, navigator } = globalThis as Surroundings
    // An offline page expects no answer.
    if (navigator?.onLine === false) return []
    return [`no answer came from ${shown}. ${causeOf(new URL(url), location?.origin ?? '')} ${KEPT}`]
  })
}

/** The part of a page that is used. */
interface Surroundings {
  readonly location?: { readonly origin: string }
  readonly navigator?: { readonly onLine?: boolean }
}

/** Browsers hide from a page why a request failed, so these are guesses; the developer tools know. */
function causeOf({ origin, protocol }: URL, pageOrigin: string): string {
  if (protocol === 'http:' && pageOrigin.startsWith('https:'))
    return 'The page is https: and the address is http:, which browsers block unless it is this machine.'
  const causes = [
    'the network or the server is down',
    'the request was redirected (from http: to https:, to a path with a slash at the end, to a log-in)',
    ...(origin === pageOrigin
      ? []
      : ['another server answered, without the CORS headers that the worker always sends']),
    'a blocker or the Content Security Policy of the page stopped the request',
  ]
  return `The page cannot see why. It may be that ${causes.slice(0, -1).join('; ')}; or ${causes.at(-1)}. The network panel of the developer tools names the cause.`
}

function meaningOf(url: string, status: number): string {
  if (status === 404 || status === 410) return `nothing at ${url} (${status}): is the path /v1/beacon right?`
  if (status === 401)
    return `${url} asks for a log-in (401), and beacons carry no cookies. Let POST requests to it pass without one.`
  if (status === 403)
    return `${url} is forbidden (403), but not by Pharos: does a firewall or a bot check stop it? Let POST requests to it pass.`
  if (status === 405) return `${url} takes no POST (405): is it a static host? Route /v1/beacon to the worker.`
  if (status < 300)
    return `${url} answered ${status}, but without the header "pharos": is it a page of the site, a log-in, or a proxy that removes the header? Route /v1/beacon to the worker.`
  if (status >= 500) return `${url} answered ${status}, but not Pharos: is the worker down behind a proxy?`
  return `${url} answered ${status}, but not Pharos: is a proxy or another server in between? Route /v1/beacon to the worker.`
}
