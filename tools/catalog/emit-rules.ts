// Pure: no I/O, no clock, no randomness.
import type { Catalog } from '../../src/catalog/types.ts'
import { exactIncrease } from './exact-increase.ts'
import { prometheusMetrics, type PrometheusMetric } from './prometheus-names.ts'

/** How far back a rate looks. */
const WINDOW = '5m'
/** How far back a number of events looks. Longer ones are added up from it. */
const COUNT_WINDOW = '1h'

/**
 * Rules to begin with, as a file that Prometheus reads: how many events there were in the last hour, the rate, and of histograms the 75th percentile,
 * by service and by the attributes that have few values; an alert for a counter that stopped, and for a percentile above the last explicit bucket but one.
 * Names of recorded series are `level:metric:operations`. Source: Prometheus documentation, "Recording rules", naming.
 */
export function emitRules(catalog: Catalog): string {
  const metrics = prometheusMetrics(catalog)
  const groups = [
    group('pharos-catalog', metrics.flatMap(recordings)),
    group('pharos-catalog-alerts', metrics.flatMap(alerts)),
  ]
  return `${HEAD}groups:${metrics.length > 0 ? `\n${groups.join('')}` : ' []\n'}`
}

const HEAD = `# Made from the metric catalog by pharos-catalog. A start: choose the thresholds, and what is worth an alert.
# For classic histograms; of native ones the percentile is histogram_quantile(0.75, sum by (service) (rate(<metric>[${WINDOW}]))).
`

interface Rule {
  readonly record?: string
  readonly alert?: string
  readonly expr: string
  readonly for?: string
  readonly summary?: string
}

const group = (name: string, rules: readonly Rule[]): string =>
  rules.length === 0 ? '' : `  - name: ${name}\n    rules:\n${rules.map(writeRule).join('')}`

function writeRule({ record, alert, expr, for: duration, summary }: Rule): string {
  const lines = [
    record ? `record: ${record}` : `alert: ${alert}`,
    `expr: ${quote(expr)}`,
    ...(duration ? [`for: ${duration}`] : []),
    ...(alert ? ['labels:', '  severity: info'] : []),
    // Annotations are templates: what would begin an action there is made text.
    ...(summary ? ['annotations:', `  summary: ${quote(summary.replaceAll('{{', '{{ "{{" }}'))}`] : []),
  ]
  return lines.map((line, i) => `      ${i === 0 ? '- ' : '  '}${line}\n`).join('')
}

/** Labels a recorded series keeps. The release is not one: a deploy would end the series. */
const levelOf = ({ boundedLabels }: PrometheusMetric): readonly string[] => ['service', ...boundedLabels]

const increaseOf = (metric: PrometheusMetric): string =>
  `${levelOf(metric).join('_')}:${metric.prometheusName.replace(/_total$/, '')}:increase${COUNT_WINDOW}`

const countIncreaseOf = (metric: PrometheusMetric): string =>
  `${levelOf(metric).join('_')}:${metric.prometheusName}:count_increase${COUNT_WINDOW}`

const rateOf = (metric: PrometheusMetric): string =>
  `${levelOf(metric).join('_')}:${metric.prometheusName.replace(/_total$/, '')}:rate${WINDOW}`

const countRateOf = (metric: PrometheusMetric): string =>
  `${levelOf(metric).join('_')}:${metric.prometheusName}:count_rate${WINDOW}`

const percentileOf = (metric: PrometheusMetric): string =>
  `${levelOf(metric).join('_')}:${metric.prometheusName}:p75_rate${WINDOW}`

function recordings(metric: PrometheusMetric): Rule[] {
  const { prometheusName } = metric
  const by = levelOf(metric).join(', ')
  const rate = (series: string): string => `rate(${prometheusName}${series}[${WINDOW}])`
  const increase = (series: string): string => exactIncrease(`${prometheusName}${series}`, COUNT_WINDOW)
  if (metric.metric.kind === 'counter')
    return [
      { record: increaseOf(metric), expr: `sum by (${by}) (${increase('')})` },
      { record: rateOf(metric), expr: `sum by (${by}) (${rate('')})` },
    ]
  return [
    { record: countIncreaseOf(metric), expr: `sum by (${by}) (${increase('_count')})` },
    { record: countRateOf(metric), expr: `sum by (${by}) (${rate('_count')})` },
    { record: percentileOf(metric), expr: `histogram_quantile(0.75, sum by (le, ${by}) (${rate('_bucket')}))` },
  ]
}

function alerts(metric: PrometheusMetric): Rule[] {
  const { name, metric: definition } = metric
  if (definition.kind === 'counter') {
    const rate = rateOf(metric)
    const expr = `sum by (service) (${rate} offset 1d) > 0 unless sum by (service) (${rate}) > 0`
    return [
      {
        alert: alertName(name, 'Stopped'),
        expr,
        for: '1h',
        summary: `Nothing for an hour, unlike the day before. ${definition.help}`,
      },
    ]
  }
  // A percentile beyond the last bound is given as that bound, so it is never above it.
  const threshold = definition.buckets?.at(-2)
  if (threshold === undefined) return []
  return [
    {
      alert: alertName(name, 'High'),
      expr: `${percentileOf(metric)} > ${threshold}`,
      for: '15m',
      summary: `The 75th percentile is above ${threshold}${definition.unit ? ` ${definition.unit}` : ''}. ${definition.help}`,
    },
  ]
}

/** `checkout.clicks` and `Stopped` are `CheckoutClicksStopped`. */
const alertName = (name: string, state: string): string =>
  [...name.split(/[^A-Za-z0-9]+/), state].map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')

/** A YAML text in double quotes: JSON is one, but for characters that YAML 1.1 takes for the end of a line, or does not allow. */
const quote = (text: string): string =>
  JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
