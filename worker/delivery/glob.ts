/**
 * A glob as a matcher: `*` stands for any characters, `?` for one, everything else for itself, and the whole text must match.
 * Linear in the text for each `*`: a stranger's text can be matched against any glob (a regular expression would not be).
 * @returns what the first `*` stood for, as short as possible ('' without one), or undefined when the text does not match
 */
export function createGlob(glob: string): (text: string) => string | undefined {
  const [first = [], ...rest] = glob.split('*').map((part) => Array.from(part))
  const last = rest.pop()
  return (text) => {
    const characters = Array.from(text)
    if (!isAt(characters, first, 0)) return undefined
    if (last === undefined) return characters.length === first.length ? '' : undefined
    const end = characters.length - last.length
    let from = first.length
    let captured: readonly string[] | undefined
    for (const part of rest) {
      const found = find(characters, part, { from, end })
      if (found < 0) return undefined
      captured ??= characters.slice(from, found)
      from = found + part.length
    }
    if (end < from || !isAt(characters, last, end)) return undefined
    return (captured ?? characters.slice(from, end)).join('')
  }
}

/** Several globs as one: whether any of them matches. */
export function createAnyGlob(globs: readonly string[]): (text: string) => boolean {
  const matchers = globs.map(createGlob)
  return (text) => matchers.some((match) => match(text) !== undefined)
}

const isAt = (characters: readonly string[], part: readonly string[], at: number): boolean =>
  at + part.length <= characters.length && part.every((wanted, i) => wanted === '?' || wanted === characters[at + i])

function find(
  characters: readonly string[],
  part: readonly string[],
  { from, end }: { readonly from: number; readonly end: number },
): number {
  for (let at = from; at + part.length <= end; at++) if (isAt(characters, part, at)) return at
  return -1
}
