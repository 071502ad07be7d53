#!/usr/bin/env node
/** Measures every expression on real receivers and writes the tables of docs/QUERIES.md. Runs on import. */
import process from 'node:process'
import { stopPrograms } from '../processes.ts'
import { MissingRequirement } from '../requirements.ts'
import { compare } from './compare.ts'
import { compareShapes } from './compare-shapes.ts'
import { writeSection } from './document.ts'
import { EXPRESSIONS, PROMETHEUS, VICTORIA_METRICS, WITH_ANCHORED } from './receivers.ts'
import { shapeTable } from './shape-table.ts'
import { expressionTable, scenarioTable } from './table.ts'

const say = (text: string): void => void process.stdout.write(`${text}\n`)

try {
  await writeSection('expressions', expressionTable(EXPRESSIONS))
  say('comparing shapes ...')
  await writeSection(
    'shapes',
    shapeTable(await compareShapes(await PROMETHEUS.start()), await compareShapes(await VICTORIA_METRICS.start())),
  )
  for (const { name, start, expressions } of [PROMETHEUS, VICTORIA_METRICS, WITH_ANCHORED]) {
    try {
      say(`asking ${name} ...`)
      await writeSection(name, scenarioTable(await compare(await start(), expressions)))
    } catch (error) {
      if (!(error instanceof MissingRequirement)) throw error
      say(`NOT RUN, its table stays as it is: ${name}: ${error.message}`)
    }
  }
} finally {
  await stopPrograms()
}
