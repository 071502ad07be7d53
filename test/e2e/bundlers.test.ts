import { describe, expect, it } from 'vitest'
import { BUNDLERS, createProject } from '../support/bundlers.ts'

/** Text that only one part of the package holds. */
const MARKS = {
  core: '/v1/beacon',
  vitals: 'largest-contentful-paint',
  errors: 'securitypolicyviolation',
  longTasks: 'page.long_frames',
  visibility: 'page.engaged',
  otel: 'forceFlush',
}

type Part = keyof typeof MARKS

const partsIn = (code: string): string[] => Object.keys(MARKS).filter((part) => code.includes(MARKS[part as Part]))

describe.each(Object.entries(BUNDLERS))('a build with %s', (_name, bundle) => {
  it.each<[string, string, readonly Part[]]>([
    ['nothing', "import 'pharos-beacon'", []],
    ['the core', "import { init } from 'pharos-beacon'\ninit()", ['core']],
    [
      'web vitals',
      "import { init, webVitals } from 'pharos-beacon'\ninit({ plugins: [webVitals()] })",
      ['core', 'vitals'],
    ],
    [
      'two plugins',
      "import { errors, init, longTasks } from 'pharos-beacon'\ninit({ plugins: [errors(), longTasks()] })",
      ['core', 'errors', 'longTasks'],
    ],
    [
      'the OpenTelemetry API',
      "import { init } from 'pharos-beacon'\nimport { createMeterProvider } from 'pharos-beacon/otel'\nglobalThis.provider = createMeterProvider(init())",
      ['core', 'otel'],
    ],
  ])('that uses %s holds that and no more', async (_what, source, expected) => {
    expect(partsIn(await bundle(await createProject(source)))).toEqual(expected)
  })
})
