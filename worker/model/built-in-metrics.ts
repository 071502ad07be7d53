import type { ExportContext } from './export-context.ts'
import type { MetricMetadata } from './metric-metadata.ts'

/** 1/16 s to 73 h: a batch may be as old as the page keeps it. Powers of four, so that the counts are exact. */
const AGE_BUCKETS: readonly number[] = Array.from({ length: 12 }, (_, i) => 4 ** (i - 2))

/** 1/4 s to 18 h: how long people have a page open. */
const STAY_BUCKETS: readonly number[] = Array.from({ length: 10 }, (_, i) => 4 ** (i - 1))

/** 64 B to 64 MiB. */
const SIZE_BUCKETS: readonly number[] = Array.from({ length: 11 }, (_, i) => 4 ** (i + 3))

/**
 * Facts about the metrics of our plugins, of browser reports, and of Pharos itself.
 * Names in Prometheus follow from it: `pharos.export_lag` is `pharos_export_lag_seconds`.
 */
const BUILT_IN: ReadonlyMap<string, MetricMetadata> = new Map<string, MetricMetadata>([
  ['web_vitals.lcp', { help: 'Largest Contentful Paint.', unit: 's' }],
  ['web_vitals.inp', { help: 'Interaction to Next Paint.', unit: 's' }],
  ['web_vitals.fcp', { help: 'First Contentful Paint.', unit: 's' }],
  ['web_vitals.ttfb', { help: 'Time to First Byte.', unit: 's' }],
  // A score, not a share of anything: an annotation keeps `_ratio` off the name, which is `web_vitals_cls`.
  ['web_vitals.cls', { help: 'Cumulative Layout Shift, a score.', unit: '{score}' }],
  ['page.errors', { help: 'Errors that the page did not catch.' }],
  ['page.views', { help: 'Pages that were looked at.' }],
  ['page.navigation', { help: 'How long the phases of a navigation took.', unit: 's' }],
  ['page.visible', { help: 'How long a page was visible.', unit: 's', buckets: STAY_BUCKETS }],
  ['page.engaged', { help: 'How long a visitor was active on a page.', unit: 's', buckets: STAY_BUCKETS }],
  ['page.lifetime', { help: 'Time from the start of a page to its end.', unit: 's', buckets: STAY_BUCKETS }],
  ['page.restores', { help: 'Pages that came back from the back/forward cache.' }],
  ['page.discards', { help: 'Pages that the browser had thrown out of memory and loaded again.' }],
  ['page.long_frames', { help: 'Frames, or tasks, in which the page could not answer.' }],
  ['page.blocking', { help: 'How long the page could not answer, beyond what a visitor does not notice.', unit: 's' }],
  ['requests.duration', { help: 'How long a request of a page took.', unit: 's' }],
  ['requests.size', { help: 'What came over the network for a request of a page.', unit: 'By', buckets: SIZE_BUCKETS }],
  ['browser.reports', { help: 'What browsers reported of pages: crashes, violations, deprecations and more.' }],
  ['pharos.beacons', { help: 'Requests with beacons or reports, by outcome.' }],
  ['pharos.batches', { help: 'Batches in accepted requests, by outcome.' }],
  ['pharos.dropped', { help: 'What was recorded but will not be counted, by place and reason.' }],
  [
    'pharos.sample_weight',
    { help: 'Sessions that a sampled session stands for, once a session.', buckets: [2, 10, 100, 1_000, 10_000] },
  ],
  ['pharos.series', { help: 'Series held in memory.' }],
  ['pharos.batch_age', { help: 'Age of a batch when it was first counted.', unit: 's', buckets: AGE_BUCKETS }],
  ['pharos.exports', { help: 'Requests to a destination, every try counted, by outcome; pushes that were skipped.' }],
  ['pharos.export_errors', { help: 'Requests to a destination that failed, by what was wrong.' }],
  ['pharos.export_bytes', { help: 'Bodies sent to a destination, every try counted.', unit: 'By' }],
  ['pharos.export_dropped', { help: 'Points that a destination will never get, by reason.' }],
  ['pharos.export_duration', { help: 'How long a push to a destination took.', unit: 's' }],
  ['pharos.export_lag', { help: 'Time since a destination last accepted a push.', unit: 's' }],
])

/** Facts about a metric: those of the configuration, completed by the built-in ones. */
export const metadataOf = (name: string, metrics: ExportContext['metrics']): MetricMetadata => ({
  ...BUILT_IN.get(name),
  ...(Object.hasOwn(metrics, name) ? metrics[name] : undefined),
})

/** The names of the metrics that are built in, Pharos's own among them. */
export const builtInNames = (): readonly string[] => [...BUILT_IN.keys()]
