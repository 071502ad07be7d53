import type { Config } from '../types.ts'

/** The world as the delivery engine sees it. */
export interface DeliverContext {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  /** Ms since 1970. */
  readonly now: () => number
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly sleep: (ms: number) => Promise<void>
  /** The secret of this name, undefined where there is none. */
  readonly secret: (name: string) => string | undefined
  readonly config: Config
}
