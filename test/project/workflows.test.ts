import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { scriptsIn } from '../support/npm-commands.ts'
import { repository } from '../support/paths.ts'

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}

interface Job {
  readonly uses?: string
  readonly steps?: readonly Step[]
  readonly permissions?: Readonly<Record<string, string>>
  readonly 'timeout-minutes'?: number
  readonly strategy?: { readonly matrix: { readonly node: readonly number[] } }
}

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>
  readonly concurrency: { readonly group: string }
  readonly jobs: Readonly<Record<string, Job>>
}

const read = (path: string): string => readFileSync(join(repository, path), 'utf8')
const { scripts, engines } = JSON.parse(read('package.json')) as {
  scripts: Readonly<Record<string, string>>
  engines: { node: string }
}

const files = globSync('.github/workflows/*.yml', { cwd: repository }).sort()
const workflows = files.map((file) => ({ file, text: read(file), workflow: parse(read(file)) as Workflow }))
const stepsOf = ({ jobs }: Workflow): readonly Step[] => Object.values(jobs).flatMap(({ steps = [] }) => steps)
const workflowOf = (name: string): Workflow => workflows.find(({ file }) => file.endsWith(`/${name}.yml`))!.workflow

describe.each(workflows)('$file', ({ text, workflow }) => {
  it('pins every action by its commit, and says which version that is', () => {
    const lines = text.split('\n').filter((line) => /^\s*(?:- )?uses: /.test(line) && !line.includes('uses: ./'))
    const wrong = lines.filter((line) => !/uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))
    expect(wrong).toEqual([])
    expect(lines.length).toBe(stepsOf(workflow).filter(({ uses }) => uses).length)
  })

  it('calls only workflows that exist', () => {
    const called = Object.values(workflow.jobs).flatMap(({ uses }) => uses?.replace('./', '') ?? [])
    expect(called.filter((path) => !files.includes(path))).toEqual([])
  })

  it('runs only scripts that exist', () => {
    const named = stepsOf(workflow).flatMap(({ run = '' }) => scriptsIn(run))
    expect(named.length).toBeGreaterThan(0)
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })

  it('may read, and no more, unless a job says what for', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' })
    expect(workflow.concurrency.group).toBeTruthy()
  })

  it('gives no job for ever, and its steps no credentials for git', () => {
    const jobs = Object.values(workflow.jobs).filter(({ steps }) => steps)
    expect(jobs.filter((job) => !job['timeout-minutes'])).toEqual([])
    const checkouts = stepsOf(workflow).filter(({ uses }) => uses?.startsWith('actions/checkout@'))
    expect(checkouts.length).toBe(jobs.length)
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([])
  })
})

it('the tests run on every line of Node from the oldest that package.json allows', () => {
  const [, oldest] = /^>=(\d+)\.\d+$/.exec(engines.node)!
  const versions = workflowOf('test').jobs['test']!.strategy!.matrix.node
  expect(versions).toEqual([20, 22, 24])
  expect(Math.min(...versions)).toBe(Number(oldest))
})

it('the tests do all that .ci/run does', () => {
  const local = scriptsIn(read('.ci/run').replaceAll(/^#.*$/gm, ''))
  const named = stepsOf(workflowOf('test')).flatMap(({ run = '' }) => scriptsIn(run))
  expect([...new Set(named)].sort()).toEqual([...new Set(local)].sort())
})

it('only a tested tag is published, by the identity of the workflow', () => {
  const { publish } = workflowOf('release').jobs
  expect(publish).toMatchObject({ needs: 'test', permissions: { contents: 'write', 'id-token': 'write' } })
  const commands = publish!.steps!.flatMap(({ run = [] }) => run)
  const order = ['release-notes.mjs', 'npm run package', 'npm publish --provenance', 'gh release create']
  expect(order.map((part) => commands.findIndex((command) => command.includes(part)))).toEqual([1, 2, 3, 4])
})

describe('the forms for issues', () => {
  const forms = globSync('.github/ISSUE_TEMPLATE/*.yml', { cwd: repository }).filter(
    (file) => !file.endsWith('/config.yml'),
  )

  it.each(forms)('%s has what GitHub asks for', (file) => {
    const form = parse(read(file)) as {
      name: string
      description: string
      body: readonly { type: string; id?: string }[]
    }
    expect([form.name, form.description].every(Boolean)).toBe(true)
    const ids = form.body.filter(({ type }) => type !== 'markdown').map(({ id }) => id)
    expect(ids.every(Boolean)).toBe(true)
    expect(new Set(ids).size).toBe(ids.length)
  })
})
