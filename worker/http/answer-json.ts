/** JSON that nobody may keep. @param status 200 where none is given */
export const answerJson = (body: unknown, status = 200): Response =>
  Response.json(body, { status, headers: { 'cache-control': 'no-store' } })
