import { startListening } from '../browser/listen.ts'
import { createNameLimit } from './name-limit.ts'
import type { Plugin } from '../core/plugin.ts'

export interface ErrorsOptions {
  /** Distinct names that one page counts; all later names are `other`. @default 20 */
  readonly maxNames?: number
}

/**
 * Errors in the page from now on: counter `page.errors`, with the attributes `kind` and `name`.
 * - `error`: an uncaught exception, by the name of the error: `TypeError`, `ChunkLoadError`.
 * - `rejection`: a rejected promise without a handler, by the name of the reason.
 * - `resource`: an image, script, style sheet ... that failed to load, by its element: `img`, `script`, `link`.
 * - `csp`: a violation of a Content Security Policy, also of one that only reports, by its effective directive: `img-src`.
 *
 * An error whose name is not `[A-Z][A-Za-z]{0,40}` is an `Error`; a thrown value that is no error is `unknown`; an error that
 * the browser hides, because its script came from another origin without CORS, is a `script-error`. Messages, stacks and
 * addresses are never recorded.
 */
export const errors =
  (options?: ErrorsOptions): Plugin =>
  ({ increment }) => {
    const limit = createNameLimit(options?.maxNames ?? 20)
    const count = (kind: string, name: string): void => increment('page.errors', 1, { kind, name: limit(name) })
    return startListening({
      error: ({ target, currentTarget, isTrusted, error, message }: Partial<ErrorEvent>) => {
        if (target === currentTarget)
          count('error', !error && message?.startsWith('Script error') ? 'script-error' : errorName(error))
        // Elements dispatch errors of their own too. The browser's own elements and directives are short lists.
        else if (isTrusted) count('resource', (target as Element).localName)
      },
      unhandledrejection: ({ reason }) => count('rejection', errorName(reason)),
      securitypolicyviolation: ({ isTrusted, effectiveDirective }) => {
        if (isTrusted) count('csp', effectiveDirective)
      },
    })
  }

/** Never throws: a page may throw a proxy, or an error whose name is a getter. */
function errorName(error: unknown): string {
  try {
    if (!(error instanceof Error)) return 'unknown'
    return /^[A-Z][A-Za-z]{0,40}$/.exec(error.name)?.[0] ?? 'Error'
  } catch {
    return 'unknown'
  }
}
