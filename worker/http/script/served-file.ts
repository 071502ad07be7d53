import type { KeptFile, ScriptFile } from '../../model/script-file.ts'

/** A file, ready to be answered with. */
export interface ServedFile extends Pick<ScriptFile, 'path' | 'hash' | 'integrity'> {
  readonly plain: Uint8Array
  /** Undefined where there are only plain bytes. */
  readonly brotli: Uint8Array | undefined
}

/** A file of this deployment. */
export const serveOwn = ({ path, hash, integrity, body, brotli }: ScriptFile): ServedFile => ({
  path,
  hash,
  integrity,
  plain: new TextEncoder().encode(body),
  brotli: decodeBase64(brotli),
})

export async function toKeptFile({ path, body, brotli }: ScriptFile): Promise<KeptFile> {
  return { path, body, brotli, brotliHash: await hashOf(brotli) }
}

/** A file of another build. @throws when its body does not have the hash in its path: then no page may get it */
export async function serveKept({ path, body, brotli, brotliHash }: KeptFile): Promise<ServedFile> {
  const hash = await hashOf(body)
  if (hash !== path.split('.').at(-2)) throw new Error(`the body has the hash ${hash}`)
  return {
    path,
    hash,
    integrity: `sha256-${btoa(String.fromCharCode(...(await digest(body))))}`,
    plain: new TextEncoder().encode(body),
    brotli: (await hashOf(brotli)) === brotliHash ? decodeBase64(brotli) : undefined,
  }
}

const hashOf = async (text: string): Promise<string> =>
  Array.from(await digest(text), (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .slice(0, 16)

const digest = async (text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))

const decodeBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
