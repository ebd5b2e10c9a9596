import { Failure } from '../failure.js'

/** Returns the address to send to. Throws if it is invalid, or remote without `--allow-remote`. */
export function checkTarget(to: string, allowRemote: boolean): URL {
  const url = parse(to)
  if (url.username !== '' || url.password !== '') throw new Failure('--to must not contain a user name or a password.')
  if (allowRemote || isLoopback(url.hostname)) return url
  throw new Failure(
    `${url.hostname} is not this machine. Signed deliveries go to loopback addresses only, so that test events do not ` +
      'reach a real system. Pass --allow-remote to send them anyway.',
  )
}

function parse(to: string): URL {
  if (/^https?:/i.test(to) && URL.canParse(to)) return new URL(to)
  const whole = `http://${to}`
  // `localhost:3000` is also a valid URL, with the scheme localhost.
  const isWithoutScheme = /^[\w[]/.test(to) && !/:\/\/|@/.test(to) && URL.canParse(whole)
  const advice = isWithoutScheme ? `. Did you mean ${whole}?` : ', e.g. http://localhost:3000/webhooks'
  throw new Failure(`--to must be an http or https address${advice}`)
}

/** Checks the name without a lookup, because others control what a name resolves to. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}
