/** Resolves at Ctrl-C, or when the process is asked to end. The servers keep no process alive, so this does. */
export async function untilStopped(): Promise<void> {
  const awake = setInterval(() => undefined, 60_000)
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  clearInterval(awake)
}
