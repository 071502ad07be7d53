import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { debianBrowserEnvironment, unpackDebian } from './debian.ts'
import { onPath } from './paths.ts'
import { firstOf } from './requirements.ts'
import { noteOnce } from './run-notes.ts'
import { run } from './run.ts'

export interface FirefoxProgram {
  readonly executablePath: string
  readonly env: NodeJS.ProcessEnv
}

let found: Promise<FirefoxProgram> | undefined

/** A Firefox that runs here: an installed one, else Debian's package, unpacked aside. */
export const findFirefox = (): Promise<FirefoxProgram> =>
  (found ??= firstOf('Install Firefox, or set FIREFOX_PATH to one.', [
    () => working(process.env['FIREFOX_PATH']),
    () => working(onPath('firefox-esr', 'firefox')),
    fromDebian,
  ]))

/** A browser that cannot even tell its version lacks libraries, and is no use. */
async function working(file: string | undefined): Promise<FirefoxProgram | undefined> {
  if (!file || !existsSync(file)) return undefined
  noteOnce(`Firefox: ${(await run(file, ['--version'])).trim()}, ${file}`)
  return { executablePath: file, env: process.env }
}

async function fromDebian(): Promise<FirefoxProgram> {
  const folder = await unpackDebian({ packages: ['firefox-esr', 'fonts-dejavu-core'] })
  const executablePath = join(folder, 'usr/lib/firefox-esr/firefox-esr')
  const env = await debianBrowserEnvironment(folder)
  noteOnce(`Firefox: ${(await run(executablePath, ['--version'], { env })).trim()}, from Debian`)
  return { executablePath, env }
}
