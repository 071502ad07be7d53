// `npm start`: the worker on the local runtime, its storage in .pharos/, the demo page at /.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const READY_TIMEOUT_MS = 60_000

const root = fileURLToPath(new URL('..', import.meta.url))
const port = Number(process.env['PORT'] ?? 8787)
if (!Number.isInteger(port) || port < 1 || port > 65_535) {
  console.error(`PORT must be a number from 1 to 65535, not "${process.env['PORT']}".`)
  process.exit(1)
}
/** Where the totals are kept; the tests use another folder. */
const storage = process.env['PHAROS_STORAGE'] ?? '.pharos'
const url = `http://localhost:${port}`
/** Of this run only: a page on this machine could try a token that is known. */
const adminToken = randomBytes(24).toString('base64url')

const session = randomBytes(12).toString('base64url')
const body = {
  v: 1,
  sent: 0,
  groups: [{ session, resource: { service: 'demo' }, batches: [[1, 0, [['hello', 1]], []]] }],
}
/** Printed below and shown on the page: the same bytes, so whichever is copied first counts, and the other does not. */
const firstBeacon = [`curl -i ${url}/v1/beacon -d '${JSON.stringify(body)}'`, `curl -s ${url}/metrics | grep hello`]

/** The page as a user of the package would build it, beside the storage. */
const site = join(resolve(root, storage), 'page')
await build({
  entryPoints: ['index.html', 'demo.css', 'demo.js'].map((name) => join(root, 'demo/page', name)),
  bundle: true,
  format: 'esm',
  loader: { '.html': 'copy' },
  outdir: site,
  define: { FIRST_BEACON: JSON.stringify(firstBeacon.join('\n')) },
})
// `report-uri`, since browsers use the newer `report-to` on `https:` pages only: docs/REPORTS.md.
const policy = `default-src 'self'; img-src 'self' data:; report-uri /v1/reports?service=demo`
await writeFile(join(site, '_headers'), `/*\n  Content-Security-Policy: ${policy}\n`)

const wrangler = spawn(
  process.execPath,
  [
    'node_modules/wrangler/bin/wrangler.js',
    'dev',
    '--config=demo/wrangler.jsonc',
    '--ip=127.0.0.1',
    `--port=${port}`,
    `--persist-to=${storage}`,
    `--assets=${site}`,
    `--var=ADMIN_TOKEN:${adminToken}`,
    '--show-interactive-dev-session=false',
    '--log-level=warn',
  ],
  {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      WRANGLER_SEND_METRICS: 'false',
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      WRANGLER_LOG_PATH: `${root}.wrangler/logs`,
    },
  },
)
wrangler.on('exit', (code) => process.exit(code ?? 1))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => wrangler.kill(signal))

const isReady = (): Promise<boolean> =>
  fetch(`${url}/health`).then(
    (response) => response.ok,
    () => false,
  )

const deadline = Date.now() + READY_TIMEOUT_MS
while (!(await isReady())) {
  if (Date.now() > deadline) {
    console.error(
      `The worker did not answer on ${url} within ${READY_TIMEOUT_MS / 1000} s. Is the port free? Set PORT.`,
    )
    wrangler.kill()
    process.exit(1)
  }
  await delay(200)
}

console.log(`
Pharos is running. Storage is in ${storage}/ and survives a restart; PORT=n chooses another port.

  the demo page    ${url}/
  the totals       ${url}/metrics

Send a first beacon. Send it twice: it is still counted once, until the session or the sequence (here 1) changes.

${firstBeacon.map((line) => `  ${line}`).join('\n')}

Ask as the operator; the token is new with every start. /v1/config and /v1/dead-letters take it too.

  curl -s ${url}/v1/status -H 'authorization: Bearer ${adminToken}'
`)
