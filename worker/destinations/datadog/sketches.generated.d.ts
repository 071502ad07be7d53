/** Types of the generated code, written by hand: pbf generates none. */
import type { PbfWriter } from 'pbf'

export interface Dogsketch {
  /** Seconds since 1970. */
  readonly ts: number
  readonly cnt: number
  readonly min: number
  readonly max: number
  readonly avg: number
  readonly sum: number
  readonly k: readonly number[]
  readonly n: readonly number[]
}

export interface Sketch {
  readonly metric: string
  readonly tags: readonly string[]
  readonly dogsketches: readonly Dogsketch[]
}

export function writeSketchPayload(payload: { readonly sketches: readonly Sketch[] }, writer: PbfWriter): void
