import { report } from './report.ts'
import type { Say } from './say.ts'
import { withoutSecrets } from './show.ts'

/** An answer of the worker that is no acknowledgement. */
export interface Refusal {
  /** The endpoint. */
  readonly url: string
  /** `reason` of its problem document. */
  readonly reason: unknown
}

/** Explains a refusal that a developer can mend (docs/PROTOCOL.md, "Answers"). Never throws. */
export function checkRefusal({ url, reason }: Refusal, say: Say): void {
  const subject = { what: 'The address of an answer', otherwise: 'The worker refuses what was recorded.' }
  report(say, subject, () => [TEXTS[String(reason)]?.(withoutSecrets(url))])
}

const TEXTS: Readonly<Record<string, ((url: string) => string) | undefined>> = {
  origin_not_allowed: (url) =>
    `the worker at ${url} does not take what pages of ${pageOrigin()} send. It is dropped (rejected). Add "${pageOrigin()}" to "origins" in the worker's configuration.`,
  method_not_allowed: (url) =>
    `the worker at ${url} got another method than POST. What was recorded is kept, and sent again later. Was the request redirected? Use the address that the redirect leads to.`,
  misconfigured: (url) =>
    `the configuration of the worker at ${url} has mistakes. What was recorded is kept, and sent again later. GET /health of the worker lists them.`,
}

/** As the worker sees it: "null" is that of a page without one. */
const pageOrigin = (): string => (globalThis as { readonly origin?: string }).origin ?? 'null'
