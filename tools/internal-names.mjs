import { readFileSync } from 'node:fs'

/** Interfaces of types.ts whose names are seen elsewhere: in the outbox, by the page. */
const SEEN_ELSEWHERE = new Set(['Entry', 'FlushResult'])

/**
 * Internal names that are public names too: of the wire, the outbox, the options, the beacon, its messages, the exports of a lazy part, the
 * browser.
 */
export const RESERVED = [
  'acknowledged',
  'calls',
  'compactor',
  'consent',
  'createCourier',
  'dropped',
  'flush',
  'intervalMs',
  'now',
  'plugins',
  'reason',
  'recorded',
  'resource',
  'sequence',
  'session',
  'url',
  'weight',
]

/** The names that only the files of one build know: those of the state, and of the functions of the core that lazy parts use. */
export function internalNames() {
  const interfaces = readFileSync('src/core/types.ts', 'utf8').matchAll(/^export interface (\w+)[^{]*\{\n(.*?)^\}/gms)
  const ofState = Array.from(interfaces)
    .filter(([, name]) => !SEEN_ELSEWHERE.has(name))
    .flatMap(([, , body]) => Array.from(body.matchAll(/^  (?:readonly )?(\w+)\??:/gm), ([, name]) => name))
  const ofCore = Array.from(readFileSync('src/core/shared.ts', 'utf8').matchAll(/^  (\w+),$/gm), ([, name]) => name)
  return [...new Set([...ofState, ...ofCore])].filter((name) => !RESERVED.includes(name))
}

/** A rule for terser's `mangle.properties`. web-vitals begins the names that are its own with an underscore. */
export const mangledProperties = () => ({ regex: new RegExp(`^(?:${internalNames().join('|')}|_[a-z]\\w+)$`) })
