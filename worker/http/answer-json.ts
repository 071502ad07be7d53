/** JSON that must not be cached. @param status default 200 */
export const answerJson = (body: unknown, status = 200): Response =>
  Response.json(body, { status, headers: { 'cache-control': 'no-store' } })
