import { readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'

const schema = JSON.parse(readFileSync(new URL('../../docs/protocol.schema.json', import.meta.url), 'utf8'))

/** Whether docs/protocol.schema.json takes a parsed body. */
export const accepts: ValidateFunction = new Ajv2020({ strictTuples: false, strictTypes: false }).compile(schema)
