import { setTimeout as delay } from 'node:timers/promises'

const ASK_EVERY_MS = 50
const ANSWER_TIMEOUT_MS = 2_000

/**
 * Resolves once the server of this run answers: the one that accepts this run's token. Another server on the port may answer
 * anything else.
 */
export async function untilReady(url: string, adminToken: string): Promise<void> {
  while (!(await acceptsToken(url, adminToken))) await delay(ASK_EVERY_MS)
}

async function acceptsToken(url: string, adminToken: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/v1/status`, {
      headers: { authorization: `Bearer ${adminToken}` },
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    })
    // A development server may answer every path with 200 and a page.
    return response.ok && 'hasOverride' in ((await response.json()) as object)
  } catch {
    return false
  }
}
