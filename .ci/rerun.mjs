// Runs the test files that failed once more, when they are few, and says so. A test that needs a second run is still a fault of the
// test or of what it tests: look for "FAILED TEST" and "NOT STEADY" in the log.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'

const REPORT = '.cache/vitest.json'
/** More files than this have a reason of their own. */
const MAX_FILES = 3

const readReport = () => JSON.parse(readFileSync(REPORT, 'utf8'))

const first = readReport()
const failed = first.testResults.filter(({ status }) => status === 'failed')
const files = failed.map(({ name }) => relative('.', name))
if (files.length === 0 || files.length > MAX_FILES) process.exit(1)

process.stdout.write(`--- once more: ${files.join(' ')}\n`)
try {
  const run = ['--no-install', 'vitest', 'run', '--config', 'test/vitest.config.ts', ...files]
  execFileSync('npx', run, { stdio: 'inherit' })
} catch {
  process.exit(1)
}
const second = readReport()
const passedBefore = failed
  .flatMap(({ assertionResults }) => assertionResults)
  .filter(({ status }) => status === 'passed').length
process.stdout.write(`NOT STEADY: ${files.join(' ')} failed, and passed when run again.\n`)
const numPassedTests = first.numPassedTests - passedBefore + second.numPassedTests
writeFileSync(REPORT, JSON.stringify({ ...second, numPassedTests }))
