import { existsSync } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { debianOverlay, unpackDebian } from './debian.ts'
import { onPath } from './paths.ts'
import { adoptGroup, answers, freePort, startProgram } from './processes.ts'
import { firstOf } from './requirements.ts'
import { run } from './run.ts'
import { inspect, inspectablePages } from './webkit-inspector.ts'
import type { InspectedPage, Inspector } from './webkit-inspector.ts'
import { until } from './until.ts'
import type { Display, Prefix } from './xvfb.ts'

export interface WebkitProgram {
  /** WebKitGTK's MiniBrowser. */
  readonly command: string
  /** What its command line, and those of `Xvfb` and `xdotool`, must begin with. */
  readonly prefix: Prefix
}

const TRIPLET = `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`
const FOLDERS = [
  `/usr/lib/${TRIPLET}/webkit2gtk-4.1`,
  `/usr/lib/${TRIPLET}/webkit2gtk-4.0`,
  '/usr/libexec/webkit2gtk-4.1',
]
const PACKAGES = ['libwebkit2gtk-4.1-0', 'xvfb', 'xkb-data', 'x11-xkb-utils', 'xdotool', 'fonts-dejavu-core']

let found: Promise<WebkitProgram> | undefined

/** A WebKitGTK that runs here, with a display for it: an installed one, else Debian's packages, laid over `/usr`. */
export const findWebkit = (): Promise<WebkitProgram> =>
  (found ??= firstOf("Install WebKitGTK's MiniBrowser (Debian: libwebkit2gtk-4.1-0), xvfb and xdotool.", [
    async (): Promise<WebkitProgram | undefined> => {
      const command = FOLDERS.map((folder) => join(folder, 'MiniBrowser')).find((file) => existsSync(file))
      return command && onPath('Xvfb') && onPath('xdotool') ? { command, prefix: [] } : undefined
    },
    async () => {
      const folder = await unpackDebian({ packages: PACKAGES })
      return { command: join(FOLDERS[0]!, 'MiniBrowser'), prefix: await debianOverlay(folder) }
    },
  ]))

/** Fails where libraries are missing. */
export async function webkitVersion({ command, prefix }: WebkitProgram, display: Display): Promise<string> {
  const [first, ...args] = [...prefix, command, '--version']
  return (await run(first, args, { env: { ...process.env, DISPLAY: display.name } })).trim()
}

export interface RunningWebkit {
  /** Opens an address as a user does, in a new tab on top of the others. */
  readonly openTab: (url: string) => Promise<Inspector>
  /** SIGKILL to all its processes at once. Resolves when nothing is left. */
  readonly kill: () => Promise<void>
}

/**
 * A MiniBrowser on a real profile, driven as a user drives it, by keys, and looked into by its inspector. Not by WebDriver:
 * under automation MiniBrowser keeps all its data in memory.
 */
export async function startWebkit(
  program: WebkitProgram,
  { display, profile }: { display: Display; profile: string },
): Promise<RunningWebkit> {
  const host = `127.0.0.1:${await freePort()}`
  const runtime = join(profile, 'runtime')
  await mkdir(runtime, { recursive: true })
  await chmod(runtime, 0o700)
  const [command, ...args] = [...program.prefix, program.command, 'about:blank']
  const browser = await startProgram({
    command,
    args,
    env: {
      ...process.env,
      ...SETTINGS,
      ...profileIn(profile, runtime),
      DISPLAY: display.name,
      WEBKIT_INSPECTOR_HTTP_SERVER: host,
    },
    isReady: () => answers(`http://${host}/`),
  })
  const killGroup = adoptGroup(browser.pid)
  await display.focus('MiniBrowser')

  const pageAt = (url: string, before: readonly InspectedPage[]): Promise<InspectedPage> =>
    until(
      async () =>
        (await inspectablePages(host)).find(
          (page) => page.url === url && !before.some(({ path }) => path === page.path),
        ),
      (page) => page !== undefined,
      { everyMs: 20 },
    ) as Promise<InspectedPage>

  return {
    openTab: async (url) => {
      const before = await inspectablePages(host)
      await display.press('ctrl+t')
      // Before, it would be typed into the tab on top, and closing that one might end the browser.
      await until(
        () => inspectablePages(host),
        (pages) => pages.length > before.length,
        { everyMs: 20 },
      )
      await display.type(url)
      await display.press('Return')
      const { path } = await pageAt(url, before)
      return inspect(host, path)
    },
    kill: async () => {
      await killGroup()
      await browser.kill()
    },
  }
}

const profileIn = (profile: string, runtime: string): NodeJS.ProcessEnv => ({
  HOME: profile,
  XDG_DATA_HOME: join(profile, 'data'),
  XDG_CACHE_HOME: join(profile, 'cache'),
  XDG_CONFIG_HOME: join(profile, 'config'),
  XDG_RUNTIME_DIR: runtime,
})

const SETTINGS: NodeJS.ProcessEnv = {
  // Needs namespaces of its own, which a container may refuse, and the pages here are the test's.
  WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
  WEBKIT_DISABLE_COMPOSITING_MODE: '1',
  LIBGL_ALWAYS_SOFTWARE: '1',
  // No bus of the machine's desktop.
  DBUS_SESSION_BUS_ADDRESS: 'disabled:',
  NO_AT_BRIDGE: '1',
  GIO_USE_VFS: 'local',
  GSETTINGS_BACKEND: 'memory',
}
