import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import type { Script, ScriptFile } from '../../worker/model/script-file.ts'
import { repository } from './paths.ts'
import { temporaryFolder } from './processes.ts'
import { until } from './until.ts'
import { startWorkerd } from './workerd.ts'

type DescribeFile = (name: string, body: string) => ScriptFile

const load = async <Module>(file: string): Promise<Module> => (await import(join(repository, file))) as Module

/** The build in dist/. */
export const builtScript = async (): Promise<Script> => (await load<{ script: Script }>('dist/script.js')).script

/** A build of these texts, as the real one describes its files. */
export async function buildOf(main: string, parts: Readonly<Record<string, string>> = {}): Promise<Script> {
  const { describeFile } = await load<{ describeFile: DescribeFile }>('tools/build-script.mjs')
  return {
    main: describeFile('pharos', main),
    parts: Object.entries(parts).map(([name, body]) => describeFile(name, body)),
  }
}

/** The script of the tag, built for one endpoint as `PHAROS_URL=<endpoint> npm run build` does it. @returns its text */
export async function buildFor(endpoint: string): Promise<string> {
  const code = `import { rollup } from 'rollup'
import { scriptTag } from './rollup.config.mjs'
const { output } = await (await rollup({ ...scriptTag, logLevel: 'silent' })).generate(scriptTag.output)
process.stdout.write(output[0].code)`
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', code]
  const env = { ...process.env, PHAROS_URL: endpoint }
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: repository, env })
  return stdout
}

/** Where a bundle of `bundleWorker` lists the script files that its object keeps. */
const KEPT = '/test/kept'

/** The built worker with another script. @returns the file of its bundle */
export async function bundleWorker(script: Script): Promise<string> {
  const outfile = join(await temporaryFolder('bundle'), 'worker.js')
  const contents = `import { Aggregator, createWorker } from ${JSON.stringify(join(repository, 'dist/worker.js'))}
export { Aggregator }
const worker = createWorker({ script: ${JSON.stringify(script)} })
export default {
  fetch: async (request, env, ctx) =>
    new URL(request.url).pathname === '${KEPT}'
      ? Response.json(await env.AGGREGATOR.getByName('root').scriptPaths([]))
      : worker.fetch(request, env, ctx),
}`
  await build({
    stdin: { contents, resolveDir: repository },
    bundle: true,
    format: 'esm',
    external: ['cloudflare:workers'],
    outfile,
    logLevel: 'error',
  })
  return outfile
}

/** Asks a worker of `bundleWorker` for its script, and waits until every file of it is kept. */
export async function untilKept(url: string, { main, parts }: Script): Promise<void> {
  const paths = [main, ...parts].map(({ path }) => path)
  await fetch(`${url}/pharos.js`)
  const read = async (): Promise<string[]> => (await (await fetch(url + KEPT)).json()) as string[]
  await until(read, (kept) => paths.every((path) => kept.includes(path)))
}

/** A storage on which another build was deployed before. */
export async function deployBefore(script: Script): Promise<string> {
  const workerd = await startWorkerd({ bundle: await bundleWorker(script) })
  await untilKept(workerd.url, script)
  await workerd.stop()
  return workerd.storageDir
}
