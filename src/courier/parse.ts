/** A text as JSON; an empty object where it is none, so that its properties can be read in any case. */
export const parse = (text: string | null): Readonly<Record<string, unknown>> => {
  try {
    return (JSON.parse(text!) ?? {}) as Readonly<Record<string, unknown>>
  } catch {
    return {}
  }
}
