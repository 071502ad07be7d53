import { describe, expect, it } from 'vitest'
import type { DestinationSettings } from '../../worker/model/destination-settings.ts'
import { createHarness } from './harness.ts'
import type { ExporterPromise } from './promise.ts'
import { type Promised, promises } from './promises/index.ts'
import type { ExporterUnderTest } from './subject.ts'

export type { Decoded, ExporterUnderTest, Receiver } from './subject.ts'
export type { Promised } from './promises/index.ts'

/** An exporter for the suite. */
export interface ContractSubject<Config extends DestinationSettings> extends ExporterUnderTest<Config> {
  /** Promises that the exporter breaks on purpose, each with the reason. The test of the exporter checks what it does instead. */
  readonly deviations?: Readonly<Partial<Record<Promised, string>>>
}

/** Tests what every exporter promises, one test for each promise. */
export function describeExporter<Config extends DestinationSettings>(subject: ContractSubject<Config>): void {
  const { title, deviations = {} } = subject
  const all = (Object.entries(promises) as [Promised, ExporterPromise][]).map(([name, { what, check }]) => ({
    name,
    what,
    reason: deviations[name],
    run: () => check(createHarness(subject)),
  }))
  describe(`exporter ${title}`, () => {
    it.for(all.filter(({ reason }) => reason === undefined))('$name: $what', ({ run }) => {
      run()
      expect.hasAssertions()
    })
    it.for(all.filter(({ reason }) => reason !== undefined))('deviates from $name: $reason', ({ run, name }) => {
      expect(run, `it keeps the promise "${name}": remove it from the deviations`).toThrow(Error)
    })
  })
}
