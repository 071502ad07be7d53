/** What a text says as JSON: something to look for properties in, whatever the text is. */
export const parse = (text: string | null): Readonly<Record<string, unknown>> => {
  try {
    return (JSON.parse(text!) ?? {}) as Readonly<Record<string, unknown>>
  } catch {
    return {}
  }
}
