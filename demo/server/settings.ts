import { fail, ok, type Result } from '../../src/protocol/result.ts'

const DEFAULT_PORT = 8787

/** Browsers open no page on these: https://fetch.spec.whatwg.org/#port-blocking. */
const BLOCKED_PORTS: ReadonlySet<number> = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
  6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
])

/** What you can choose when you run `npm start`. */
export interface Settings {
  /** @default 8787 */
  readonly port: number
  /** The folder of the totals. Servers on different ports get different ones. @default .pharos/<port> */
  readonly storage: string
}

/** Reads `PORT` and `PHAROS_STORAGE`. An empty variable means its default. Fails with a sentence for the person who set it. */
export function readSettings(env: NodeJS.ProcessEnv): Result<Settings, string> {
  const text = env['PORT'] || String(DEFAULT_PORT)
  const port = Number(text)
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535)
    return fail(
      `PORT is "${text}", but a port is a whole number from 1 to 65535. ` +
        `Choose one, for example PORT=9000 npm start, or leave PORT out to use ${DEFAULT_PORT}.`,
    )
  if (BLOCKED_PORTS.has(port))
    return fail(`Browsers open no page on port ${port}. Choose another one, for example PORT=9000 npm start.`)
  const storage = env['PHAROS_STORAGE'] || `.pharos/${port}`
  if (storage.trim() === '' || storage.startsWith('~'))
    return fail(
      `PHAROS_STORAGE is "${storage}". Give it the path of a folder, absolute or from the top of the checkout; "~" is not expanded.`,
    )
  return ok({ port, storage })
}
