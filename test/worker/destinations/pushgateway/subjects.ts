import type { PushgatewayConfig } from '../../../../worker/destinations/pushgateway/config.ts'
import { createPushgatewayExporter } from '../../../../worker/destinations/pushgateway/exporter.ts'
import { metricName } from '../../../../worker/destinations/prometheus/names.ts'
import type { ContractSubject } from '../../../contract/exporter-contract.ts'
import { classicOf } from '../prometheus/classic-of.ts'
import { decodeExposition } from '../prometheus/decode-exposition.ts'
import { testPushgateway } from './pushgateway-destination.ts'

export const subjects: readonly ContractSubject<PushgatewayConfig>[] = [
  {
    title: 'Pushgateway',
    destination: testPushgateway(),
    create: createPushgatewayExporter,
    decode: ({ body }) => decodeExposition(new TextDecoder('utf-8', { fatal: true }).decode(body)),
    receiver: 'shows',
    counterName: (name) => metricName(name, 'counter', ''),
    histogramOf: classicOf,
    maxBytes: Infinity,
    deviations: {
      limits: 'a PUT replaces the group, so it holds everything (see exporter.test.ts)',
      zeros: 'Prometheus scrapes the gateway and sees what is there then',
      endings: 'a series that ends is left out of the group (see exporter.test.ts)',
      restarts: 'the text has neither a zero nor a start, so a scrape may miss that a series began again',
      outages: 'the gateway never sees what a series gained before it ended, when it missed that flush',
    },
  },
]
