import type { Config } from '../config/types.ts'
import { comeBack, cors } from './answers.ts'
import type { Ports } from './ports.ts'
import { problem } from './problem.ts'

const preflight: Readonly<Record<string, string>> = {
  ...cors,
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'content-type, content-encoding',
  'access-control-max-age': '86400',
}

/** Answers a request of a page: a POST by `answer`, a preflight and any other method by itself. */
export async function answerPost(
  { method }: Request,
  config: Ports['config'],
  answer: (config: Config) => Promise<Response>,
): Promise<Response> {
  if (method === 'OPTIONS') return new Response(null, { status: 204, headers: preflight })
  if (method !== 'POST') return problem('method_not_allowed', { headers: { ...cors, allow: 'POST, OPTIONS' } })
  if (!config.ok) return problem('misconfigured', { headers: comeBack })
  return answer(config.value)
}
