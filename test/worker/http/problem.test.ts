import { describe, expect, it } from 'vitest'
import { problem, type ProblemReason, problemStatuses } from '../../../worker/http/problem.ts'

const reasons = [...problemStatuses.keys()] as ProblemReason[]

describe('a problem', () => {
  it.each(reasons)('%s is problem JSON that says what to do, and is kept by no cache', async (reason) => {
    const response = problem(reason)
    const status = problemStatuses.get(reason)!
    expect(response.status).toBe(status)
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
    })
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: expect.stringMatching(/^[A-Z][A-Za-z ]+$/),
      status,
      reason,
      detail: expect.stringMatching(/^\S.*\.$/),
    })
  })

  it('has a detail of its own for every reason, and one title for every status', async () => {
    const bodies = await Promise.all(reasons.map((reason) => problem(reason).json<Record<string, string>>()))
    expect(new Set(bodies.map(({ detail }) => detail)).size).toBe(reasons.length)
    const titles = new Set(bodies.map(({ status, title }) => `${status} ${title}`))
    expect(titles.size).toBe(new Set(bodies.map(({ status }) => status)).size)
  })

  it.each([
    ['retry-after', '10'],
    ['cache-control', 'max-age=1'],
    ['content-type', 'application/json'],
  ])('takes the header %s that it is given', (name, value) => {
    expect(problem('unavailable', { headers: { [name]: value } }).headers.get(name)).toBe(value)
  })

  it.each([
    [{ detail: 'Another.' }, { detail: 'Another.' }],
    [{ errors: [] }, { errors: [] }],
    [{ errors: ['PHAROS.a: "x"\n'] }, { errors: ['PHAROS.a: "x"\n'] }],
  ])('says %j', async (options, body) => {
    expect(await problem('bad_config', options).json()).toMatchObject({ reason: 'bad_config', ...body })
  })
})
