import { startProgram } from './processes.ts'
import { run } from './run.ts'
import { until } from './until.ts'

/** The beginning of every command line. */
export type Prefix = readonly string[]

export interface Display {
  /** `DISPLAY` for its programs. */
  readonly name: string
  /** Gives the keyboard to the newest visible window of a class. Nobody else does: there is no window manager. */
  readonly focus: (windowClass: string) => Promise<void>
  /** Presses keys, such as `ctrl+t`. */
  readonly press: (keys: string) => Promise<void>
  readonly type: (text: string) => Promise<void>
  readonly stop: () => Promise<void>
}

/** A display that exists in memory only, with a keyboard. Needs `Xvfb` and `xdotool`. */
export async function startXvfb(prefix: Prefix = []): Promise<Display> {
  const [command, ...args] = [...prefix, 'Xvfb', '-displayfd', '1', '-nolisten', 'tcp', '-screen', '0', '1024x768x24']
  const server = await startProgram({ command, args, isReady: async () => true })
  const printed = await until(
    () => /^\d+$/m.exec(server.log())?.[0],
    (number) => number !== undefined || !server.isRunning(),
    { everyMs: 10 },
  )
  if (printed === undefined) throw new Error(`Xvfb ended: ${server.log()}`)
  const name = `:${printed}`
  const env = { ...process.env, DISPLAY: name }
  const [tool, ...first] = [...prefix, 'xdotool']
  const use = (...words: readonly string[]): Promise<string> => run(tool, [...first, ...words], { env })
  return {
    name,
    focus: async (windowClass) => {
      const search = (): Promise<string> => use('search', '--onlyvisible', '--class', windowClass).catch(() => '')
      const windows = await until(search, (text) => text !== '')
      await use('windowfocus', windows.trim().split('\n').at(-1)!)
    },
    press: async (keys) => void (await use('key', keys)),
    type: async (text) => void (await use('type', '--delay', '1', text)),
    stop: server.stop,
  }
}
