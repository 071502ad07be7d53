export interface Packable<T> {
  readonly item: T
  readonly count: number
  readonly bytes: number
}

export interface PackLimits {
  readonly maxCount: number
  readonly maxBytes: number
}

/** Cuts `items` into requests, in order, each within the limits; an item that is too large alone has one of its own. */
export function packRequests<T>(items: readonly Packable<T>[], { maxCount, maxBytes }: PackLimits): T[][] {
  const requests: T[][] = []
  let room = { count: 0, bytes: 0 }
  for (const { item, count, bytes } of items) {
    if (requests.length === 0 || count > room.count || bytes > room.bytes) {
      requests.push([])
      room = { count: maxCount, bytes: maxBytes }
    }
    requests.at(-1)!.push(item)
    room = { count: room.count - count, bytes: room.bytes - bytes }
  }
  return requests
}
