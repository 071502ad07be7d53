import type { Options } from './options.ts'
import { MAX_WEIGHT } from '../protocol/limits.ts'
import type { Resource } from '../protocol/types.ts'

/** How many page views one stands for at a rate; Infinity at 0; undefined where it is no rate. */
export const weightOf = (rate: number | undefined): number | undefined =>
  rate === 0 || (rate! >= 1 / MAX_WEIGHT && rate! <= 1) ? Math.round(1 / rate!) : undefined

/** The interval; undefined where it is none. */
export const intervalOf = (value: number | undefined): number | undefined =>
  value! >= 1_000 && value! <= 86_400_000 ? value : undefined

/** Whether consent is granted. Any unknown value means that it is denied. */
export const isGranted = (consent: unknown): boolean => consent === true || consent === 'granted'

/** The resource as a copy that JSON and IndexedDB can hold. Values that are undefined are left out. */
export const resourceOf = ({ service, release, attributes }: Options): Resource =>
  JSON.parse(
    // JSON cannot write a bigint.
    JSON.stringify({ service, release, attributes }, (_, value) => (typeof value === 'bigint' ? undefined : value)),
  ) as Resource
