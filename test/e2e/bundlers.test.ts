import { describe, expect, it } from 'vitest'
import { BUNDLERS, createProject } from '../support/bundlers.ts'

/** Text that only one part of the package holds. */
const MARKS = {
  core: '/v1/beacon',
  vitals: 'largest-contentful-paint',
}

const hasMarks = (code: string): Record<string, boolean> =>
  Object.fromEntries(Object.entries(MARKS).map(([part, mark]) => [part, code.includes(mark)]))

describe.each(Object.entries(BUNDLERS))('a build with %s', (_name, bundle) => {
  it.each<[string, string, Record<keyof typeof MARKS, boolean>]>([
    ['nothing', "import 'pharos-beacon'", { core: false, vitals: false }],
    ['the core', "import { init } from 'pharos-beacon'\ninit()", { core: true, vitals: false }],
    [
      'the core and web vitals',
      "import { init, webVitals } from 'pharos-beacon'\ninit({ plugins: [webVitals()] })",
      { core: true, vitals: true },
    ],
  ])('that uses %s holds that and no more', async (_what, source, expected) => {
    expect(hasMarks(await bundle(await createProject(source)))).toEqual(expected)
  })
})
