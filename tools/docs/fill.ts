/** Replaces the text between `<!-- name -->` and `<!-- /name -->`, which must be there. */
export function fill(markdown: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const from = markdown.indexOf(begin)
  const to = markdown.indexOf(end)
  if (from < 0 || to < from) throw new Error(`put "${begin}" and "${end}" where the generated text belongs`)
  return `${markdown.slice(0, from)}${begin}\n\n${text}\n\n${markdown.slice(to)}`
}
