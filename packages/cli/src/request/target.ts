import { Failure } from '../failure.js'

/** The address to send to; refused when it is none, or on another machine without leave. */
export function checkTarget(to: string, allowRemote: boolean): URL {
  const url = parse(to)
  if (url.username !== '' || url.password !== '') throw new Failure('--to must not contain a user name or a password.')
  if (allowRemote || isLoopback(url.hostname)) return url
  throw new Failure(
    `${url.hostname} is not this machine. Signed deliveries go to loopback addresses only, lest test events reach a ` +
      'real system; --allow-remote sends them anyway.',
  )
}

function parse(to: string): URL {
  if (/^https?:/i.test(to) && URL.canParse(to)) return new URL(to)
  const whole = `http://${to}`
  // `localhost:3000` is an address, too: of the scheme localhost.
  const isWithoutScheme = /^[\w[]/.test(to) && !/:\/\/|@/.test(to) && URL.canParse(whole)
  const advice = isWithoutScheme ? `. Did you mean ${whole}?` : ', e.g. http://localhost:3000/webhooks'
  throw new Failure(`--to must be an http or https address${advice}`)
}

/** By name and not by looking it up: what a name resolves to is for others to say. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}
