import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The top of the repository. */
export const repository: string = join(import.meta.dirname, '../..')

/** Where downloads are kept between runs. `PHAROS_CACHE` moves it. */
export const cacheFolder: string = process.env['PHAROS_CACHE'] ?? join(repository, '.cache')

/** The first of `names` on the PATH. */
export const onPath = (...names: readonly string[]): string | undefined =>
  names
    .flatMap((name) => (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name)))
    .find((file) => existsSync(file))
