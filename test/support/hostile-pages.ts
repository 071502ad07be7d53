import type { DropReason } from '../../src/protocol/types.ts'

/**
 * What becomes of calls that a page makes:
 * - `acknowledged`: its own flush delivers them
 * - `left`: its flush fails; they are counted when it is left, without another visit
 * - `kept`: it cannot send at all; the next visit of the origin delivers them
 * - `stuck`: they stay in its memory, and `stats` has them as pending
 * - `off`: the beacon cannot start, and records nothing
 * - a reason: they are dropped, and counted under it
 */
export type Fate = 'acknowledged' | 'left' | 'kept' | 'stuck' | 'off' | DropReason

/** What is done to a page before the script runs there. */
export interface HostilePage {
  readonly what: string
  /** Code of the page. */
  readonly before: string
  readonly fate: Fate
  /** Why other calls are dropped, those of plugins say. */
  readonly alsoDropped: readonly DropReason[]
}

const page = (
  fate: Fate,
  [what, before]: readonly [what: string, before: string],
  alsoDropped: readonly DropReason[] = [],
): HostilePage => ({ what, before, fate, alsoDropped })

const frozen = [
  'Array.prototype',
  'Object.prototype',
  'Promise.prototype',
  'navigator',
  'performance',
  'Math',
  'JSON',
  'document',
]
const gone = [
  'queueMicrotask',
  'structuredClone',
  'requestIdleCallback',
  'crypto',
  'PerformanceObserver',
  'localStorage',
  'Symbol.asyncIterator',
]

const get = (owner: string, name: string, code: string): string =>
  `Object.defineProperty(${owner}, '${name}', { configurable: true, get() { ${code} } })`

/** Conditions that pages, their libraries, extensions and odd browsers bring. */
export const HOSTILE_PAGES: readonly HostilePage[] = [
  ...frozen.map((name) => page('acknowledged', [`${name} is frozen`, `Object.freeze(${name})`])),
  ...gone.map((name) =>
    page('acknowledged', [
      `${name} is missing`,
      `try { delete ${name.includes('.') ? name : `window.${name}`} } catch {}`,
    ]),
  ),
  page('acknowledged', ['arrays have an enumerable stranger', 'Array.prototype.stranger = 1']),
  page('acknowledged', ['objects have an enumerable stranger', 'Object.prototype.stranger = "x"']),
  page('acknowledged', ['functions have an enumerable stranger', 'Function.prototype.stranger = 1']),
  page('acknowledged', [
    'arrays have a toJSON, as in old Prototype',
    'Array.prototype.toJSON = function () { return "[]" }',
  ]),
  page('rejected', ['objects have a toJSON', 'Object.prototype.toJSON = function () { return "x" }']),
  page('acknowledged', ['strings have a toJSON', 'String.prototype.toJSON = function () { return 7 }']),
  page('acknowledged', ['Array.prototype.map is null', 'Array.prototype.map = null']),
  page('off', ['Array.prototype.push throws', 'Array.prototype.push = () => { throw new Error("push") }']),
  page('stuck', ['TextEncoder is missing', 'delete window.TextEncoder']),
  page('acknowledged', ['Array.from is null', 'Array.from = null']),
  page('acknowledged', ['Object.entries is null', 'Object.entries = null']),
  page('acknowledged', [
    'Promise.prototype.then throws',
    'const then = Promise.prototype.then; let calls = 0; Promise.prototype.then = function (...args) { if (calls++ === 0) throw new Error("then"); return then.apply(this, args) }',
  ]),
  page('off', ['JSON.stringify throws', 'JSON.stringify = () => { throw new Error("stringify") }']),
  page('acknowledged', ['sendBeacon is missing', 'delete Navigator.prototype.sendBeacon']),
  page('acknowledged', ['sendBeacon throws', 'navigator.sendBeacon = () => { throw new Error("beacon") }']),
  page('acknowledged', ['sendBeacon says no', 'navigator.sendBeacon = () => false']),
  page('left', ['fetch is missing', 'delete window.fetch']),
  page('left', ['fetch throws', 'window.fetch = () => { throw new Error("fetch") }']),
  page('kept', ['fetch rejects', 'window.fetch = () => Promise.reject(new Error("fetch"))']),
  page('kept', ['fetch gives nonsense', 'window.fetch = () => Promise.resolve({})']),
  page('left', ['fetch gives nothing', 'window.fetch = () => undefined']),
  page('acknowledged', ['AbortSignal.timeout is missing', 'delete AbortSignal.timeout']),
  page('off', ['AbortController is missing', 'delete window.AbortController']),
  page('off', ['URL is missing', 'delete window.URL']),
  page('acknowledged', ['btoa is missing', 'delete window.btoa']),
  page('acknowledged', [
    'getRandomValues throws',
    'Crypto.prototype.getRandomValues = () => { throw new Error("random") }',
  ]),
  page('acknowledged', ['no timeOrigin', get('performance', 'timeOrigin', 'return undefined')]),
  page('acknowledged', ['performance.now is not a number', 'performance.now = () => NaN']),
  page('acknowledged', ['performance.now throws', 'performance.now = () => { throw new Error("now") }']),
  page('acknowledged', [
    'observers cannot observe',
    'PerformanceObserver.prototype.observe = () => { throw new Error("observe") }',
  ]),
  page('acknowledged', ['no navigation timing', 'performance.getEntriesByType = () => { throw new Error("entries") }']),
  page('acknowledged', ['localStorage throws', get('window', 'localStorage', 'throw new Error("denied")')]),
  page('acknowledged', ['indexedDB throws', get('window', 'indexedDB', 'throw new Error("denied")')]),
  page('acknowledged', ['indexedDB.open throws', 'IDBFactory.prototype.open = () => { throw new Error("open") }']),
  page('acknowledged', [
    'transactions throw',
    'IDBDatabase.prototype.transaction = () => { throw new Error("transaction") }',
  ]),
  page('acknowledged', ['the console is gone', 'delete window.console']),
  page('acknowledged', ['the console throws', 'console.warn = () => { throw new Error("warn") }']),
  page('acknowledged', ['the clock is a year behind', 'const now = Date.now; Date.now = () => now() - 31536e6']),
  page('acknowledged', ['the clock is a year ahead', 'const now = Date.now; Date.now = () => now() + 31536e6']),
  page('acknowledged', [
    'the clock jumps about',
    'const now = Date.now; let n = 0; Date.now = () => now() + (n++ % 2 ? 1e7 : -1e7)',
  ]),
  page('acknowledged', ['the clock is not a number', 'Date.now = () => NaN']),
  page('acknowledged', ['timers fire at once', 'window.setTimeout = (work) => { work(); return 0 }']),
  page('acknowledged', ['timers never fire', 'window.setTimeout = () => 0']),
  page('acknowledged', ['visibilityState throws', get('document', 'visibilityState', 'throw new Error("visibility")')]),
  page('acknowledged', ['globalPrivacyControl is odd', get('navigator', 'globalPrivacyControl', 'return "1"')]),
  page('off', ['globalPrivacyControl throws', get('navigator', 'globalPrivacyControl', 'throw new Error("gpc")')]),
  page('stuck', ['addEventListener throws', 'addEventListener = () => { throw new Error("listen") }']),
  page('kept', [
    'scripts may not connect',
    'const meta = document.createElement("meta"); meta.httpEquiv = "Content-Security-Policy"; meta.content = "connect-src \'none\'"; document.head.append(meta)',
  ]),
  page('acknowledged', [
    'an element is named pharos',
    'document.documentElement.append(Object.assign(document.createElement("a"), { id: "pharos" }))',
  ]),
  page('acknowledged', ['pharos was something else', 'window.pharos = 7']),
  page(
    'acknowledged',
    ['the queue holds nonsense', 'window.pharos = { q: [null, 7, ["flush_all"], ["increment"], [{}]] }'],
    ['bad_name'],
  ),
  page('acknowledged', ['the queue is no list', 'window.pharos = { q: "increment" }']),
]
