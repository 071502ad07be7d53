import { metricName } from '../../../../worker/destinations/prometheus/names.ts'
import { createPushgatewayExporter } from '../../../../worker/destinations/pushgateway/exporter.ts'
import { describeExporter } from '../../../contract/exporter-contract.ts'
import { classicOf } from '../prometheus/classic-of.ts'
import { decodeExposition } from '../prometheus/decode-exposition.ts'
import { testPushgateway } from './pushgateway-destination.ts'

describeExporter({
  title: 'Pushgateway',
  destination: testPushgateway(),
  create: createPushgatewayExporter,
  decode: ({ body }) => decodeExposition(new TextDecoder('utf-8', { fatal: true }).decode(body)),
  counterName: (name) => metricName(name, 'counter', ''),
  histogramOf: classicOf,
  deviations: {
    split: 'a PUT replaces the group, so it holds everything (see exporter.test.ts)',
    parts: 'a part is whole families (see exporter.test.ts)',
  },
})
