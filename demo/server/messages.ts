import type { PortState } from './port.ts'
import type { Settings } from './settings.ts'
import type { Holder } from './storage-lock.ts'

/** A port to suggest instead. */
const otherPort = (port: number): number => (port >= 1_024 && port < 65_535 ? port + 1 : 8787)

const choose = (port: number): string => `choose another port: PORT=${otherPort(port)} npm start`

/** Why the port cannot be used, and what to do. `pid` is that of the Pharos there, where it is known. */
export function describePort(port: number, state: Exclude<PortState, 'free'>, pid?: number): string {
  const reasons = {
    pharos:
      `Port ${port} is in use by another Pharos${pid ? ` (process ${pid})` : ''}. Open http://localhost:${port}/ to use that one, ` +
      `stop it with Ctrl-C in its terminal${pid ? ` or with kill ${pid}` : ''}, or ${choose(port)}`,
    program: `Port ${port} is in use by another program. Stop that program, or ${choose(port)}`,
    forbidden: `This system does not let you listen on port ${port}. Please ${choose(port)}`,
  }
  return reasons[state]
}

/** How the worker ended: with an exit code, or by a signal. */
export const describeEnd = (code: number | null, signal: string | null): string =>
  code === null
    ? `The worker was ended by ${signal}.`
    : `The worker ended with exit code ${code}. Its own message is above.`

/** Names the owner of the storage, and what to do. */
export function describeHolder({ port, storage }: Settings, holder: Holder | undefined): string {
  const who = holder ? `the Pharos on port ${holder.port} (process ${holder.pid})` : 'another Pharos'
  const other = holder?.port === port ? '' : `, or give this one a folder of its own: PHAROS_STORAGE=.pharos/${port}`
  return `${storage} is in use by ${who}. Two servers on one folder would lose counts. Stop the other one${other}`
}

/** Why the storage folder cannot be used, and what to do. */
export const describeFault = ({ storage }: Settings, fault: unknown): string =>
  `The storage folder ${storage} cannot be used: ${fault instanceof Error ? fault.message : String(fault)}. ` +
  'Set PHAROS_STORAGE to a folder that you can write to.'

export interface Running {
  readonly url: string
  readonly storage: string
  readonly firstBeacon: readonly string[]
  readonly adminToken: string
}

/** What to do with a server that is ready. */
export const describeRunning = ({ url, storage, firstBeacon, adminToken }: Running): string => `
Pharos is running. Press Ctrl-C to stop it.

  Demo page   ${url}/
  Totals      ${url}/metrics
  Storage     ${storage} (kept when you stop and start again)

Send a beacon that counts one "hello", then read the totals:

${firstBeacon.map((line) => `  ${line}`).join('\n')}

Run both again: hello_total does not change, because both requests carry the same identity. Pharos counts the second one
under outcome="duplicate".

Operator API (a fresh token on every start):

  curl -s ${url}/v1/status -H 'authorization: Bearer ${adminToken}'
`
