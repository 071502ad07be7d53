import type { Ports } from '../ports.ts'
import { problem } from '../problem.ts'

/** Answers a request of the operator. */
export type AdminHandler = (request: Request, ports: Ports) => Promise<Response>

/** Answers only if the deployed configuration has no mistake. */
export const withConfig =
  (answer: AdminHandler): AdminHandler =>
  async (request, ports) =>
    ports.config.ok ? answer(request, ports) : problem('misconfigured')
