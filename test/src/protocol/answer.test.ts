import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { MARK, type Verdict, verdictOn } from '../../../src/protocol/answer.ts'
import { problemStatuses } from '../../../worker/http/problem.ts'

const document = readFileSync(new URL('../../../docs/PROTOCOL.md', import.meta.url), 'utf8')
const table = document.slice(document.indexOf('\n## Answers'), document.indexOf('### Settings in an acknowledgement'))

const verdicts: readonly (readonly [beginning: string, Verdict])[] = [
  ['Refused', 'rejected'],
  ['Split', 'split'],
  ['Keep', 'retry'],
]

interface Row {
  readonly status: number
  readonly reason: string
  readonly verdict: Verdict | undefined
}

const rows = [...table.matchAll(/^\| (\d{3}) +\| (`.+?) +\| (.+)$/gm)].flatMap(([, status, reasons, action]): Row[] =>
  [...reasons!.matchAll(/`(\w+)`/g)].map(([, reason]) => ({
    status: Number(status),
    reason: reason!,
    verdict: verdicts.find(([beginning]) => action!.startsWith(beginning))?.[1],
  })),
)

/** What only other routes answer. */
const elsewhere =
  'bad_reports too_many_reports no_valid_report bad_resource unauthorized bad_config bad_request not_found'

describe('verdictOn', () => {
  it.each(rows)('$status $reason is what docs/PROTOCOL.md says: $verdict', ({ status, reason, verdict }) => {
    expect(verdictOn({ status, isMarked: true, reason })).toBe(verdict)
    expect(verdictOn({ status, isMarked: false, reason })).toBe('retry')
    expect(problemStatuses.get(reason)).toBe(status)
  })

  it('has every reason of the worker in that table', () => {
    const documented = [...rows.map(({ reason }) => reason), ...elsewhere.split(' ')]
    expect(documented.sort()).toEqual([...problemStatuses.keys()].sort())
  })

  it.each([200, 202, 204, 299])('%i with the mark is an acknowledgement, and without it is none', (status) => {
    expect(verdictOn({ status, isMarked: true })).toBe('acknowledged')
    expect(verdictOn({ status, isMarked: false })).toBe('retry')
  })

  it.each([0, 302, 304, 400, 401, 403, 404, 405, 408, 410, 413, 422, 429, 500, 502, 503])(
    '%i without a reason is no answer',
    (status) => {
      for (const reason of [undefined, null, '', 1, {}, 'made_up', 'expired ', 'bad_jsonx'])
        expect(verdictOn({ status, isMarked: true, reason })).toBe('retry')
    },
  )
})

it('names the header in docs/PROTOCOL.md', () => {
  expect(table).toContain(`\`${MARK}: 1\``)
})
