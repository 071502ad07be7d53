import { readFileSync } from 'node:fs'

/** Interfaces of types.ts whose names are seen elsewhere: in the outbox, by the page. */
const SEEN_ELSEWHERE = new Set(['Entry', 'FlushResult'])

/**
 * Internal names that something else has too: the wire, the outbox, the options, the beacon, what it prints, what a lazy part exports,
 * the browser.
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

/** The names that the files of one build keep among themselves: those of the state, and of what the lazy parts use of the core. */
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
