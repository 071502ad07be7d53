/** The file behind `<script src=".../pharos.js">`: starts a beacon from the tag's `data-*` and puts it at `window.pharos`. */
import type { Beacon } from './beacon.ts'
import { attempt } from './browser/attempt.ts'
import { warn } from './browser/warn.ts'
import { init } from './init.ts'
import type { Options } from './options.ts'
import { errors } from './plugins/errors.ts'
import { navigation } from './plugins/navigation.ts'
import type { Plugin } from './plugins/plugin.ts'
import { webVitals } from './plugins/web-vitals.ts'

/** What the page's own snippet leaves at `window.pharos` until the script is here. */
interface Queue {
  /** A list of calls. */
  readonly q?: unknown
}

type Call = readonly [verb: keyof Beacon, ...args: unknown[]]

const collectors: Readonly<Record<string, () => Plugin>> = { vitals: webVitals, errors, navigation }

/** `data-attr-page-type="cart"` is the attribute `page_type`: HTML has no capitals and Prometheus no hyphens. */
const ATTRIBUTE_PREFIX = 'data-attr-'

function readOptions(script: HTMLScriptElement): Options {
  const { service, release, collect = '', url, flushIntervalMs, sample, consent } = script.dataset
  const plugins: Plugin[] = []
  for (const word of collect.split(/\s+/).filter(Boolean)) {
    const collector = Object.hasOwn(collectors, word) && collectors[word]
    if (collector) plugins.push(collector())
    else warn(`data-collect="${word}" is unknown; known: ${Object.keys(collectors).join(' ')}`)
  }
  const attributes: Record<string, string> = {}
  for (const { name, value } of script.attributes)
    if (name.startsWith(ATTRIBUTE_PREFIX)) attributes[name.slice(ATTRIBUTE_PREFIX.length).replaceAll('-', '_')] = value
  return {
    url: url ?? new URL('/v1/beacon', script.src || location.href).href,
    service,
    release,
    flushIntervalMs: flushIntervalMs && Number(flushIntervalMs),
    sampleRate: sample && Number(sample),
    consent,
    attributes,
    plugins,
    debug: 'debug' in script.dataset,
    // What the tag does not say is undefined, which is as good as missing.
  } as Options
}

const host = window as { pharos?: Queue | Beacon }
// A script that is on the page twice must not count twice. A snippet has no use for a `stats` of its own.
if (!(host.pharos as Beacon | undefined)?.stats) {
  // A module has no `currentScript`: its tag is found by its file.
  const script = document.currentScript ?? document.querySelector('script[type=module][src*="/pharos."]')
  const queue = (host.pharos as Queue | undefined)?.q
  const beacon = init(script instanceof HTMLScriptElement ? attempt(readOptions, script) : {})
  const push = (call: Call): void => {
    try {
      const [verb, ...args] = call
      ;(beacon[verb] as (...args: unknown[]) => unknown)(...args)
    } catch {
      // Not a call: the page's own mistake, which must not cost the calls behind it.
    }
  }
  // A page may have kept a function of its snippet, which goes on pushing to the `q` that is here now.
  host.pharos = { ...beacon, q: { push } }
  if (Array.isArray(queue)) for (const call of queue as Call[]) push(call)
}
