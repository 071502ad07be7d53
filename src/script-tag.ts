/** The file behind `<script src=".../pharos.js">`: starts a beacon from the tag's `data-*` and puts it at `window.pharos`. */
import { isDevelopment } from './check/index.ts'
import type { Beacon } from './core/beacon.ts'
import { initWith } from './init.ts'
import { loadDevelopment } from './script-tag/development.ts'
import { lazy } from './script-tag/lazy.ts'
import { readOptions } from './script-tag/read-options.ts'
import { tag } from './script-tag/tag.ts'
import { tagEndpoint } from './script-tag/tag-endpoint.ts'

/** The queue that the page's own snippet puts at `window.pharos` until the script is loaded. */
interface Queue {
  /** A list of calls. */
  readonly q?: unknown
}

type Call = readonly [verb: keyof Beacon, ...args: unknown[]]

const host = window as { pharos?: Queue | Beacon }

function run(): void {
  const url = tagEndpoint(tag)
  if (!isDevelopment && url && 'debug' in tag.dataset) {
    loadDevelopment(url)
    return
  }
  const queue = (host.pharos as Queue | undefined)?.q
  const beacon = initWith(lazy, () => [readOptions(tag), url])
  const push = (call: Call): void => {
    try {
      const [verb, ...args] = call
      ;(beacon[verb] as (...args: unknown[]) => unknown)(...args)
    } catch {
      // The page queued something that is no call. The calls behind it still count.
    }
  }
  // A page may have kept a function of its snippet, which goes on pushing to the `q` that is here now.
  host.pharos = { ...beacon, q: { push } }
  if (Array.isArray(queue)) for (const call of queue as Call[]) push(call)
}

// A script that is on the page twice must not count twice. A snippet has no use for a `stats` of its own.
if (!(host.pharos as Beacon | undefined)?.stats) run()
