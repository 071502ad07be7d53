import type { Beacon } from './beacon.ts'

const host = globalThis as { [key: symbol]: Map<string, Beacon> | undefined }

/** The beacons of the page, by endpoint and service, those of other copies of this package included. */
export const runningBeacons: Map<string, Beacon> = (host[Symbol.for('pharos-beacon')] ??= new Map())
