import * as v from 'valibot'
import { DEFAULT_RETRY_STATUSES } from '../shared/retry-statuses.ts'
import { DEFAULT_SERIES_TEMPLATE, DEFAULT_TEMPLATE, templateMistakes } from './template.ts'
import { httpUrl } from '../../schema/addresses.ts'
import { destinationSchema } from '../../schema/destination.ts'
import { oneOf, wholeNumber, type Mistake } from '../../schema/fields.ts'
import type { DestinationSettings } from '../../model/destination-settings.ts'
import type { Temporality } from '../../model/types.ts'

export interface HttpConfig extends DestinationSettings {
  readonly kind: 'http'
  readonly method: 'POST' | 'PUT'
  readonly temporality: Temporality
  /** The body: JSON in which "{{series}}", "{{timeMs}}" and the like are filled in (see destinations/http/template.ts). */
  readonly template: unknown
  /** The value of "{{series}}" for each series. */
  readonly seriesTemplate: unknown
  readonly retryStatuses: readonly number[]
}

export const httpDefaults: Pick<HttpConfig, 'method' | 'temporality'> = { method: 'POST', temporality: 'cumulative' }

const statuses = v.pipe(
  v.array(wholeNumber(300, 599), 'give a list of statuses'),
  v.maxLength(300, 'give every status once'),
) as v.GenericSchema<unknown, readonly number[]>

/** JSON to any address, in a form of the user's own. */
export const httpSchema: v.GenericSchema<unknown, HttpConfig> = v.pipe(
  destinationSchema('http', {
    place: 'network',
    entries: {
      url: httpUrl,
      method: v.optional(oneOf(['POST', 'PUT']), httpDefaults.method),
      temporality: v.optional(oneOf(['cumulative', 'delta']), httpDefaults.temporality),
      template: v.exactOptional(v.unknown()),
      seriesTemplate: v.exactOptional(v.unknown()),
      retryStatuses: v.optional(statuses, DEFAULT_RETRY_STATUSES),
    },
    isDelta: ({ temporality }) => temporality === 'delta',
    mistakes: ({ template, seriesTemplate }) => [
      ...templateAdvice('template', template, 'body'),
      ...templateAdvice('seriesTemplate', seriesTemplate, 'series'),
    ],
  }),
  // Here and not as defaults of their keys: a template of any kind is optional for valibot.
  v.transform(({ template = DEFAULT_TEMPLATE, seriesTemplate = DEFAULT_SERIES_TEMPLATE, ...rest }) => ({
    ...rest,
    template,
    seriesTemplate,
  })),
)

const templateAdvice = (key: string, template: unknown, part: 'body' | 'series'): readonly Mistake[] =>
  template === undefined ? [] : templateMistakes(template, part).map((advice) => ({ path: [key], advice }))
