/**
 * Two commands to copy: send a beacon, and see what was counted. The start and the page show the same bytes, so a beacon that is
 * copied from both is counted once.
 */
export function firstBeacon(url: string, session: string): readonly string[] {
  const body = {
    v: 1,
    sent: 0,
    groups: [{ session, resource: { service: 'demo' }, batches: [[1, 0, [['hello', 1]], []]] }],
  }
  return [
    `curl -i ${url}/v1/beacon -d '${JSON.stringify(body)}'`,
    `curl -s ${url}/metrics | grep -E '^(hello_total|pharos_batches_total)'`,
  ]
}
