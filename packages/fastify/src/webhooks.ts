import { type Accepted, createReceiver, type ReceiverOptions, type RegisteredDelivery } from '@mailbox-hooks/core'
import { NodeRequest } from '@mailbox-hooks/core/node'
import type { FastifyInstance, FastifyRequest, RegisterOptions } from 'fastify'
import fp from 'fastify-plugin'
import { fixHead, hideBody, setAnswer, settleAtEnd, statusOf, thenOnceSettled } from './route.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** The verified delivery; null on routes without `config: { webhook: true }`. */
    webhook: RegisteredDelivery | null
  }
  interface FastifyContextConfig {
    /** Lets the route receive webhooks. Default false. */
    webhook?: boolean | undefined
  }
}

/** What a scope's requests are received by. */
const kReceiver = Symbol('mailbox-hooks.receiver')

/** A delivery between its hooks. */
interface Underway extends Pick<Accepted, 'run' | 'fail' | 'settle'> {
  /** Undoes `hideBody`. */
  readonly showBody: () => void
  isReplying: boolean
  /** What waits until the reply has settled the event; undefined once it has. */
  waiting: (() => void)[] | undefined
}

/**
 * Fastify plugin (4 and 5) that lets verified deliveries through to the handlers of routes with
 * `config: { webhook: true }`, once each, and answers everything else there itself. All other routes stay as they are.
 *
 * The handler's own answer decides: 2xx marks the event as handled, anything else, or an error, gives it back to be
 * handled on the provider's next attempt. The body of a streamed answer is sent after the event is settled by its
 * status. A handler that calls `reply.hijack()` and answers later calls `delivery.complete()` itself.
 *
 * Its routes have no `request.body`: Fastify's parsers and `bodyLimit` are for the others. Each scope may register it,
 * with options of its own; an inner scope's hold there. Registering fails with a `TypeError` for options that cannot
 * work.
 *
 * @example
 * await app.register(webhooks, { providers: [openMail({ secrets: [process.env.OPENMAIL_WEBHOOK_SECRET] })] })
 * app.post('/webhooks', { config: { webhook: true } }, async (request) => {
 *   const { event } = request.webhook!
 *   return { received: true }
 * })
 */
export const webhooks = fp(plugin, { name: '@mailbox-hooks/fastify', fastify: '>=4.26.0 <6' })

const NO_OPTIONS =
  'webhooks: register it with its options, app.register(webhooks, { providers: [...] }), and do not call it yourself'

const REGISTERED_TWICE =
  'webhooks: registered twice in one scope. List all providers in one registration, or give the second a scope of its ' +
  'own: app.register(async (scope) => { await scope.register(webhooks, options); scope.post(…) })'

async function plugin(app: FastifyInstance, allOptions: ReceiverOptions & RegisterOptions): Promise<void> {
  // Fastify's own, which it passes on with the plugin's.
  const { prefix, logLevel, logSerializers, ...options } = allOptions ?? {}
  // A route's handler is given a request and a reply.
  if (app.addHook === undefined || Object.keys(options).length === 0) throw new TypeError(NO_OPTIONS)
  const receiver = createReceiver(options)
  // Not a WeakMap: that keeps each delivery until the next full garbage collection.
  const kUnderway = Symbol('mailbox-hooks.underway')
  const underwayOf = (request: FastifyRequest) => (request as { [kUnderway]?: Underway | null })[kUnderway] ?? undefined

  // An inner scope inherits this, and may have its own.
  if (Object.hasOwn(app, kReceiver)) throw new TypeError(REGISTERED_TWICE)
  app.decorate(kReceiver, receiver)
  if (!app.hasRequestDecorator('webhook')) app.decorateRequest('webhook', null)
  app.decorateRequest(kUnderway, null)
  app.decorateReply(
    'then',
    thenOnceSettled((request) => underwayOf(request)?.waiting),
  )

  const isOurs = ({ routeOptions, server }: FastifyRequest) =>
    routeOptions.config?.webhook === true && Reflect.get(server, kReceiver) === receiver

  app.addHook('preParsing', async (request, reply) => {
    if (!isOurs(request)) return
    const reception = await receiver.receive(new NodeRequest(request.raw))
    if (reception.answer !== undefined) {
      const { answer, error } = reception
      if (error !== undefined) request.log.warn({ code: error.code, issues: error.issues }, error.message)
      return reply.send(setAnswer(reply, answer))
    }
    // A time limit was faster, and no handler runs any more.
    if (reply.sent) return void reception.settle(503)
    // Exact where `Register` says which providers there are.
    request.webhook = reception.delivery as RegisteredDelivery
    const { run, fail, settle } = reception
    const delivery: Underway = { run, fail, settle, showBody: hideBody(request), isReplying: false, waiting: [] }
    Object.assign(request, { [kUnderway]: delivery })
  })

  app.addHook('preValidation', (request, _reply, done) => {
    const delivery = underwayOf(request)
    if (delivery === undefined) return done()
    delivery.showBody()
    // All that follows, the handler at its end, runs inside of this.
    delivery.run(done)
  })

  // Before the reply to the error is sent.
  app.addHook('onError', (request, _reply, error, done) => {
    underwayOf(request)?.fail(error)
    done()
  })

  app.addHook('onSend', (request, reply, payload, done) => {
    const delivery = underwayOf(request)
    if (delivery === undefined) return done(null, payload)
    // A second reply is too late. Fastify would know, were the first one not held here.
    if (delivery.isReplying) return
    delivery.isReplying = true
    const restoreHead = fixHead(reply)
    delivery
      .settle(statusOf(reply, payload))
      .then((instead) => {
        delivery.isReplying = false
        restoreHead()
        for (const act of delivery.waiting ?? []) act()
        delivery.waiting = undefined
        done(null, instead === undefined ? payload : setAnswer(reply, instead))
      })
      // The handler's reply cannot be sent; nobody else is left to catch that.
      .catch(done)
  })

  app.addHook('onRoute', (route) => {
    if (route.config?.webhook !== true) return
    route.handler = settleAtEnd(route.handler, (request, status) => underwayOf(request)?.settle(status))
  })
}
