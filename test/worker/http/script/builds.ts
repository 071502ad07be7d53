import { toKeptFile } from '../../../../worker/http/script/served-file.ts'
import type { KeptFile, Script, ScriptFile } from '../../../../worker/model/script-file.ts'

const digest = async (text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))

/** A file as the build describes it. What stands for its brotli is none: nothing at the edge looks inside. */
export async function fileOf(name: string, body: string): Promise<ScriptFile> {
  const hex = Array.from(await digest(body), (byte) => byte.toString(16).padStart(2, '0')).join('')
  const hash = hex.slice(0, 16)
  const integrity = `sha256-${btoa(String.fromCharCode(...(await digest(body))))}`
  return { name, path: `/${name}.${hash}.js`, hash, integrity, body, brotli: btoa(`brotli of ${body.length}`) }
}

export const keptFileOf = async (name: string, body: string): Promise<KeptFile> => toKeptFile(await fileOf(name, body))

/** A build of a tag's file and one part. */
export const buildOf = async (text: string): Promise<Script> => ({
  main: await fileOf('pharos', `${text} tag é`),
  parts: [await fileOf('pharos-courier', `${text} courier`)],
})
