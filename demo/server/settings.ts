import { fail, ok, type Result } from '../../src/protocol/result.ts'

const DEFAULT_PORT = 8787

/** What whoever runs `npm start` can choose. */
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
  return ok({ port, storage: env['PHAROS_STORAGE'] || `.pharos/${port}` })
}
