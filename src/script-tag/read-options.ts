import { say } from '../core/say.ts'
import type { Options } from '../core/options.ts'
import { errors } from '../plugins/errors.ts'
import { neverMoved, watchViews } from '../plugins/navigation.ts'
import type { Plugin } from '../core/plugin.ts'
import { webVitals } from '../plugins/web-vitals.ts'

const collectors: Readonly<Record<string, () => Plugin>> = {
  vitals: () => webVitals(),
  errors: () => errors(),
  navigation: () => watchViews({ routeName: () => '', listenElse: neverMoved }),
}

/** `data-attr-page-type="cart"` is the attribute `page_type`: HTML has no capitals and Prometheus no hyphens. */
const ATTRIBUTE_PREFIX = 'data-attr-'

/** The options in the `data-*` attributes of a tag. */
export function readOptions(tag: HTMLScriptElement): Options {
  const { service, release, collect = '', flushIntervalMs, sample, consent } = tag.dataset
  const plugins: Plugin[] = []
  for (const word of collect.split(/\s+/).filter(Boolean)) {
    const collector = Object.hasOwn(collectors, word) && collectors[word]
    if (collector) plugins.push(collector())
    else say(`data-collect="${word}" is none of ${Object.keys(collectors).join()}`)
  }
  const attributes: Record<string, string> = {}
  for (const { name, value } of tag.attributes)
    if (name.startsWith(ATTRIBUTE_PREFIX)) attributes[name.slice(ATTRIBUTE_PREFIX.length).replaceAll('-', '_')] = value
  return {
    service,
    release,
    flushIntervalMs: flushIntervalMs && Number(flushIntervalMs),
    sampleRate: sample && Number(sample),
    consent,
    attributes,
    plugins,
    // Missing attributes are undefined, which is the same as a missing option.
  } as Options
}
