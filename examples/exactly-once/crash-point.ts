/** The places at which a process can die while it handles an event. */
export const CRASH_POINTS = ['before BEGIN', 'after the insert', 'after complete', 'after COMMIT'] as const

type CrashPoint = (typeof CRASH_POINTS)[number]

/** Ends the process as `kill -9` does if `CRASH_AT` names this point. It demonstrates that a crash does no harm. */
export function crashPoint(here: CrashPoint): void {
  if (process.env.CRASH_AT === here) process.kill(process.pid, 'SIGKILL')
}
