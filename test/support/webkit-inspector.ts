import { until } from './until.ts'

/** WebKit's remote inspector, which serves a list of pages, and a socket for each, by HTTP. */

export interface InspectedPage {
  readonly url: string
  /** Of its socket; the same as long as the tab lives. */
  readonly path: string
}

/** The tabs of the browser whose inspector listens at `host`. */
export async function inspectablePages(host: string): Promise<readonly InspectedPage[]> {
  const html = await (await fetch(`http://${host}/`)).text()
  const rows = html.matchAll(/class="targeturl">(.*?)<\/div>.*?'(?:[^']*)' \+ window\.location\.host \+ '([^']+)'/gs)
  return [...rows].map(([, url = '', path = '']) => ({ url, path }))
}

export interface Inspector {
  /** The value of an expression, as JSON can tell it, and as if the user had just clicked. Fails where it throws. */
  readonly evaluate: (expression: string) => Promise<unknown>
  readonly close: () => void
}

interface Evaluated {
  readonly id?: number
  readonly error?: { readonly message: string }
  readonly result?: {
    readonly result: { readonly value?: unknown; readonly description?: string }
    readonly wasThrown: boolean
  }
}

type Message =
  | { readonly method: 'Target.targetCreated'; readonly params: { readonly targetInfo: Target } }
  | { readonly method: 'Target.didCommitProvisionalTarget'; readonly params: { readonly newTargetId: string } }
  | { readonly method: 'Target.dispatchMessageFromTarget'; readonly params: { readonly message: string } }

interface Target {
  readonly targetId: string
  readonly isProvisional?: boolean
}

/** Attaches to a tab. It stays attached when the tab goes to another site, which is another process and another target. */
export async function inspect(host: string, path: string): Promise<Inspector> {
  const socket = new WebSocket(`ws://${host}${path}`)
  const waiting = new Map<number, (answer: Evaluated) => void>()
  let target: string | undefined
  let last = 0
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message
    if (message.method === 'Target.targetCreated') {
      const { targetId, isProvisional } = message.params.targetInfo
      if (!isProvisional) target = targetId
    } else if (message.method === 'Target.didCommitProvisionalTarget') target = message.params.newTargetId
    else if (message.method === 'Target.dispatchMessageFromTarget') {
      const answer = JSON.parse(message.params.message) as Evaluated
      if (answer.id !== undefined) waiting.get(answer.id)?.(answer)
    }
  })
  const end = (): void => {
    for (const settle of waiting.values()) settle({ error: { message: 'The page is gone' } })
  }
  socket.addEventListener('close', end)
  socket.addEventListener('error', end)
  await until(
    () => target,
    (id) => id !== undefined,
    { everyMs: 10 },
  )

  const evaluate = async (expression: string): Promise<unknown> => {
    const id = ++last
    const params = { expression, returnByValue: true, emulateUserGesture: true }
    const message = JSON.stringify({ id, method: 'Runtime.evaluate', params })
    const { error, result } = await new Promise<Evaluated>((resolve) => {
      waiting.set(id, resolve)
      // A page that goes away while it is asked never answers.
      setTimeout(() => resolve({ error: { message: `No answer: ${expression}` } }), 5_000).unref()
      socket.send(JSON.stringify({ id, method: 'Target.sendMessageToTarget', params: { targetId: target, message } }))
    })
    waiting.delete(id)
    if (error) throw new Error(error.message)
    if (result!.wasThrown) throw new Error(result!.result.description)
    return result!.result.value
  }
  return { evaluate, close: () => socket.close() }
}
