import { type Mistake, report } from './report.ts'
import type { Say } from './say.ts'
import { show } from './show.ts'

/** The result of a call of a plugin. */
export interface PluginResult {
  /** Its index in the option `plugins`. */
  readonly index: number
  readonly plugin: unknown
  readonly returned: unknown
}

/** Prints the mistake in the result of a plugin. A result that is a plugin again comes from a factory that was not called. Never throws. */
export function checkPluginResult({ index, plugin, returned }: PluginResult, say: Say): void {
  const subject = { what: `What plugins[${index}] returned`, otherwise: 'shutdown() cannot stop it.' }
  report(say, subject, () => [mistakeIn(`plugins[${index}]`, plugin, returned)])
}

function mistakeIn(subject: string, plugin: unknown, returned: unknown): Mistake {
  if (!returned) return undefined
  if (typeof returned !== 'function')
    return `${subject} returned ${show(returned)}, which is ignored: shutdown() cannot stop it. Return a function that stops it, or nothing.`
  // A function that stops a plugin takes no argument. One that takes an argument is a plugin.
  if (returned.length === 0) return undefined
  const name = (typeof plugin === 'function' && plugin.name) || 'factory'
  return `${subject} returned a plugin instead of a function that stops it: it is a function that makes plugins. It records nothing. Call it: plugins: [${name}()].`
}
