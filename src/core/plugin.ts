import type { Instruments } from './instruments.ts'

/** The verbs that a plugin records with. */
export interface PluginContext extends Instruments {
  /** Where batches are posted. */
  readonly url: string
}

/**
 * Something that records by itself. Called once, when the page is activated and there is consent; may return a function that
 * stops it. An error in it does not reach the page.
 * @example
 * const clicks: Plugin = ({ increment }) => {
 *   const count = () => increment('page.clicks')
 *   addEventListener('click', count)
 *   return () => removeEventListener('click', count)
 * }
 */
// oxlint-disable-next-line typescript/no-invalid-void-type -- a plugin that has nothing to stop just ends
export type Plugin = (beacon: PluginContext) => (() => void) | void
