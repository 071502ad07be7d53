// Pure: no I/O, no clock, no randomness.
import * as v from 'valibot'
import { isMetricName } from '../../src/protocol/series.ts'
import { isReservedName } from '../policy/reserved.ts'
import { matching, passing, record, strictObject, text } from './fields.ts'
import type { Config, MetricMetadata } from './types.ts'

const isAscending = (bounds: number[]): boolean => bounds.every((bound, i) => i === 0 || bound > bounds[i - 1]!)

const metadata = strictObject(
  {
    help: v.exactOptional(text('give the help as text')),
    unit: v.exactOptional(matching(/^[\x21-\x7e]{1,63}$/, 'give a base unit as UCUM writes it, such as "s" or "By"')),
    buckets: v.exactOptional(
      v.pipe(
        v.array(v.pipe(v.number('give a number'), v.finite('leave +Inf out')), 'give a list of upper bounds'),
        v.minLength(1, 'give at least one upper bound'),
        v.maxLength(200, 'give at most 200 upper bounds'),
        v.check(isAscending, 'give the upper bounds in ascending order'),
      ),
    ),
  },
  'give an object with help, unit or buckets',
)

const metricName = v.pipe(
  passing((name) => isMetricName(name), 'is not a metric name: letters, digits, "_" and ".", at most 128'),
  v.check((name) => !isReservedName(name), 'is a name of Pharos itself: choose one that does not begin with "pharos"'),
)

/** What is known of each metric, by its name. */
export const metrics: v.GenericSchema<unknown, Config['metrics']> = record<MetricMetadata>(
  metricName,
  metadata,
  'give an object of metric names',
)
