import { expect, it, vi } from 'vitest'
import { createFindEarlier } from '../../../../worker/http/script/earlier-builds.ts'
import { createFakeAggregator, type FakeAggregator } from '../fake-aggregator.ts'
import { keptFileOf } from './builds.ts'

const randomPath = (i: number): string => `/pharos.${i.toString(16).padStart(16, '0')}.js`

const calls = ({ asked }: FakeAggregator): unknown[] => asked.map(([call]) => call)

it('asks the object once in ten seconds, however many unknown hashes are asked for', async () => {
  const aggregator = createFakeAggregator()
  let nowMs = 1_000
  const find = createFindEarlier(() => nowMs)
  for (let i = 0; i < 10_000; i++) expect(await find(randomPath(i), aggregator)).toBeUndefined()
  expect(calls(aggregator)).toEqual(['scriptPaths'])
  nowMs += 9_999
  await find(randomPath(0), aggregator)
  expect(calls(aggregator)).toHaveLength(1)
  nowMs += 1
  await Promise.all(Array.from({ length: 1_000 }, (_, i) => find(randomPath(i), aggregator)))
  expect(calls(aggregator)).toEqual(['scriptPaths', 'scriptPaths'])
})

it('asks an object that is away no more often', async () => {
  const aggregator = createFakeAggregator(new Error('overloaded'))
  const find = createFindEarlier(() => 1_000)
  for (let i = 0; i < 50; i++) await expect(find(randomPath(i), aggregator)).rejects.toThrow('overloaded')
  expect(calls(aggregator)).toEqual(['scriptPaths'])
})

it('finds what was kept since, and reads it once', async () => {
  const aggregator = createFakeAggregator()
  let nowMs = 1_000
  const find = createFindEarlier(() => nowMs)
  const kept = await keptFileOf('pharos', 'a later one')
  expect(await find(kept.path, aggregator)).toBeUndefined()
  aggregator.scripts.set(kept.path, kept)
  nowMs += 10_000
  for (let i = 0; i < 3; i++) expect(await find(kept.path, aggregator)).toMatchObject({ path: kept.path })
  expect(calls(aggregator)).toEqual(['scriptPaths', 'scriptPaths', 'scriptFile'])
})

it('holds a few files in memory, and reads the others again', async () => {
  const aggregator = createFakeAggregator()
  const find = createFindEarlier(() => 1_000)
  for (let i = 0; i < 25; i++) {
    const kept = await keptFileOf('pharos', `build ${i}`)
    aggregator.scripts.set(kept.path, kept)
  }
  const paths = [...aggregator.scripts.keys()]
  for (const path of [...paths, paths[24]!, paths[0]!]) await find(path, aggregator)
  expect(calls(aggregator).filter((call) => call === 'scriptFile')).toHaveLength(26)
})

it('serves nothing whose body is not what its path says', async () => {
  const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const aggregator = createFakeAggregator()
  const kept = await keptFileOf('pharos', 'the body')
  aggregator.scripts.set(kept.path, { ...kept, body: 'the bodY' })
  expect(await createFindEarlier(() => 1_000)(kept.path, aggregator)).toBeUndefined()
  expect(errors).toHaveBeenCalledExactlyOnceWith({
    message: `what is kept for ${kept.path} is damaged`,
    error: expect.stringContaining('hash'),
  })
  errors.mockRestore()
})

it('serves the plain bytes where the compressed ones are damaged', async () => {
  const aggregator = createFakeAggregator()
  const kept = await keptFileOf('pharos', 'the body')
  aggregator.scripts.set(kept.path, { ...kept, brotli: btoa('something else') })
  const file = await createFindEarlier(() => 1_000)(kept.path, aggregator)
  expect(file).toMatchObject({ plain: new TextEncoder().encode('the body'), brotli: undefined })
})

it('asks again after a failure', async () => {
  const failing = createFakeAggregator(new Error('overloaded'))
  const aggregator = createFakeAggregator()
  const kept = await keptFileOf('pharos', 'the body')
  aggregator.scripts.set(kept.path, kept)
  let nowMs = 1_000
  const find = createFindEarlier(() => nowMs)
  await expect(find(kept.path, failing)).rejects.toThrow('overloaded')
  nowMs += 10_000
  expect(await find(kept.path, aggregator)).toBeDefined()
})
