import { answerJson } from '../answers.ts'
import { problem } from '../problem.ts'
import { readJson } from '../read/json.ts'
import type { AdminHandler } from './with-config.ts'

/** `GET /v1/config`: the configuration in force, and the changes at run time. */
export const answerConfig: AdminHandler = async (_, { aggregator }) => answerJson(await aggregator.config())

/** `PUT /v1/config`: replaces the changes at run time. They hold from the next flush and the next acknowledgement on. */
export const changeConfig: AdminHandler = async (request, { aggregator }) => {
  const body = await readJson(request)
  if (!body.ok) return problem(body.error)
  const changed = await aggregator.setOverride(body.value)
  return changed.ok ? answerJson(changed.value) : problem('bad_config', { errors: changed.error })
}

/** `DELETE /v1/config`: back to the deployed configuration. */
export const resetConfig: AdminHandler = async (_, { aggregator }) => answerJson(await aggregator.resetOverride())
