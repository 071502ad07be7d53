const withoutCode = (markdown: string): string =>
  markdown.replaceAll(/^ *```[^]*?^ *```$/gm, '').replaceAll(/`[^`\n]*`/g, '')

/** The targets of links and images, without those in code. */
export const linksOf = (markdown: string): readonly string[] =>
  [...withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!)

/** The anchors of a document's headings, as GitHub makes them. */
export function anchorsOf(markdown: string): readonly string[] {
  const seen = new Map<string, number>()
  const headings = markdown.replaceAll(/^ *```[^]*?^ *```$/gm, '').matchAll(/^#+ (.+)$/gm)
  return Array.from(headings, ([, heading]) => {
    const slug = heading!
      .replaceAll(/\]\([^)]*\)/g, '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-')
    const before = seen.get(slug) ?? 0
    seen.set(slug, before + 1)
    return before ? `${slug}-${before}` : slug
  })
}
