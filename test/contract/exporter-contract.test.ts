import { createExporter } from '../../worker/export/index.ts'
import { metricName } from '../../worker/export/names.ts'
import { decodeRemoteWrite } from './decode-remote-write.ts'
import { describeExporter } from './exporter-contract.ts'

describeExporter({
  kind: 'prometheus',
  create: createExporter,
  decode: decodeRemoteWrite,
  counterName: (name) => metricName(name, 'counter', ''),
})
