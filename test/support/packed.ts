import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { repository } from './paths.ts'

const run = promisify(execFile)

export interface Packed {
  /** Bytes of the compressed tarball. */
  readonly size: number
  /** The paths of its files. */
  readonly files: readonly string[]
}

/** What `npm publish` would upload of the build in dist/. */
export async function packDryRun(): Promise<Packed> {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: repository })
  const [report] = JSON.parse(stdout) as [{ size: number; files: readonly { path: string }[] }]
  return { size: report.size, files: report.files.map(({ path }) => path) }
}
