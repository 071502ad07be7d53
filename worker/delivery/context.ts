import type { ExportContext } from '../model/export-context.ts'

/** The part of the configuration that all destinations share. */
export interface DeliveryConfig extends ExportContext {
  /** 'exports' logs every request, 'payloads' its body too. */
  readonly debug: 'off' | 'exports' | 'payloads'
  /** How often totals are pushed, ms. */
  readonly flushIntervalMs: number
}

/** Clock, network and bindings, which come from outside. */
export interface DeliverContext {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  /** Ms since 1970. */
  readonly now: () => number
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly sleep: (ms: number) => Promise<void>
  /** The secret of this name, undefined where there is none. */
  readonly secret: (name: string) => string | undefined
  /** The R2 bucket bound under this name, undefined where there is none. */
  readonly bucket: (name: string) => Pick<R2Bucket, 'put'> | undefined
  /** One structured line for the operator. */
  readonly log: (line: Readonly<Record<string, unknown>>) => void
  readonly config: DeliveryConfig
}
