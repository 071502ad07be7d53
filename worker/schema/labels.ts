import type * as v from 'valibot'
import { isAttributeText } from '../../src/protocol/series.ts'
import { matching, passing, record } from './fields.ts'

type Labels = v.GenericSchema<unknown, Readonly<Record<string, string>>>

const value = passing(
  (it) => it !== '' && isAttributeText(it),
  'give the value as text that is not empty, without control characters',
)

/** Names and values of Prometheus labels. Names that begin with two underscores are Prometheus's own. */
export const labels: Labels = record(
  matching(/^(?!__)[A-Za-z_][A-Za-z0-9_]*$/, 'is not a label name: use letters, digits and "_"'),
  value,
  'give an object of label names and values',
)

/** Names and values where any text may be a name, as OpenTelemetry and New Relic have it. */
export const attributes: Labels = record(
  matching(/^[\x21-\x7e]{1,255}$/, 'is not the name of an attribute: use at most 255 letters, digits and signs'),
  value,
  'give an object of attributes and their values',
)

/** Datadog's tags: a name begins with a letter and is lower-cased there. Source: Datadog documentation, "Define tags". */
export const tags: Labels = record(
  matching(
    /^[A-Za-z][A-Za-z0-9_.\-/]{0,99}$/,
    'is not the name of a tag: begin with a letter, then letters, digits, "_-./"',
  ),
  value,
  'give an object of tags and their values',
)
