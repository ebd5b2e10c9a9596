import { Failure } from '../failure.js'

/** The address to send to; refused when it is none, or on another machine without leave. */
export function checkTarget(to: string, allowRemote: boolean): URL {
  const url = parse(to)
  if (!/^https?:$/.test(url.protocol)) throw new Failure(`--to must be an http or https address; got ${url.protocol}`)
  if (url.username !== '' || url.password !== '') throw new Failure('--to must not contain a user name or a password.')
  if (allowRemote || isLoopback(url.hostname)) return url
  throw new Failure(
    `${url.hostname} is not this machine. Signed deliveries go to loopback addresses only, lest test events reach a ` +
      'real system; --allow-remote sends them anyway.',
  )
}

function parse(to: string): URL {
  try {
    return new URL(to)
  } catch {
    throw new Failure('--to must be a whole address, e.g. http://localhost:3000/webhooks')
  }
}

/** By name and not by looking it up: what a name resolves to is for others to say. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}
