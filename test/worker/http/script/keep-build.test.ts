import { expect, it, vi } from 'vitest'
import { createKeepBuild } from '../../../../worker/http/script/keep-build.ts'
import { createFakeAggregator } from '../fake-aggregator.ts'
import { buildOf } from './builds.ts'

it('says once a day that the build is deployed', async () => {
  const aggregator = createFakeAggregator()
  let nowMs = 1_000
  const keep = createKeepBuild(await buildOf('this'), () => nowMs)
  await keep(() => aggregator)
  nowMs += 86_399_999
  expect(keep(() => aggregator)).toBeUndefined()
  nowMs += 1
  await keep(() => aggregator)
  expect(aggregator.asked.map(([call]) => call)).toEqual(['scriptPaths', 'keepScript', 'scriptPaths'])
})

it('sends the files less and less often while the object cannot store them, at least once an hour, and then no more', async () => {
  const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const aggregator = createFakeAggregator()
  const full = { ...aggregator, keepScript: vi.fn<() => Promise<void>>().mockRejectedValue(new Error('disk is full')) }
  const script = await buildOf('this')
  let nowMs = 1_000
  const keep = createKeepBuild(script, () => nowMs)
  const minutes: number[] = []
  for (let minute = 0; minute <= 24 * 60; minute++, nowMs += 60_000) {
    const keeping = keep(() => full)
    if (keeping) minutes.push(minute)
    await keeping
  }
  expect(minutes.slice(0, 9)).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183])
  expect(full.keepScript).toHaveBeenCalledTimes(29)
  nowMs += 3_600_000
  await keep(() => aggregator)
  expect([...aggregator.scripts.keys()]).toEqual([script.main.path, script.parts[0]!.path])
  nowMs += 86_399_999
  expect(keep(() => aggregator)).toBeUndefined()
  // And the next failure is the first again.
  nowMs += 1
  await keep(() => createFakeAggregator(new Error('overloaded')))
  nowMs += 60_000
  expect(keep(() => aggregator)).toBeDefined()
  errors.mockRestore()
})

it('tries again where no answer comes, and what the late answer is does not undo a success', async () => {
  const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const aggregator = createFakeAggregator()
  let nowMs = 1_000
  const keep = createKeepBuild(await buildOf('this'), () => nowMs)
  let fail: (error: Error) => void = () => undefined
  const hanging = keep(() => ({ ...aggregator, scriptPaths: () => new Promise((_, reject) => (fail = reject)) }))
  nowMs += 60_000
  await keep(() => aggregator)
  fail(new Error('the request was ended'))
  await hanging
  nowMs += 86_399_999
  expect(keep(() => aggregator)).toBeUndefined()
  errors.mockRestore()
})

it('tries again a minute after a failure, which it writes to the log', async () => {
  const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const aggregator = createFakeAggregator()
  let nowMs = 1_000
  const keep = createKeepBuild(await buildOf('this'), () => nowMs)
  await keep(() => createFakeAggregator(new Error('overloaded')))
  expect(keep(() => aggregator)).toBeUndefined()
  nowMs += 60_000
  // A worker without its binding.
  await keep(() => {
    throw new TypeError('no AGGREGATOR')
  })
  nowMs += 120_000
  await keep(() => aggregator)
  expect([...aggregator.scripts.keys()]).toHaveLength(2)
  expect(errors).toHaveBeenCalledTimes(2)
  errors.mockRestore()
})
