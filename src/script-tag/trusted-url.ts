/** The part of Trusted Types that is used (https://w3c.github.io/trusted-types/dist/spec/). */
interface TrustedTypes {
  readonly createPolicy: (name: string, rules: Policy) => Policy
}

interface Policy {
  readonly createScriptURL: (url: string) => string
}

/** Created once: a page's Content Security Policy may refuse a second one of the same name. */
let policy: Policy | undefined

/** The address as an element's `src` takes it, also in a page that has `require-trusted-types-for 'script'; trusted-types pharos-beacon`. */
export const trustedUrl = (url: string): string => {
  try {
    policy ??= (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy('pharos-beacon', {
      createScriptURL: (address) => address,
    })
  } catch {
    // The page does not list the name. If it requires Trusted Types too, the browser refuses the text.
  }
  return policy?.createScriptURL(url) ?? url
}
