import { shared } from '../core/shared.ts'
import type { PartFile } from './parts.ts'
import { tag } from './tag.ts'
import { trustedUrl } from './trusted-url.ts'

/** The element of a part. Its script takes what it shares with the core from here, and hands its exports over here. */
export interface PartElement extends HTMLScriptElement {
  shared?: typeof shared
  take?: (exports: never) => void
}

/** Loads a script by an element, with the tag's nonce, for pages whose policy has a nonce and no `strict-dynamic`. */
const load = <Part>({ href }: URL, integrity: string): Promise<Part> => {
  const element: PartElement = document.createElement('script')
  // The development build, which takes the tag's place, reads its attributes.
  Object.assign(element.dataset, tag.dataset)
  const { nonce } = tag
  return new Promise<Part>((take, fail) => {
    const end = (): void => {
      // The element stays in the document until then: WebKit drops the properties of an element that no script refers to any more, so the
      // part could not hand over its exports.
      element.remove()
      // A script that has loaded without calling `take` is not ours. After `take`, this call has no effect.
      fail()
    }
    Object.assign(element, { shared, take, onload: end, onerror: end, nonce, integrity, crossOrigin: 'anonymous' })
    element.src = trustedUrl(href)
    document.head.append(element)
  })
}

/**
 * Loads a part by an element, so that its integrity is checked, as `import()` would not. It asks the endpoint's worker first, then the
 * place the tag's file came from: a CDN keeps `pharos-courier.js` beside `pharos.js` for as long as it keeps the version.
 * Rejects where both fail; the next call asks again.
 * @param url the endpoint
 */
export const loadPart = <Part>({ path, integrity }: PartFile, url: string): Promise<Part> =>
  // `/v1/beacon` is two levels below the worker's root, which may be a folder of the page's own origin.
  load<Part>(new URL(`..${path}`, url), integrity).catch(() =>
    load<Part>(new URL(`.${path.replace(/\.(\w+)\.js/, '.js?$1')}`, tag.src || url), integrity),
  )
