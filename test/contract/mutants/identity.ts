import { changeSeries } from '../mutate.ts'
import { both, type Mutant } from './mutant.ts'

/** Mutants that mistake one series for another. */
export const IDENTITY_MUTANTS: readonly Mutant[] = [
  ...(['service', 'release'] as const).map((part) => ({
    name: `the ${part} lost`,
    breaks: 'resource' as const,
    of: both,
    mutation: changeSeries((one) => ({ ...one, series: { ...one.series, [part]: '' } })),
  })),
  {
    name: 'resourceLabels ignored',
    breaks: 'resourceLabels',
    of: both,
    mutation: (create) => (config, context) =>
      create(config, { ...context, resourceLabels: { service: true, release: true } }),
  },
  {
    name: 'services cut at 20 characters',
    breaks: 'texts',
    of: both,
    mutation: changeSeries((one) => ({ ...one, series: { ...one.series, service: one.series.service.slice(0, 20) } })),
  },
  {
    name: 'attributes cut at 20 characters',
    breaks: 'texts',
    of: both,
    mutation: changeSeries((one) => ({
      ...one,
      series: { ...one.series, attributes: one.series.attributes.map(([name, text]) => [name, text.slice(0, 20)]) },
    })),
  },
]
