import { connect } from 'node:net'

/** A server that tests need and do not start themselves. */
export interface Service {
  readonly url: string
  /** Nothing listens there; its tests are to be skipped. */
  readonly isAbsent: boolean
}

/**
 * Looks for a server. Where none listens its tests are skipped, which is said here and shows in vitest's count; with
 * `REQUIRE_SERVICES=1`, as in CI, it is an error.
 */
async function find(name: string, variable: string, usual: string): Promise<Service> {
  const url = process.env[variable] ?? usual
  const { hostname, port } = new URL(url)
  const isAbsent = !(await listens(hostname, Number(port || new URL(usual).port)))
  if (isAbsent) missing(`${name} does not answer on ${hostname} (${variable})`)
  return { url, isAbsent }
}

/** Says that something tests need is not there, or fails where it has to be. */
export function missing(what: string): void {
  if (process.env.REQUIRE_SERVICES === '1') throw new Error(what)
  console.warn(`Skipped: ${what}`)
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 })
    const answer = (is: boolean) => () => {
      socket.destroy()
      resolve(is)
    }
    socket.once('connect', answer(true)).once('timeout', answer(false)).once('error', answer(false))
  })
}

export const findRedis = () => find('Redis', 'REDIS_URL', 'redis://127.0.0.1:6379')
export const findPostgres = () => find('PostgreSQL', 'POSTGRES_URL', 'postgres://root@127.0.0.1:5432/test')
export const findRabbitmq = () => find('RabbitMQ', 'RABBITMQ_URL', 'amqp://127.0.0.1:5672')
export const findMysql = () => find('MySQL or MariaDB', 'MYSQL_URL', 'mysql://root@127.0.0.1:3306/test')

/** Keeps what one run stores apart from everything else on a shared server. */
export const runName = () => `mailbox_hooks_test_${process.pid}_${Math.random().toString(36).slice(2, 8)}`
