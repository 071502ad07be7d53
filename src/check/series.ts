import { MAX_NAME_LENGTH } from '../protocol/limits.ts'
import { type AttributesOf, mistakesInAttributes } from './attributes.ts'
import { misfitUnit } from './name-units.ts'
import { adviceOnName, mistakeInName } from './names.ts'
import { type Mistake, report } from './report.ts'
import type { Say } from './say.ts'
import { isUnset, quote, show } from './show.ts'

export type Kind = 'counter' | 'histogram' | 'gauge'

/** A series as a call spells it. Types do not reach every page, so each may be anything. */
export interface Spelling {
  readonly kind: Kind
  readonly name: unknown
  readonly attributes?: unknown
}

/** Prints the mistakes in a series, once for each of its spellings. Never throws. */
export function checkSeries({ kind, name, attributes }: Spelling, say: Say): void {
  const unnamed = { what: `The name of a ${kind}`, otherwise: 'Its records are dropped (bad_name).' }
  report(say, unnamed, () => [mistakeInMetricName(kind, name)])
  const subject = typeof name === 'string' ? `${kind} ${quote(name)}` : `a ${kind}`
  const of = recordsOf(subject)
  report(say, { what: `An attribute of ${subject}`, otherwise: of.onTooMany }, () =>
    mistakesInAttributes(attributes, of),
  )
}

const recordsOf = (subject: string): AttributesOf => ({
  subject,
  all: `${subject}: its attributes are`,
  onWrong: 'Records with it are dropped (bad_attributes).',
  onTooMany: 'Its records are dropped (bad_attributes).',
  onNoObject: 'Records with them are dropped (bad_attributes).',
  onNothing: 'It is recorded without attributes.',
})

function mistakeInMetricName(kind: Kind, name: unknown): Mistake {
  if (typeof name !== 'string')
    return `a ${kind} has a name that is ${show(name)}. Its records are dropped (bad_name). Name it with a text: 'checkout.clicks'.`
  const whose = `${kind} ${quote(name)}`
  const mistake = mistakeInName(name, MAX_NAME_LENGTH)
  if (mistake !== undefined)
    return `${whose}: its name ${mistake}. Its records are dropped (bad_name). ${adviceOnName(name, MAX_NAME_LENGTH)}`
  if (/^pharos[._]/.test(name))
    return `${whose}: names that begin with "pharos." or "pharos_" are reserved. Its records are dropped (bad_name). Choose another name.`
  if (isUnset(name))
    return `${whose} contains an unset variable in its name. It is recorded under that name. Check the variable that the name is made of.`
  return misfitUnit(kind, name)
}
