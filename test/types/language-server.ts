import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { TSC } from './declarations.js'

interface Message {
  readonly id?: number
  readonly method?: string
  readonly result?: unknown
}

/** The language server of TypeScript 7, which has no JavaScript API. Speaks the Language Server Protocol over stdio. */
export class LanguageServer {
  readonly #process = spawn(TSC, ['--lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] })
  readonly #waiting = new Map<number, (result: unknown) => void>()
  #received = Buffer.alloc(0)
  #asked = 0

  static async open(config: string): Promise<LanguageServer> {
    const server = new LanguageServer()
    server.#process.stdout.on('data', (chunk: Buffer) => server.#receive(chunk))
    await server.#ask('initialize', {
      processId: process.pid,
      rootUri: pathToFileURL(dirname(config)).href,
      capabilities: { textDocument: { hover: { contentFormat: ['plaintext'] } } },
    })
    server.#send({ method: 'initialized', params: {} })
    return server
  }

  /** Shows a file to the server. */
  show(path: string): void {
    const textDocument = { uri: pathToFileURL(path).href, languageId: 'typescript', version: 1 }
    this.#send({
      method: 'textDocument/didOpen',
      params: { textDocument: { ...textDocument, text: readFileSync(path, 'utf8') } },
    })
  }

  async hover(path: string, position: { line: number; character: number }): Promise<string> {
    const asked = { textDocument: { uri: pathToFileURL(path).href }, position }
    const hover = (await this.#ask('textDocument/hover', asked)) as { contents: { value: string } } | null
    return hover?.contents.value ?? ''
  }

  close(): void {
    this.#process.kill()
  }

  #ask(method: string, params: object): Promise<unknown> {
    this.#asked += 1
    const id = this.#asked
    this.#send({ id, method, params })
    return new Promise((resolve) => this.#waiting.set(id, resolve))
  }

  #send(message: object): void {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message })
    this.#process.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk])
    for (;;) {
      const start = this.#received.indexOf('\r\n\r\n') + 4
      const length = Number(/Content-Length: (\d+)/i.exec(this.#received.subarray(0, start).toString())?.[1])
      if (start < 4 || this.#received.length < start + length) return
      const message = JSON.parse(this.#received.subarray(start, start + length).toString()) as Message
      this.#received = this.#received.subarray(start + length)
      this.#take(message)
    }
  }

  #take({ id, method, result }: Message): void {
    if (id === undefined) return
    if (method === undefined) this.#waiting.get(id)?.(result)
    // A question of the server's: there are no settings to read here.
    else this.#send({ id, result: method === 'workspace/configuration' ? [null] : null })
  }
}
