import { MAX_SUM, MAX_VALUE } from '../protocol/limits.ts'
import { type Mistake, report } from './report.ts'
import type { Say } from './say.ts'
import type { Kind } from './series.ts'
import { quote, show } from './show.ts'

/** A call whose value was dropped. */
export interface DroppedValue {
  readonly kind: Kind
  /** The beginning of the point: `["cart.items",`. */
  readonly head: string
  readonly value: unknown
}

const DROPPED = 'The call is dropped (bad_value).'

/** Says why a value was dropped (`bad_value`). Call it for dropped values only. Never throws. */
export function checkValue({ kind, head, value }: DroppedValue, say: Say): void {
  const subject = `${kind} ${quote((JSON.parse(`${head}0]`) as [string])[0])}`
  report(say, { what: `The value of ${subject}`, otherwise: DROPPED }, () => [`${subject}: ${whyDropped(kind, value)}`])
}

function whyDropped(kind: Kind, value: unknown): Mistake {
  if (value === undefined) return `there is no value. ${DROPPED} Give a finite number.`
  if (typeof value === 'string') return `the value is the text ${quote(value)}. ${DROPPED} Write Number(value).`
  if (typeof value === 'bigint') return `the value is a bigint. ${DROPPED} Write Number(value).`
  if (typeof value === 'object' && value !== null && kind === 'counter')
    return `the value is ${show(value)}. ${DROPPED} Attributes come third: increment(name, 1, attributes).`
  if (typeof value !== 'number') return `the value is ${show(value)}. ${DROPPED} Give a finite number.`
  if (Number.isNaN(value)) return `the value is NaN. ${DROPPED} Check the calculation that it comes from.`
  if (!Number.isFinite(value)) return `the value is ${value}. ${DROPPED} Give a finite number.`
  if (kind === 'counter' && value < 0)
    return `the value is ${value}, and a counter only grows. ${DROPPED} Use one counter for increases and one for decreases.`
  if (Math.abs(value) > MAX_VALUE) return `the value is ${value}, beyond ${MAX_VALUE}. ${DROPPED} Record base units.`
  return `with the value ${value}, the sum of what is not sent yet would be beyond ${MAX_SUM}. ${DROPPED} Record base units.`
}
