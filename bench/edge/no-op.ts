/** A worker that does nothing: what HTTP itself costs on this runtime. */

// The class that every configuration of the bench names; it has no object.
// oxlint-disable-next-line typescript/no-extraneous-class -- a name is all that is asked of it
export class Aggregator {}

async function answer(request: Request): Promise<Response> {
  await request.text()
  return new Response(null, { status: 204 })
}

const worker: { fetch: (request: Request) => Promise<Response> } = { fetch: answer }

// oxlint-disable-next-line import/no-default-export -- the host demands it
export default worker
