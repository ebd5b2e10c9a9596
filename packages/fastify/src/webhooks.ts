import {
  type Accepted,
  type Answer,
  createReceiver,
  type Receiver,
  type ReceiverOptions,
  type RegisteredDelivery,
} from '@mailbox-hooks/core'
import { isPromise, NodeRequest } from '@mailbox-hooks/core/node'
import type { FastifyInstance, FastifyRequest, RegisterOptions } from 'fastify'
import fp from 'fastify-plugin'
import { fixHead, hideBody, setAnswer, settleAtEnd, statusOf, thenOnceSettled } from './route.js'
import { isSwitchedOn, isWebhookRoute } from './webhook-route.js'

/** The plugin's functions in a scope, as `app.webhooks`. */
export interface ScopeWebhooks extends Pick<Receiver, 'idle' | 'health'> {
  /** Returns the delivery of a request that this scope's options have verified. Throws for every other request. */
  delivery(request: FastifyRequest): RegisteredDelivery
}

/** The property that the plugin adds to a request. Hovering a property of `FastifyRequest` itself shows its parameters. */
interface WebhookRequest {
  /** The verified delivery. Null on routes without `config: { webhook: true }`. Prefer `app.webhooks.delivery(request)`. */
  webhook: RegisteredDelivery | null
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The functions of the plugin that is registered in this scope or around it. */
    webhooks: ScopeWebhooks
  }
  interface FastifyRequest extends WebhookRequest {}
  interface FastifyContextConfig {
    /** Lets the route receive webhooks. Default false. */
    webhook?: boolean | undefined
  }
}

/** The receiver of a scope. */
const kReceiver = Symbol('mailbox-hooks.receiver')

/** A delivery between its hooks. */
interface Underway extends Pick<Accepted, 'run' | 'fail' | 'settle' | 'leave'> {
  /** Undoes `hideBody`. */
  readonly showBody: () => void
  isReplying: boolean
  /** The waiters for the reply to settle the event. Undefined once it has. */
  waiting: (() => void)[] | undefined
}

/**
 * Registers a Fastify plugin (4 and 5) that passes each verified event once to the handler of a route with
 * `config: { webhook: true }`. It answers all other requests of such a route itself, and does not touch other routes.
 *
 * The handler's answer decides. A 2xx marks the event as handled. Any other status, or an error, releases it, and the
 * provider's next attempt is handled. The event is settled by the status before the body of a streamed answer is sent. A
 * handler that calls `reply.hijack()` and answers later must call `delivery.complete()`.
 *
 * `app.webhooks.delivery(request)` returns the delivery, and throws if nothing was verified: without the switch, or with
 * the plugin registered elsewhere, no handler runs on. A route with a misspelt switch, or with `schema.body`, throws.
 *
 * These routes have no `request.body`, and `limitBytes` replaces Fastify's parsers and `bodyLimit`. Each scope may register
 * the plugin with its own options, which override those of outer scopes. Registration fails with a `TypeError` for a wrong
 * option.
 *
 * @example
 * await app.register(webhooks, { providers: [openMail({ secrets: [process.env.OPENMAIL_WEBHOOK_SECRET] })] })
 * app.post('/webhooks', { config: { webhook: true } }, async (request) => {
 *   const { event } = app.webhooks.delivery(request)
 *   return { received: true }
 * })
 */
export const webhooks = fp(plugin, { name: '@mailbox-hooks/fastify', fastify: '>=4.26.0 <6' })

const NO_OPTIONS =
  'webhooks: register it with its options, app.register(webhooks, { providers: [...] }), instead of calling it'

const NO_DELIVERY =
  'This request was not verified by this plugin: give its route config: { webhook: true }, and register the plugin in the ' +
  'scope of the route or around it'

const REGISTERED_TWICE =
  'webhooks: registered twice in one scope. List all providers in one registration, or give the second its own scope: ' +
  'app.register(async (scope) => { await scope.register(webhooks, options); scope.post(…) })'

async function plugin(app: FastifyInstance, allOptions: ReceiverOptions & RegisterOptions): Promise<void> {
  // Options of Fastify itself, which it passes on with those of the plugin.
  const { prefix, logLevel, logSerializers, ...options } = allOptions ?? {}
  // Fastify calls a route's handler with a request and a reply.
  if (app.addHook === undefined || Object.keys(options).length === 0) throw new TypeError(NO_OPTIONS)
  const receiver = createReceiver(options)
  // Not a WeakMap, which keeps each delivery until the next full garbage collection.
  const kUnderway = Symbol('mailbox-hooks.underway')
  type OnItsWay = FastifyRequest & { [kUnderway]?: Underway | null }
  const underwayOf = (request: OnItsWay) => request[kUnderway] ?? undefined

  // An inner scope inherits this property, and may override it.
  if (Object.hasOwn(app, kReceiver)) throw new TypeError(REGISTERED_TWICE)
  app.decorate(kReceiver, receiver)
  const { idle, health } = receiver
  app.decorate('webhooks', {
    idle,
    health,
    delivery: ({ webhook }) => {
      // Exact if `Register` declares the providers.
      if (receiver.hasAccepted(webhook)) return webhook as RegisteredDelivery
      throw new Error(NO_DELIVERY)
    },
  })
  if (!app.hasRequestDecorator('webhook')) app.decorateRequest('webhook', null)
  app.decorateRequest(kUnderway, null)
  app.decorateReply(
    'then',
    thenOnceSettled((request) => underwayOf(request)?.waiting),
  )

  /** By the config of each route that a request came to. Checked here too: `onRoute` does not see earlier routes. */
  const switches = new WeakMap<object, boolean>()
  const isOurs = ({ routeOptions: { config, url }, server }: FastifyRequest) => {
    if (Reflect.get(server, kReceiver) !== receiver) return false
    const isOn = switches.get(config) ?? isSwitchedOn(config, `the route ${url}`)
    switches.set(config, isOn)
    return isOn
  }

  app.addHook('preParsing', async (request: OnItsWay, reply) => {
    if (!isOurs(request)) return
    const reception = await receiver.receive(new NodeRequest(request.raw, request))
    if (reception.answer !== undefined) {
      const { answer, error, isLogged } = reception
      if (error !== undefined && !isLogged) request.log.warn({ code: error.code, issues: error.issues }, error.message)
      return reply.send(setAnswer(reply, answer))
    }
    // A time limit ended first, so no handler will run.
    if (reply.sent) return void reception.settle(503)
    // Exact if `Register` declares the providers.
    request.webhook = reception.delivery as RegisteredDelivery
    const { run, fail, settle, leave } = reception
    request[kUnderway] = { run, fail, settle, leave, showBody: hideBody(request), isReplying: false, waiting: [] }
  })

  app.addHook('preValidation', (request, _reply, done) => {
    const delivery = underwayOf(request)
    if (delivery === undefined) return done()
    delivery.showBody()
    // Everything that follows runs inside this call, including the handler.
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
    // A second reply is too late. Fastify does not know, because the first one is held here.
    if (delivery.isReplying) return
    const send = (instead: Answer | undefined) => {
      for (const act of delivery.waiting ?? []) act()
      delivery.waiting = undefined
      done(null, instead === undefined ? payload : setAnswer(reply, instead))
    }
    const settled = delivery.settle(statusOf(reply, payload))
    if (!isPromise(settled)) return send(settled)
    delivery.isReplying = true
    const restoreHead = fixHead(reply)
    settled
      .then((instead) => {
        delivery.isReplying = false
        restoreHead()
        send(instead)
      })
      // The handler's reply cannot be sent, and no caller is left to catch the error.
      .catch(done)
  })

  app.addHook('onRoute', (route) => {
    if (!isWebhookRoute(route)) return
    route.handler = settleAtEnd(route.handler, async (request, { raw }, status) => {
      const delivery = underwayOf(request)
      if (status === undefined) return void raw.once('close', () => delivery?.leave())
      const instead = await delivery?.settle(status)
      // The handler has sent a part of its answer without Fastify, and no reply follows that could be replaced.
      const isHalfSent = raw.headersSent && delivery?.waiting !== undefined && !delivery.isReplying
      if (instead !== undefined && isHalfSent) raw.destroy()
    })
  })
}
