import type { Attributes } from '../protocol/types.ts'
import type { Instruments } from './instruments.ts'
import type { Plugin } from './plugin.ts'
import type { Recorder } from './types.ts'

type Verbs = Omit<Instruments, 'time'>

/** Made by `filter`: verbs that ask it first. */
export type Filter = (verbs: Verbs, recorder: Recorder) => Verbs

/** true is 'granted'. false is 'denied', and so is any unknown value. 'pending' keeps records in memory and stores or sends nothing. */
export type Consent = boolean | 'granted' | 'denied' | 'pending'

/** All are optional. The development build names each wrong option, and says what happens instead. */
export interface Options {
  /**
   * Where batches are posted. Batches, settings and consent are kept apart by it.
   * @default `/v1/beacon` of the page's own origin; for the script tag, of the origin the script came from
   */
  readonly url?: string
  /** The name of the sender: the label `service`. At most 128 characters. */
  readonly service?: string
  /** Its version: the label `release`. At most 128 characters. */
  readonly release?: string
  /** On every series of this page, at most 16. */
  readonly attributes?: Attributes
  /** Plugins, which record by themselves. @default none */
  readonly plugins?: readonly Plugin[]
  /** How often batches are sent while the page is visible, ms: 1,000 to 86,400,000. @default 30_000 */
  readonly flushIntervalMs?: number
  /**
   * The share of page views that record, 0 to 1, taken as one in a whole number: 0.1 is one in 10, 0.4 one in 3. A page is in or out
   * as a whole, decided when it begins; the edge multiplies the records of pages that are in. A rate between 0 and 0.0001 is wrong.
   * @default 1
   */
  readonly sampleRate?: number
  /**
   * 'denied': the page records nothing before `setConsent('granted')`. 'pending': it records, and sends nothing before that call.
   * @default 'granted', but 'denied' where the browser sends Global Privacy Control; buffered records are then erased
   */
  readonly consent?: Consent
  /** Renames or drops records: `filter((record) => ...)`. @default none */
  readonly filter?: Filter
}
