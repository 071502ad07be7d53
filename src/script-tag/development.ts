import { loadPart } from './load-part.ts'
import { parts } from './parts.ts'

/** Verbs that return nothing, so that a list can keep their calls, as in the snippet of docs/SCRIPT-TAG.md. */
const KEPT = ['increment', 'observe', 'setConsent']

/** Loads the development build in place of this one. Until it is here, the page's calls are kept for it. */
export const loadDevelopment = (url: string): void => {
  const host = window as { pharos?: object }
  const q: unknown[] = []
  host.pharos ??= {
    q,
    ...Object.fromEntries(KEPT.map((verb) => [verb, (...args: unknown[]) => void q.push([verb, ...args])])),
  }
  // The browser says in its console that the file is missing.
  loadPart(parts.development, url).catch(() => {})
}
