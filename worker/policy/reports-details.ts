import type { Attributes } from '../../src/protocol/types.ts'

/** The body of a report, as the browser made it: nothing in it is known to be true. */
export type ReportBody = Readonly<Record<string, unknown>>

/** The parts of a report that are kept: its type, and the details that can only have a few values. No text, no address, no browser. */
export const reportAttributes = (type: string, body: ReportBody): Attributes =>
  TYPES.has(type) ? { type, ...DETAILS[type]?.(body) } : { type: OTHER }

/** A value that was sent and is not known. */
const OTHER = 'other'

/** A value that the browser did not send. */
const UNKNOWN = 'unknown'

// Sources: WICG "Crash Reporting", "Deprecation Reporting", "Intervention Reporting"; W3C "Content Security Policy Level 3", 5;
// "Network Error Logging", 6; "Permissions Policy", 9.6; WICG "Document Policy"; HTML, 7.1.3 and 7.1.4; "Subresource Integrity", 3.
const TYPES: ReadonlySet<string> = new Set([
  'coep',
  'coop',
  'crash',
  'csp-hash',
  'csp-violation',
  'deprecation',
  'document-policy-violation',
  'integrity-violation',
  'intervention',
  'network-error',
  'permissions-policy-violation',
  'potential-permissions-policy-violation',
])

const CRASH_REASONS: ReadonlySet<string> = new Set(['oom', 'unresponsive'])

// CSP Level 3, 6; Trusted Types, 4; Upgrade Insecure Requests, 3; and directives of earlier versions.
const DIRECTIVES: ReadonlySet<string> = new Set([
  'base-uri',
  'block-all-mixed-content',
  'child-src',
  'connect-src',
  'default-src',
  'fenced-frame-src',
  'font-src',
  'form-action',
  'frame-ancestors',
  'frame-src',
  'img-src',
  'manifest-src',
  'media-src',
  'navigate-to',
  'object-src',
  'plugin-types',
  'prefetch-src',
  'require-sri-for',
  'require-trusted-types-for',
  'sandbox',
  'script-src',
  'script-src-attr',
  'script-src-elem',
  'style-src',
  'style-src-attr',
  'style-src-elem',
  'trusted-types',
  'upgrade-insecure-requests',
  'webrtc',
  'worker-src',
])

const PHASES: ReadonlySet<string> = new Set(['application', 'connection', 'dns'])

/** Names of features in a browser: there are some hundred, new ones with every release. */
const FEATURE = /^[A-Za-z0-9_-]{1,64}$/

/** `tls.cert.name_invalid`: browsers may add types of their own. Source: "Network Error Logging", 6. */
const NETWORK_ERROR = /^(?=.{1,64}$)[a-z0-9_]+(\.[a-z0-9_]+)*$/

const DETAILS: Readonly<Partial<Record<string, (body: ReportBody) => Attributes>>> = {
  crash: ({ reason }) => ({ reason: oneOf(CRASH_REASONS, reason) }),
  deprecation: ({ id }) => ({ id: shaped(FEATURE, id) }),
  intervention: ({ id }) => ({ id: shaped(FEATURE, id) }),
  'csp-violation': ({ effectiveDirective, disposition }) => ({
    directive: oneOf(DIRECTIVES, effectiveDirective),
    disposition: dispositionOf(disposition),
  }),
  'network-error': ({ phase, type, status_code: status }) => ({
    phase: oneOf(PHASES, phase),
    error: shaped(NETWORK_ERROR, type),
    status: statusClass(status),
  }),
  coep: ({ disposition }) => ({ disposition: dispositionOf(disposition) }),
  coop: ({ disposition }) => ({ disposition: dispositionOf(disposition) }),
  'document-policy-violation': ofPolicy,
  'permissions-policy-violation': ofPolicy,
  'potential-permissions-policy-violation': ofPolicy,
}

/** Chromium calls `policyId` what the specification calls `featureId`. */
function ofPolicy({ featureId, policyId = featureId, disposition }: ReportBody): Attributes {
  return { id: shaped(FEATURE, policyId), disposition: dispositionOf(disposition) }
}

const isMissing = (value: unknown): boolean => value === undefined || value === null || value === ''

function oneOf(known: ReadonlySet<string>, value: unknown): string {
  if (isMissing(value)) return UNKNOWN
  return typeof value === 'string' && known.has(value) ? value : OTHER
}

function shaped(shape: RegExp, value: unknown): string {
  if (isMissing(value)) return UNKNOWN
  return typeof value === 'string' && shape.test(value) ? value : OTHER
}

const DISPOSITIONS: ReadonlySet<string> = new Set(['enforce', 'report'])

/** The reports of HTML say `reporting` where those of CSP say `report`. */
const dispositionOf = (value: unknown): string => oneOf(DISPOSITIONS, value === 'reporting' ? 'report' : value)

/** `4xx`; '', which is no attribute, where no answer came. */
const statusClass = (status: unknown): string =>
  typeof status === 'number' && status >= 100 && status < 600 ? `${Math.floor(status / 100)}xx` : ''
