import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type SignedDelivery, signedDelivery } from '@mailbox-hooks/testing'
import { expect, it, onTestFinished, vi } from 'vitest'
import { freePort } from '../test/servers/free-port.ts'
import { folderOf } from './folder-of.ts'

/** What every quickstart shows, by its one command. */
export function quickstartTests(example: string): void {
  it(`${example} handles a signed delivery once, and no forged one`, async () => {
    await handlesOnce(await start(example))
  })
}

/** A signed delivery is handled once, and a forged one never. */
export async function handlesOnce({ url, output }: Pick<RunningExample, 'url' | 'output'>): Promise<void> {
  const before = mailsIn(output())
  expect(await send(url, messageReceived())).toEqual([200, { received: true }])
  expect(await send(url, messageReceived())).toEqual([200, { received: true, duplicate: true }])
  expect(await send(url, messageReceived('evt_1', 'forged'))).toEqual([
    401,
    { received: false, error: 'signature_invalid' },
  ])
  await vi.waitFor(() => expect(mailsIn(output())).toBe(before + 1))
}

const mailsIn = (output: string) => output.split('mail from Ada Byron <ada@example.com>').length - 1

/** What every example shows whose store is a server: its processes are one receiver. */
export async function sharesEvents(example: string, environment: Record<string, string>): Promise<void> {
  const [first, second] = await Promise.all([start(example, environment), start(example, environment)])
  expect(await send(first.url, messageReceived())).toEqual([200, { received: true }])
  expect(await send(second.url, messageReceived())).toEqual([200, { received: true, duplicate: true }])

  const later = await start(example, environment)
  expect(await send(later.url, messageReceived())).toEqual([200, { received: true, duplicate: true }])
}

interface RunningExample {
  readonly url: string
  output(): string
  /** Resolves when nothing of it is left, also when it has ended by itself. */
  stop(): Promise<void>
}

/** Runs an example by its one command, until it is stopped or the test has ended. It is ready when it has said so. */
export async function start(
  example: string,
  environment: Record<string, string> = {},
  ready = 'Listening on ',
): Promise<RunningExample> {
  const port = await freePort()
  // A group of its own: npm, tsx and the server end together.
  const group = spawn('npm', ['start'], {
    cwd: folderOf(example),
    env: { ...process.env, ...environment, PORT: String(port) },
    detached: true,
  })
  const ended = once(group, 'close')
  const stop = async () => {
    if (group.exitCode === null && group.signalCode === null) process.kill(-group.pid!)
    await ended
  }
  onTestFinished(stop)
  let output = ''
  for (const stream of [group.stdout, group.stderr]) stream.on('data', (text) => (output += text))
  const url = `http://localhost:${port}/webhooks`
  while (!output.includes(ready)) {
    const [code] = await Promise.race([once(group.stdout, 'data'), once(group, 'exit')])
    if (typeof code === 'number') throw new Error(`${example} ended: ${output}`)
  }
  return { url, output: () => output, stop }
}

/** An event as OpenMail delivers it. */
export const messageReceived = (eventId = 'evt_1', secret = 'openmail-secret') =>
  signedDelivery('openmail', 'message.received', { secret, payload: { event_id: eventId } })

export async function send(url: string, { headers, body }: SignedDelivery): Promise<[number, unknown]> {
  const answer = await fetch(url, { method: 'POST', headers, body })
  return [answer.status, await answer.json()]
}
