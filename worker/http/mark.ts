import { MARK } from '../../src/protocol/answer.ts'
import { logError } from '../log.ts'
import { cors } from './answers.ts'
import { problem } from './problem.ts'

/** The headers that a page of any origin may read. */
const EXPOSED = [MARK, 'pharos-settings', 'retry-after'].join()

/**
 * Marks any answer to a beacon as Pharos's own: pages ignore answers without the mark (docs/PROTOCOL.md, "Answers").
 * An exception of `answer` becomes a 500 that is marked as well.
 */
export async function withMark(answer: () => Promise<Response>): Promise<Response> {
  const response = await attempt(answer)
  response.headers.set(MARK, '1')
  response.headers.set('access-control-expose-headers', EXPOSED)
  return response
}

async function attempt(answer: () => Promise<Response>): Promise<Response> {
  try {
    return await answer()
  } catch (error) {
    logError('a beacon was not answered', error)
    return problem('internal_error', { headers: cors })
  }
}
