/** Runs in the page. Where it sends: the bench puts it behind the `#` of the page's address. */
export const ENDPOINT = location.hash.slice(1)

declare global {
  /** Counts one event, by whatever is the library's verb for it. @param event its id, an attribute of it */
  var countOne: (event: string) => void
}
