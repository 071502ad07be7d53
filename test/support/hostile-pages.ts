/** What is done to a page before the script runs there. */
export interface HostilePage {
  readonly what: string
  /** Code of the page. */
  readonly before: string
  /** Whether five calls are counted all the same: 'exactly', or 'or-dropped' where the page took away what delivery needs. */
  readonly counts: 'exactly' | 'or-dropped'
}

const exactly = (what: string, before: string): HostilePage => ({ what, before, counts: 'exactly' })
const orDropped = (what: string, before: string): HostilePage => ({ what, before, counts: 'or-dropped' })

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
  ...frozen.map((name) => exactly(`${name} is frozen`, `Object.freeze(${name})`)),
  ...gone.map((name) =>
    exactly(`${name} is missing`, `try { delete ${name.includes('.') ? name : `window.${name}`} } catch {}`),
  ),
  exactly('arrays have an enumerable stranger', 'Array.prototype.stranger = 1'),
  exactly('objects have an enumerable stranger', 'Object.prototype.stranger = "x"'),
  exactly('functions have an enumerable stranger', 'Function.prototype.stranger = 1'),
  orDropped('arrays have a toJSON, as in old Prototype', 'Array.prototype.toJSON = function () { return "[]" }'),
  orDropped('objects have a toJSON', 'Object.prototype.toJSON = function () { return "x" }'),
  orDropped('strings have a toJSON', 'String.prototype.toJSON = function () { return 7 }'),
  orDropped('Array.prototype.map is null', 'Array.prototype.map = null'),
  orDropped('Array.prototype.push throws', 'Array.prototype.push = () => { throw new Error("push") }'),
  orDropped('TextEncoder is missing', 'delete window.TextEncoder'),
  orDropped('Array.from is null', 'Array.from = null'),
  orDropped('Object.entries is null', 'Object.entries = null'),
  orDropped(
    'Promise.prototype.then throws',
    'const then = Promise.prototype.then; let calls = 0; Promise.prototype.then = function (...args) { if (calls++ === 3) throw new Error("then"); return then.apply(this, args) }',
  ),
  orDropped('JSON.stringify throws', 'JSON.stringify = () => { throw new Error("stringify") }'),
  exactly('sendBeacon is missing', 'delete Navigator.prototype.sendBeacon'),
  exactly('sendBeacon throws', 'navigator.sendBeacon = () => { throw new Error("beacon") }'),
  exactly('sendBeacon says no', 'navigator.sendBeacon = () => false'),
  orDropped('fetch is missing', 'delete window.fetch'),
  orDropped('fetch throws', 'window.fetch = () => { throw new Error("fetch") }'),
  orDropped('fetch rejects', 'window.fetch = () => Promise.reject(new Error("fetch"))'),
  orDropped('fetch gives nonsense', 'window.fetch = () => Promise.resolve({})'),
  orDropped('fetch gives nothing', 'window.fetch = () => undefined'),
  orDropped('AbortSignal.timeout is missing', 'delete AbortSignal.timeout'),
  orDropped('AbortController is missing', 'delete window.AbortController'),
  orDropped('URL is missing', 'delete window.URL'),
  orDropped('btoa is missing', 'delete window.btoa'),
  exactly('getRandomValues throws', 'Crypto.prototype.getRandomValues = () => { throw new Error("random") }'),
  exactly('no timeOrigin', get('performance', 'timeOrigin', 'return undefined')),
  exactly('performance.now is not a number', 'performance.now = () => NaN'),
  orDropped('performance.now throws', 'performance.now = () => { throw new Error("now") }'),
  exactly('observers cannot observe', 'PerformanceObserver.prototype.observe = () => { throw new Error("observe") }'),
  exactly('no navigation timing', 'performance.getEntriesByType = () => { throw new Error("entries") }'),
  exactly('localStorage throws', get('window', 'localStorage', 'throw new Error("denied")')),
  exactly('indexedDB throws', get('window', 'indexedDB', 'throw new Error("denied")')),
  exactly('indexedDB.open throws', 'IDBFactory.prototype.open = () => { throw new Error("open") }'),
  exactly('transactions throw', 'IDBDatabase.prototype.transaction = () => { throw new Error("transaction") }'),
  exactly('the console is gone', 'delete window.console'),
  exactly('the console throws', 'console.warn = () => { throw new Error("warn") }'),
  exactly('the clock is a year behind', 'const now = Date.now; Date.now = () => now() - 31536e6'),
  exactly('the clock is a year ahead', 'const now = Date.now; Date.now = () => now() + 31536e6'),
  exactly('the clock jumps about', 'const now = Date.now; let n = 0; Date.now = () => now() + (n++ % 2 ? 1e7 : -1e7)'),
  orDropped('the clock is not a number', 'Date.now = () => NaN'),
  orDropped('timers fire at once', 'window.setTimeout = (work) => { work(); return 0 }'),
  orDropped('timers never fire', 'window.setTimeout = () => 0'),
  orDropped('visibilityState throws', get('document', 'visibilityState', 'throw new Error("visibility")')),
  exactly('globalPrivacyControl is odd', get('navigator', 'globalPrivacyControl', 'return "1"')),
  orDropped('globalPrivacyControl throws', get('navigator', 'globalPrivacyControl', 'throw new Error("gpc")')),
  orDropped('addEventListener throws', 'addEventListener = () => { throw new Error("listen") }'),
  orDropped(
    'scripts may not connect',
    'const meta = document.createElement("meta"); meta.httpEquiv = "Content-Security-Policy"; meta.content = "connect-src \'none\'"; document.head.append(meta)',
  ),
  orDropped(
    'an element is named pharos',
    'document.documentElement.append(Object.assign(document.createElement("a"), { id: "pharos" }))',
  ),
  exactly('pharos was something else', 'window.pharos = 7'),
  exactly('the queue holds nonsense', 'window.pharos = { q: [null, 7, ["flush_all"], ["increment"], [{}]] }'),
  exactly('the queue is no list', 'window.pharos = { q: "increment" }'),
]
