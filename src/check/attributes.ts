import { MAX_ATTRIBUTES, MAX_ATTRIBUTE_NAME_LENGTH } from '../protocol/limits.ts'
import { adviceOnName, mistakeInName } from './names.ts'
import { quote, show } from './show.ts'
import { doubtAboutText, mistakeInText } from './texts.ts'

/** The owner of the attributes, and the consequences of wrong ones: sentences. */
export interface AttributesOf {
  /** How a text about one begins: `counter "clicks"`. */
  readonly subject: string
  /** How a text about all of them begins: `counter "clicks": its attributes are`. */
  readonly all: string
  readonly onWrong: string
  readonly onTooMany: string
  readonly onNoObject: string
  /** For a value in place of the attributes that has none: null, a number. */
  readonly onNothing: string
}

/** Every mistake in attributes. Throws where reading them throws. */
export function mistakesInAttributes(attributes: unknown, of: AttributesOf): string[] {
  if (attributes === undefined) return []
  const { subject, all, onTooMany } = of
  if (typeof attributes !== 'object' || attributes === null || Array.isArray(attributes))
    return [`${all} ${show(attributes)}. ${becomesOf(attributes, of)} Write an object: { page: '/cart' }.`]
  if (attributes instanceof Map)
    return [`${all} a Map, which has no attributes of its own. Write Object.fromEntries(map).`]
  const entries = Object.entries(attributes)
  const tooMany =
    entries.length > MAX_ATTRIBUTES
      ? [`${subject}: ${entries.length} attributes are more than ${MAX_ATTRIBUTES}. ${onTooMany} Leave some out.`]
      : []
  return [...tooMany, ...entries.flatMap(([name, value]) => mistakesIn(name, value, of))]
}

/** An array or a text has attributes of its own when it is copied: `0`, `1` and so on. */
const becomesOf = (attributes: unknown, { onNoObject, onNothing }: AttributesOf): string =>
  Object.keys(attributes ?? {}).length > 0 ? onNoObject : onNothing

function mistakesIn(name: string, value: unknown, { subject, onWrong }: AttributesOf): string[] {
  // An undefined value counts as a missing one. Optional values are often undefined.
  if (value === undefined) return []
  const inName = mistakeInName(name, MAX_ATTRIBUTE_NAME_LENGTH)
  const inValue = mistakeInValue(value, onWrong)
  const advice = adviceOnName(name, MAX_ATTRIBUTE_NAME_LENGTH)
  return [
    ...(inName === undefined ? [] : [`${subject}: the attribute name ${quote(name)} ${inName}. ${onWrong} ${advice}`]),
    ...(inValue === undefined ? [] : [`${subject}: attribute ${quote(name)} ${inValue}`]),
  ]
}

/** As a sentence goes on after the attribute. */
function mistakeInValue(value: unknown, onWrong: string): string | undefined {
  if (typeof value === 'string') {
    const mistake = mistakeInText(value)
    if (mistake !== undefined) return `${mistake}. ${onWrong} Use values from a small set, such as a type or a route.`
    const doubt = doubtAboutText(value)
    return doubt && `${doubt}. It is recorded as it is. Set the value, or leave the attribute out.`
  }
  if (typeof value === 'boolean' || Number.isFinite(value)) return undefined
  if (typeof value === 'function') return `is a function. ${onWrong} Call it, and use what it returns.`
  if (typeof value === 'symbol') return 'is a symbol, which cannot be sent. It is left out. Use its description.'
  return `is ${show(value)}. ${onWrong} Use a text, a finite number, true or false, or leave it out.`
}
