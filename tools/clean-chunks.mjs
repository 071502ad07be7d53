import { rmSync } from 'node:fs'

// rollup writes chunks and deletes none: those of an earlier build, which no entry imports any more, would be published.
for (const folder of ['dist/shared', 'dist/development']) rmSync(folder, { recursive: true, force: true })
