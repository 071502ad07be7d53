/** The names of this file, also of a copy. */
const NAME = /\/pharos(\.\w{16})?\.js/

/**
 * A module has no `currentScript` (https://html.spec.whatwg.org/multipage/dom.html#dom-document-currentscript), and neither has a script that
 * an optimizer runs. Then the tag is found by its file.
 */
const found = document.currentScript ?? Array.from(document.scripts).find(({ src }) => NAME.test(src))

/** The element of this script, or an empty one where there is none. */
export const tag = (found ?? document.createElement('script')) as HTMLScriptElement
