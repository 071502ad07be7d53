import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { launchChromium, type ChromiumOptions, type RunningChromium } from './chromium.ts'
import { temporaryFolder } from './processes.ts'

/**
 * A Chromium with a real extension that blocks every request of type `ping`, as content blockers do: `sendBeacon` returns
 * true and nothing leaves the browser, while `fetch`, which is of type `xmlhttprequest`, passes.
 */
export async function launchChromiumThatBlocksPings(options: ChromiumOptions = {}): Promise<RunningChromium> {
  const extension = await pingBlocker()
  return launchChromium({
    ...options,
    args: [`--disable-extensions-except=${extension}`, `--load-extension=${extension}`, ...(options.args ?? [])],
  })
}

/** The folder of an unpacked extension. Its rules are static, so they hold before the first page loads. */
async function pingBlocker(): Promise<string> {
  const folder = await temporaryFolder('ping-blocker')
  const rules = { id: 'pings', enabled: true, path: 'rules.json' }
  const manifest = {
    manifest_version: 3,
    name: 'Ping blocker',
    version: '1.0',
    permissions: ['declarativeNetRequest'],
    declarative_net_request: { rule_resources: [rules] },
  }
  const blocked = [{ id: 1, action: { type: 'block' }, condition: { resourceTypes: ['ping'] } }]
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest))
  await writeFile(join(folder, rules.path), JSON.stringify(blocked))
  return folder
}

/** Takes `navigator.sendBeacon` out of the Firefox that is started on this profile next, as some companies' policies do. */
export const forbidBeaconsInFirefox = (profile: string): Promise<void> =>
  appendFile(join(profile, 'prefs.js'), 'user_pref("beacon.enabled", false);\n')
