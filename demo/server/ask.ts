import { Agent, request } from 'node:http'

export interface Question {
  readonly port: number
  readonly path: string
  /** @default localhost */
  readonly host?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly timeoutMs: number
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/**
 * A GET on this machine. Not `fetch`: with `NODE_USE_ENV_PROXY` it would take the question, and a token in it, to a proxy
 * (https://nodejs.org/api/cli.html#node_use_env_proxy1). An agent of its own has no proxy.
 */
export const ask = ({ host = 'localhost', timeoutMs, ...question }: Question): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const agent = new Agent()
    const asked = request({ ...question, host, agent, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      )
    })
    asked.on('error', reject).end()
  })
