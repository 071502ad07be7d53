/** The same nothing behind hono's router: what hono costs on the way of a beacon. */
import { Hono } from 'hono'

export { Aggregator } from './no-op.ts'

const app = new Hono()
app.get('/health', ({ body }) => body(null, 204))
app.post('/v1/beacon', async ({ req, body }) => {
  await req.text()
  return body(null, 204)
})

// oxlint-disable-next-line import/no-default-export -- the host demands it
export default app
