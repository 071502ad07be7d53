import type { DestinationDefinition, KindTemporality } from '../../worker/model/destination-definition.ts'

type Kinds = readonly DestinationDefinition[]

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

/** The kinds for a reader who chooses one (README). */
export const choiceTable = (kinds: Kinds): string =>
  table(
    ['kind', 'protocol', 'if a response is lost'],
    kinds.map(({ kind, docs }) => [`\`${kind}\``, docs?.protocol ?? '', docs?.ifLost ?? '']),
  )

const GETS: Readonly<Record<KindTemporality, string>> = {
  cumulative: 'totals',
  delta: 'deltas',
  either: 'totals; deltas with `"temporality": "delta"`',
}

/** What each kind gets, and what becomes of it (docs/EXPORTERS.md). */
export const temporalityTable = (kinds: Kinds): string =>
  table(
    ['kind', 'gets', 'in doubt (no answer came)', 'ends a series with'],
    kinds.map(({ kind, temporality, docs }) => [
      `\`${kind}\``,
      GETS[temporality],
      docs?.inDoubt ?? '',
      docs?.ends ?? '',
    ]),
  )

/** A configuration with the smallest destination of every kind (docs/EXPORTERS.md). */
export function smallestConfiguration(kinds: Kinds): string {
  const destinations = kinds.map(({ kind, docs }) => ({ name: kind, kind, ...docs?.example }))
  return `\`\`\`json\n${JSON.stringify({ destinations })}\n\`\`\``
}
