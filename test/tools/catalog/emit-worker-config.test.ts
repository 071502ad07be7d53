import { expect, it } from 'vitest'
import { emitWorkerConfig } from '../../../tools/catalog/emit-worker-config.ts'
import { readConfig } from '../../../worker/config/read-config.ts'
import { catalog } from './shop.ts'

it('writes a configuration that the worker takes, with all that the catalog holds', () => {
  const config = readConfig({ PHAROS: emitWorkerConfig(catalog) })
  const metrics = Object.assign({}, config.ok && config.value.metrics)
  expect(config).toMatchObject({ ok: true, value: { catalogOnly: true } })
  expect(metrics).toEqual({ ...catalog, score: { ...catalog.score, attributes: {} } })
})

it('is written for people', () => {
  expect(emitWorkerConfig({ clicks: { kind: 'counter', help: 'Clicks.', attributes: { page: ['/'] } } })).toBe(`{
  "metrics": {
    "clicks": {
      "kind": "counter",
      "help": "Clicks.",
      "attributes": {
        "page": [
          "/"
        ]
      }
    }
  },
  "catalogOnly": true
}
`)
})
