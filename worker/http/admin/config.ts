import { parseOverride } from '../../config/override.ts'
import { viewConfig } from '../../config/view.ts'
import type { Config } from '../../config/types.ts'
import type { AdminPorts } from './ports.ts'
import { answerJson } from '../answers.ts'
import { problem } from '../problem.ts'
import { drain } from '../read/body.ts'
import { readJson } from '../read/json.ts'

/** `GET /v1/config`: what holds now, and what was changed at run time. */
export async function answerConfig(_: Request, { config, aggregator }: AdminPorts): Promise<Response> {
  if (!config.ok) return problem('misconfigured')
  return view(config.value, aggregator)
}

/** `PUT /v1/config`: replaces what was changed at run time; holds from the next flush and the next acknowledgement on. */
export async function changeConfig(request: Request, { config, aggregator }: AdminPorts): Promise<Response> {
  if (!config.ok) {
    await drain(request)
    return problem('misconfigured')
  }
  const body = await readJson(request)
  if (!body.ok) return problem(body.error)
  // Here too, and not in the object only: null would reset it.
  const parsed = parseOverride(body.value)
  const errors = parsed.ok ? await aggregator.setOverride(body.value) : parsed.error
  return errors.length > 0 ? problem('bad_config', { errors }) : view(config.value, aggregator)
}

/** `DELETE /v1/config`: back to what was deployed. */
export async function resetConfig(request: Request, { config, aggregator }: AdminPorts): Promise<Response> {
  await drain(request)
  if (!config.ok) return problem('misconfigured')
  await aggregator.setOverride(null)
  return view(config.value, aggregator)
}

const view = async (config: Config, aggregator: AdminPorts['aggregator']): Promise<Response> =>
  answerJson(viewConfig(config, await aggregator.override()))
