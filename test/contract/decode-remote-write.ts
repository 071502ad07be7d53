import protobuf from 'protobufjs'
import type { ExportRequest } from '../../worker/types.ts'
import { decodeSnappy } from './decode-snappy.ts'
import type { Decoded } from './exporter-contract.ts'

// The official schema, but for `value`: a fixed64 has the same bytes as a double and shows every bit of a NaN.
const { root } = protobuf.parse(`
  syntax = "proto3";
  message WriteRequest { repeated TimeSeries timeseries = 1; reserved 2; repeated Metadata metadata = 3; }
  message Metadata { string metric_family_name = 2; }
  message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
  message Label { string name = 1; string value = 2; }
  message Sample { fixed64 value = 1; int64 timestamp = 2; }
`)
const WriteRequest = root.lookupType('WriteRequest')

interface Long {
  readonly low: number
  readonly high: number
}

interface Message {
  readonly timeseries: readonly {
    readonly labels: readonly { readonly name: string; readonly value: string }[]
    readonly samples: readonly { readonly value: Long; readonly timestamp: Long }[]
  }[]
}

const bitsOf = ({ low, high }: Long): bigint => (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)

const doubleOf = (bits: bigint): number => new DataView(new BigUint64Array([bits]).buffer).getFloat64(0, true)

/** What a receiver reads in a request, by an independent decoder; throws at what remote-write 1.0 forbids. */
export function decodeRemoteWrite({ body, headers }: ExportRequest): Decoded[] {
  expectHeaders(headers)
  const { timeseries } = WriteRequest.decode(decodeSnappy(body)) as unknown as Message
  return timeseries.map(({ labels, samples }) => {
    const names = labels.map(({ name }) => name)
    if (names.join('\n') !== [...new Set(names)].sort().join('\n'))
      throw new Error(`labels not sorted: ${names.join()}`)
    if (labels.some(({ value }) => value === '')) throw new Error('an empty label')
    if (samples.length !== 1) throw new Error(`${samples.length} samples`)
    const { __name__: name = '', ...rest } = Object.fromEntries(labels.map(({ name, value }) => [name, value]))
    const bits = bitsOf(samples[0]!.value)
    const isStale = bits === 0x7ff0000000000002n
    return {
      name,
      labels: rest,
      timeMs: Number(bitsOf(samples[0]!.timestamp)),
      value: isStale ? 'stale' : doubleOf(bits),
    }
  })
}

function expectHeaders(headers: Readonly<Record<string, string>>): void {
  const wanted = {
    'content-type': 'application/x-protobuf',
    'content-encoding': 'snappy',
    'x-prometheus-remote-write-version': '0.1.0',
  }
  for (const [name, value] of Object.entries(wanted))
    if (headers[name] !== value) throw new Error(`no ${name}: ${value}`)
}
