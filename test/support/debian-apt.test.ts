import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { createApt, debianRepositories } from './debian-apt.ts'
import { temporaryFolder } from './processes.ts'

afterEach(() => vi.unstubAllEnvs())

it.each<[string, string, readonly string[]]>([
  [
    'a machine that asked its main suite only has its security updates all the same, last',
    `'http://deb.example/debian-security/dists/bookworm-security/InRelease' deb.example_debian-security 0
'http://deb.example/debian/dists/bookworm/InRelease' deb.example_debian 0
'http://deb.example/debian/dists/bookworm-updates/InRelease' deb.example_debian 0
'http://deb.example/debian/dists/bookworm/main/binary-amd64/Packages.xz' deb.example_debian 0`,
    [
      'http://deb.example/debian bookworm',
      'http://deb.example/debian bookworm-updates',
      'http://deb.example/debian-security bookworm-security',
    ],
  ],
  [
    'backports, and repositories of others that have Debian in their address, come after Debian itself',
    `'https://download.vendor.example/linux/debian/dists/bookworm/InRelease' x 0
'http://mirror.debian.org/debian/dists/bookworm-backports/InRelease' x 0
'http://mirror.debian.org/debian/dists/bookworm/InRelease' x 0`,
    [
      'http://mirror.debian.org/debian bookworm',
      'http://mirror.debian.org/debian bookworm-backports',
      'https://download.vendor.example/linux/debian bookworm',
    ],
  ],
  [
    'repositories of others are left alone',
    `'https://deb.vendor.example/node_20.x/dists/nodistro/InRelease' deb.vendor.example 0
'http://mirror.example/Debian/dists/trixie/InRelease' mirror.example 0`,
    ['http://mirror.example/Debian trixie'],
  ],
])('%s', (_what, printed, expected) => {
  expect(debianRepositories(printed).map(({ uri, suite }) => `${uri} ${suite}`)).toEqual(expected)
})

it('says so where apt is set up with no Debian mirror', () => {
  expect(() => debianRepositories('')).toThrow('no mirror')
})

const LISTED = `'http://deb.example/debian/dists/bookworm/InRelease' x 0
'http://vendor.example/linux/debian/dists/bookworm/InRelease' x 0`

/** An `apt-get` that fails `failures` times, saying why, and keeps what it was asked. */
async function fakeApt(failures: number, why: string): Promise<() => Promise<readonly string[]>> {
  const folder = await temporaryFolder('fake-apt')
  const log = join(folder, 'log')
  const script = `#!/bin/sh
case "$*" in *--print-uris*) echo "${LISTED}"; exit 0;; esac
echo "$*" >> ${log}
[ "$(wc -l < ${log})" -gt ${failures} ] || { cat >&2 <<'E'
${why}
E
exit 100; }`
  for (const [name, text] of [
    ['apt-get', script],
    ['apt-config', '#!/bin/sh'],
  ] as const) {
    await writeFile(join(folder, name), text)
    await chmod(join(folder, name), 0o755)
  }
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH']}`)
  return async () => (await readFile(log, 'utf8')).trim().split('\n')
}

it('asks again when a suite does not answer, and never goes on with the others alone', async () => {
  const asked = await fakeApt(2, 'E: The repository does not answer')
  const folder = join(await temporaryFolder('apt'), 'root')
  await mkdir(folder)
  await createApt(folder, undefined)
  expect(await asked()).toEqual(Array(3).fill('update --quiet --error-on=any'))
})

it('leaves out a repository that Debian did not sign', async () => {
  const why = "E: The repository 'http://vendor.example/linux/debian bookworm InRelease' is not signed."
  const asked = await fakeApt(1, why)
  const folder = join(await temporaryFolder('apt'), 'root')
  await mkdir(folder)
  await createApt(folder, undefined)
  expect(await asked()).toHaveLength(2)
  const sources = await readFile(join(folder, 'sources.list'), 'utf8')
  expect(sources).toContain('http://deb.example/debian bookworm')
  expect(sources).not.toContain('vendor.example')
})
