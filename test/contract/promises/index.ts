import type { ExporterPromise } from '../promise.ts'
import { accounting, doubt, outages, restarts } from './accounting.ts'
import { address } from './address.ts'
import { again } from './again.ts'
import { answers } from './answers.ts'
import { bytes } from './bytes.ts'
import { coding } from './coding.ts'
import { decoder } from './decoder.ts'
import { deterministic } from './deterministic.ts'
import { empty } from './empty.ts'
import { exact } from './exact.ts'
import { gauges } from './gauges.ts'
import { histograms } from './histograms.ts'
import { limits } from './limits.ts'
import { parts } from './parts.ts'
import { endings, zeros } from './phases.ts'
import { resource, resourceLabels } from './resource.ts'
import { steps } from './steps.ts'
import { texts } from './texts.ts'
import { times } from './times.ts'
import { untouched } from './untouched.ts'
import { whole } from './whole.ts'

/** Every promise of an exporter, the decoder first: where it fails, the others say nothing about the exporter. */
export const promises = {
  decoder,
  empty,
  exact,
  whole,
  histograms,
  gauges,
  texts,
  resource,
  resourceLabels,
  times,
  accounting,
  doubt,
  restarts,
  outages,
  steps,
  zeros,
  endings,
  limits,
  bytes,
  deterministic,
  untouched,
  parts,
  again,
  address,
  coding,
  answers,
} satisfies Readonly<Record<string, ExporterPromise>>

export type Promised = keyof typeof promises
