// `npm run bench`: every part, or those named on the command line.
import { benchEdge } from './edge/edge.ts'
import { benchFaults } from './faults/faults.ts'
import { benchFlush } from './flush/flush.ts'
import { benchLeaving } from './leaving/leaving.ts'
import { describeMachine } from './machine.ts'
import { benchPage } from './page/page.ts'
import { benchTurns } from './turns/turns.ts'

const parts = new Map([
  ['page', benchPage],
  ['edge', benchEdge],
  ['flush', benchFlush],
  ['faults', benchFaults],
  ['leaving', benchLeaving],
  ['turns', benchTurns],
])

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !parts.has(name))
if (unknown.length > 0) {
  console.error(`No such part: ${unknown.join(', ')}. There are: ${[...parts.keys()].join(', ')}.`)
  process.exit(1)
}

console.log(describeMachine())
for (const [name, bench] of parts) if (asked.length === 0 || asked.includes(name)) await bench()
