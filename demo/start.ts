// `npm start`: the worker on the local runtime, with the demo page at /. Whatever may fail is checked before anything is built.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { firstBeacon } from './server/first-beacon.ts'
import { describeEnd, describeFault, describeHolder, describePort, describeRunning } from './server/messages.ts'
import { buildPage } from './server/page.ts'
import { inspectPort } from './server/port.ts'
import { untilReady, untilSilent } from './server/ready.ts'
import { buildScript, isScriptCurrent } from './server/script.ts'
import { readSettings, type Settings } from './server/settings.ts'
import { holderOf, lockStorage, type ReleaseLock } from './server/storage-lock.ts'
import { startWorker } from './server/worker.ts'

const READY_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 5_000

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

function giveUp(message: string): never {
  console.error(message)
  process.exit(1)
}

function takeStorage(settings: Settings): ReleaseLock {
  try {
    const lock = lockStorage(settings.storage, { port: settings.port, pid: process.pid })
    return lock.ok ? lock.value : giveUp(describeHolder(settings, lock.error))
  } catch (fault) {
    return giveUp(describeFault(settings, fault))
  }
}

/** A full disk, a folder that cannot be written to, a mistake in a source. */
const orGiveUp = <T>(work: Promise<T>): Promise<T> =>
  work.catch((fault: unknown) =>
    giveUp(`Could not build the demo: ${fault instanceof Error ? fault.message : String(fault)}`),
  )

// The reader of the output may leave: `npm start | head`.
process.stdout.on('error', () => process.exit(1))

const settings = readSettings(process.env)
if (!settings.ok) giveUp(settings.error)
const { port, storage } = settings.value

const portState = await inspectPort(port)
if (portState !== 'free') giveUp(describePort(port, portState, holderOf(`.pharos/${port}`)?.pid))

process.once('exit', takeStorage(settings.value))

if (!isScriptCurrent()) {
  console.log('Building the script …')
  await orGiveUp(buildScript())
}

const url = `http://localhost:${port}`
const beacon = firstBeacon(url, randomBytes(12).toString('base64url'))
const page = join(storage, 'page')
await orGiveUp(buildPage(page, beacon))

console.log('Starting the worker …')
/** Of this run only: a page on this machine could try a token that is known. */
const adminToken = randomBytes(24).toString('base64url')
const worker = startWorker({ port, storage, page, adminToken })
const ended = once(worker, 'exit').then((end) => end as [code: number | null, signal: string | null])
const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]).then(() => 'stopped' as const)

const ready = untilReady(port, adminToken).then(() => 'ready' as const)
const late = delay(READY_TIMEOUT_MS, 'late' as const, { ref: false })
const begun = await Promise.race([ready, ended, stopped, late])
if (begun === 'ready') console.log(describeRunning({ url, storage: resolve(storage), firstBeacon: beacon, adminToken }))
const outcome = begun === 'ready' ? await Promise.race([ended, stopped, untilSilent(port, adminToken)]) : begun

// Whatever of the worker is left when this process ends goes with it: demo/server/worker.ts.
if (outcome === 'stopped') {
  worker.kill()
  await Promise.race([ended, delay(STOP_TIMEOUT_MS)])
  process.exit()
}
if (outcome === 'late') giveUp(`The worker did not answer on ${url} within ${READY_TIMEOUT_MS / 1_000} s.`)
if (outcome === 'silent')
  giveUp('The worker does not answer any more. Start it again with npm start: it keeps its totals.')
// Another program may have taken the port after it was checked.
const portNow = begun === 'ready' ? 'free' : await inspectPort(port)
giveUp(portNow === 'free' ? describeEnd(...outcome) : describePort(port, portNow))
