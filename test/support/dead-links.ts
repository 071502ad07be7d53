import { posix } from 'node:path'
import { anchorsOf, linksOf } from './markdown.ts'

/** Where the files of the repository are for those who have only the package. */
const ON_GITHUB = 'https://github.com/pharos-beacon/pharos/blob/main/'

export interface Site {
  /** The documents to check, by path. */
  readonly documents: ReadonlyMap<string, string>
  /** Whether a reader of these documents has a file. */
  readonly has: (path: string) => boolean
  /** The text of a file of the repository. */
  readonly readRepository: (path: string) => string | undefined
}

/** The links of documents that lead nowhere, each as `document: target`: no such file, or no such heading in it. */
export const deadLinks = (site: Site): readonly string[] =>
  [...site.documents].flatMap(([document, text]) =>
    linksOf(text)
      .filter((target) => !leadsSomewhere(site, document, target))
      .map((target) => `${document}: ${target}`),
  )

function leadsSomewhere({ documents, has, readRepository }: Site, document: string, target: string): boolean {
  if (target.startsWith(ON_GITHUB)) {
    const [path = '', anchor] = target.slice(ON_GITHUB.length).split('#')
    return hasAnchor(readRepository(path), anchor)
  }
  if (/^\w+:/.test(target)) return true
  const [relative, anchor] = target.split('#')
  const path = relative ? posix.join(posix.dirname(document), relative) : document
  if (!has(path)) return false
  return hasAnchor(documents.get(path) ?? '', anchor)
}

const hasAnchor = (text: string | undefined, anchor: string | undefined): boolean =>
  text !== undefined && (anchor === undefined || anchorsOf(text).includes(anchor))
