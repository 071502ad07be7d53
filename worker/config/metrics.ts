import * as v from 'valibot'
import { MAX_ATTRIBUTES } from '../../src/protocol/limits.ts'
import { isAttributeName, isAttributeText, isMetricName } from '../../src/protocol/series.ts'
import { isReservedName } from '../model/reserved.ts'
import { matching, oneOf, passing, record, strictObject, text } from '../schema/fields.ts'
import type { Config } from './types.ts'
import type { AttributeKind, MetricMetadata } from '../model/metric-metadata.ts'

const isAscending = (bounds: number[]): boolean => bounds.every((bound, i) => i === 0 || bound > bounds[i - 1]!)

const ATTRIBUTE_ADVICE =
  'give "boolean", "number", "string" or a list of 1 to 200 different texts of 1 to 128 characters'

const isAttributeKind = (it: unknown): it is AttributeKind =>
  Array.isArray(it)
    ? it.length >= 1 &&
      it.length <= 200 &&
      new Set(it).size === it.length &&
      it.every((value) => typeof value === 'string' && value !== '' && isAttributeText(value))
    : it === 'boolean' || it === 'number' || it === 'string'

const attributeName = passing(isAttributeName, 'is not an attribute name: letters, digits, "_" and ".", at most 64')

const attributes = v.pipe(
  record<AttributeKind>(
    attributeName,
    v.custom<AttributeKind>(isAttributeKind, ATTRIBUTE_ADVICE),
    'give an object of attribute names',
  ),
  v.check((it) => Object.keys(it).length <= MAX_ATTRIBUTES, `give at most ${MAX_ATTRIBUTES} attributes`),
)

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
    kind: v.exactOptional(oneOf(['counter', 'histogram'])),
    attributes: v.exactOptional(attributes),
  },
  'give an object with help, unit, buckets, kind or attributes',
)

const metricName = v.pipe(
  passing((name) => isMetricName(name), 'is not a metric name: letters, digits, "_" and ".", at most 128'),
  v.check((name) => !isReservedName(name), 'is a name of Pharos itself: choose one that does not begin with "pharos"'),
)

/** Facts about each metric, by its name. */
export const metrics: v.GenericSchema<unknown, Config['metrics']> = record<MetricMetadata>(
  metricName,
  metadata,
  'give an object of metric names',
)
