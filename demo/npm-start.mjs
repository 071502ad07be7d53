// `npm start`. Without `npm install` before it, it says so instead of failing on the first import.
import { existsSync } from 'node:fs'

if (existsSync(new URL('../node_modules/wrangler', import.meta.url))) await import('./start.ts')
else {
  console.error('Run npm install first, then npm start.')
  process.exitCode = 1
}
