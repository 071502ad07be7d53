import { decodeBeacons, decodeDatadog, decodeFaro, decodePlausible, decodeSentry } from './decode.ts'
import type { Decode } from './decode.ts'
import { decodeOtlpCumulative, decodeOtlpDelta } from './decode-otlp.ts'

/** A library that is put to the test, by its file in `pages/`. */
export interface Subject {
  readonly title: string
  readonly page: string
  /** Absent: the real worker counts. */
  readonly decode?: Decode
}

export const SUBJECTS: readonly Subject[] = [
  { title: 'Pharos', page: 'pharos' },
  { title: 'web-vitals and sendBeacon', page: 'beacon', decode: decodeBeacons },
  { title: 'Plausible', page: 'plausible', decode: decodePlausible },
  { title: 'OpenTelemetry', page: 'opentelemetry', decode: decodeOtlpCumulative },
  { title: 'OpenTelemetry, delta, sends when hidden', page: 'opentelemetry-delta', decode: decodeOtlpDelta },
  { title: 'Grafana Faro', page: 'faro', decode: decodeFaro },
  { title: 'Sentry', page: 'sentry', decode: decodeSentry },
  { title: 'Sentry, offline transport', page: 'sentry-offline', decode: decodeSentry },
  { title: 'Datadog RUM', page: 'datadog', decode: decodeDatadog },
]
