import { answerJson } from '../answers.ts'
import { problem } from '../problem.ts'
import { readJson } from '../read/json.ts'
import type { AdminPorts } from './ports.ts'

/** `GET /v1/config`: the configuration in force, and the changes at run time. */
export async function answerConfig(_: Request, { config, aggregator }: AdminPorts): Promise<Response> {
  return config.ok ? answerJson(await aggregator.config()) : problem('misconfigured')
}

/** `PUT /v1/config`: replaces the changes at run time. They hold from the next flush and the next acknowledgement on. */
export async function changeConfig(request: Request, { config, aggregator }: AdminPorts): Promise<Response> {
  if (!config.ok) return problem('misconfigured')
  const body = await readJson(request)
  if (!body.ok) return problem(body.error)
  const changed = await aggregator.setOverride(body.value)
  return changed.ok ? answerJson(changed.value) : problem('bad_config', { errors: changed.error })
}

/** `DELETE /v1/config`: back to the deployed configuration. */
export async function resetConfig(_: Request, { config, aggregator }: AdminPorts): Promise<Response> {
  return config.ok ? answerJson(await aggregator.resetOverride()) : problem('misconfigured')
}
