import { createPrometheusExporter } from '../../../worker/destinations/prometheus/exporter.ts'
import type { Snapshot } from '../../../worker/model/types.ts'
import { testConfig, testDestination } from '../../contract/snapshots.ts'

/** Sends snapshots to a receiver as the worker does: in order, zeros before values. Fails where one is refused. */
export async function writeSnapshots(writeUrl: string, snapshots: readonly Snapshot[]): Promise<void> {
  const exporter = createPrometheusExporter(testDestination({ url: writeUrl }), testConfig())
  for (const snapshot of snapshots)
    for (const { requests } of exporter.encode(snapshot))
      for (const { url, method, headers, body } of requests) {
        const response = await fetch(url, { method, headers, body })
        const answer = await response.text()
        if (!response.ok) throw new Error(`${writeUrl} answered ${response.status}: ${answer}`)
      }
}
