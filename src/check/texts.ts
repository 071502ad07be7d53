import { MAX_ATTRIBUTE_VALUE_LENGTH } from '../protocol/limits.ts'
import { isAttributeText } from '../protocol/series.ts'
import { isUnset, showCharacter } from './show.ts'

/** The mistake in the text of an attribute, of `service` or of `release`, as the rest of a sentence; undefined for a right one. */
export function mistakeInText(text: string): string | undefined {
  if (text.length > MAX_ATTRIBUTE_VALUE_LENGTH)
    return `has ${text.length} characters, more than ${MAX_ATTRIBUTE_VALUE_LENGTH}`
  if (isAttributeText(text)) return undefined
  const characters = Array.from(text)
  const wrong = characters.findIndex((character) => !isAttributeText(character))
  return `has ${showCharacter(characters[wrong]!)}, which cannot be sent, as character ${wrong + 1}`
}

/** The same for a text that could be sent, but is certainly a mistake, such as `[object Object]`. */
export const doubtAboutText = (text: string): string | undefined =>
  isUnset(text) ? 'contains an unset variable, or an object converted to text' : undefined
