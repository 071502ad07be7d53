import { setTimeout as delay } from 'node:timers/promises'
import { ask } from './ask.ts'

const ASK_EVERY_MS = 50
const ANSWER_TIMEOUT_MS = 2_000

/** How often a running server is asked, and after how many questions without an answer it counts as gone. */
const WATCH_EVERY_MS = 2_000
const SILENCES = 5

/**
 * Resolves once the server of this run answers: the one that accepts this run's token. Another server on the port may answer
 * anything else.
 */
export async function untilReady(port: number, adminToken: string): Promise<void> {
  while (!(await acceptsToken(port, adminToken))) await delay(ASK_EVERY_MS)
}

/**
 * Resolves once a server that was ready has been silent for `SILENCES` questions. wrangler says that it restarts a runtime that crashed,
 * and may then answer nothing for ever (measured with 4.156 and its outer workerd killed).
 */
export async function untilSilent(port: number, adminToken: string): Promise<'silent'> {
  for (let silences = 0; silences < SILENCES;) {
    await delay(WATCH_EVERY_MS, undefined, { ref: false })
    silences = (await acceptsToken(port, adminToken)) ? 0 : silences + 1
  }
  return 'silent'
}

async function acceptsToken(port: number, adminToken: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${adminToken}` }
  try {
    const { status, body } = await ask({ port, path: '/v1/status', headers, timeoutMs: ANSWER_TIMEOUT_MS })
    // A development server may answer every path with 200 and a page.
    return status === 200 && 'hasOverride' in (JSON.parse(body) as object)
  } catch {
    return false
  }
}
