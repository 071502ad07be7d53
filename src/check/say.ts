/** Tells the developer of a page one thing. Never throws. */
export type Say = (text: string) => void

/** Most texts of one page. More would bury other messages in the console. */
const MAX_TEXTS = 50

/**
 * Says every text once, with `pharos:` before it, and at most 50 texts. Make one for a page.
 * @param print where texts go, such as `console.warn`. Its exceptions are ignored: a page may have replaced the console
 */
export function createSay(print: (text: string) => void): Say {
  const said = new Set<string>()
  const attempt = (text: string): void => {
    try {
      print(`pharos: ${text}`)
    } catch {
      // There is no other way to tell the developer.
    }
  }
  return (text) => {
    if (said.has(text) || said.size > MAX_TEXTS) return
    said.add(text)
    attempt(said.size > MAX_TEXTS ? `${MAX_TEXTS} mistakes are listed above. Fix them to see the rest.` : text)
  }
}
