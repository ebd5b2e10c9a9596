import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A module of this package in a process of its own, that sends one message when it is ready. */
export async function startProcess<Message>(module: URL, args: readonly string[], execArgv: readonly string[] = []) {
  const child = fork(fileURLToPath(module), args, { execArgv: [...process.execArgv, ...execArgv] })
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`${module.pathname} ended with ${code}`)
  })
  const [message] = await Promise.race([once(child, 'message'), failed])
  failed.catch(() => undefined)
  return { child, message: message as Message }
}

/** Sends a process a question and resolves to its next message. */
export async function ask<Question extends string, Answer>(child: ChildProcess, question: Question): Promise<Answer> {
  child.send(question)
  const [answer] = await once(child, 'message')
  return answer as Answer
}
