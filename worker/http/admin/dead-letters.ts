import * as v from 'valibot'
import { roundExact } from '../../../src/protocol/exact-sum.ts'
import { countOf } from '../../../src/protocol/histogram.ts'
import { fail, ok, type Result } from '../../../src/protocol/result.ts'
import type { DeadLetter } from '../../model/aggregator-api.ts'
import { describeIssue, strictObject, text } from '../../schema/fields.ts'
import type { Delta, SeriesKey } from '../../model/types.ts'
import type { AdminHandler } from './with-config.ts'
import { answerJson } from '../answers.ts'
import { problem } from '../problem.ts'
import { readJson } from '../read/json.ts'
import { queryOf } from '../read/url.ts'

const MAX_KEYS = 10_000

const selection = strictObject(
  {
    destination: text('give the name of the destination'),
    keys: v.exactOptional(
      v.pipe(
        v.array(text('give the "key" of a dead letter'), 'give a list of keys, or leave it out for all'),
        v.minLength(1, 'give at least one key, or leave it out for all'),
        v.maxLength(MAX_KEYS, `give at most ${MAX_KEYS} keys`),
      ),
    ),
  },
  'give an object with destination, and keys if it is not about all',
)

interface Selection {
  readonly destination: string
  readonly keys?: readonly SeriesKey[]
}

/** `GET /v1/dead-letters?destination=name`: the series that a destination refused for good, oldest first; those of all destinations where none is named. */
export const answerDeadLetters: AdminHandler = async (request, { aggregator }) => {
  const destination = new URLSearchParams(queryOf(request.url)).get('destination') ?? undefined
  const letters = await aggregator.deadLetters(destination)
  return answerJson({ deadLetters: letters.map(showLetter) })
}

/** `POST /v1/dead-letters/replay`: offers them to their destination again. */
export const replayDeadLetters: AdminHandler = async (request, { aggregator }) => {
  const selected = await readSelection(request)
  if (!selected.ok) return selected.error
  const { destination, keys } = selected.value
  return answerJson({ replayed: await aggregator.replayDeadLetters(destination, keys) })
}

/** `DELETE /v1/dead-letters`: gives them up. */
export const dropDeadLetters: AdminHandler = async (request, { aggregator }) => {
  const selected = await readSelection(request)
  if (!selected.ok) return selected.error
  const { destination, keys } = selected.value
  return answerJson({ dropped: await aggregator.dropDeadLetters(destination, keys) })
}

async function readSelection(request: Request): Promise<Result<Selection, Response>> {
  const body = await readJson(request)
  if (!body.ok) return fail(problem(body.error))
  const { success, output, issues } = v.safeParse(selection, body.value)
  if (success) return ok(output)
  return fail(problem('bad_request', { errors: issues.map((issue) => describeIssue('body', issue)) }))
}

const showLetter = ({ series, delta, ...letter }: DeadLetter): Readonly<Record<string, unknown>> => ({
  ...letter,
  series: { ...series, attributes: Object.fromEntries(series.attributes) },
  ...(delta && { delta: showDelta(delta) }),
})

const showDelta = (delta: Delta): Readonly<Record<string, number>> =>
  Array.isArray(delta) ? { value: roundExact(delta) } : { count: countOf(delta), sum: roundExact(delta.sum) }
