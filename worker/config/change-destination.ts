import * as v from 'valibot'
import { fail, ok, type Result } from '../../src/protocol/result.ts'
import type { AddressForm, DestinationDefinition } from '../model/destination-definition.ts'
import type { DestinationSettings } from '../model/destination-settings.ts'
import { baseUrl, httpUrl } from '../schema/addresses.ts'
import { routeOf } from '../schema/route.ts'
import type { DestinationOverride } from './types.ts'

/** A deployed destination with what was changed at run time. @returns a mistake as its path from the destinations on, and what to do */
export function changeDestination(
  deployed: DestinationSettings,
  change: DestinationOverride,
  { address }: DestinationDefinition,
): Result<DestinationSettings, string> {
  const { include: _, exclude: __, where: ___, url: written, ...rest } = change
  const url = written === undefined ? ok(deployed.url) : changeUrl(deployed, written, address)
  if (!url.ok) return fail(`${deployed.name}.url: ${url.error}`)
  return ok({ ...deployed, ...rest, url: url.value, route: routeOf(change, deployed.route) })
}

const ADDRESSES: Readonly<Record<AddressForm, v.GenericSchema<string>>> = {
  whole: httpUrl,
  base: baseUrl,
  none: v.pipe(
    v.string(),
    v.check(() => false, 'remove this key: this kind of destination has no address'),
  ),
}

function changeUrl(deployed: DestinationSettings, written: string, address: AddressForm): Result<string, string> {
  const read = v.safeParse(ADDRESSES[address], written)
  if (!read.success) return fail(read.issues[0].message)
  // The secrets would cross the network in the clear. That needs a deployment.
  if (deployed.credentials.length > 0 && isSecure(deployed.url) && !isSecure(read.output))
    return fail('give an address that begins with https://: this destination has credentials')
  return ok(read.output)
}

const isSecure = (url: string): boolean => URL.parse(url)?.protocol === 'https:'
