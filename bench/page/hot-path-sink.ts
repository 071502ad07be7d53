/** Runs in the page. Where the peers send to: the server the page came from, which answers 204. */
export const SINK = `${location.origin}/v1/beacon`
