import type { DescribedAbout, EventDescription } from './provider.js'

/**
 * The description of an event whose `about` is looked for when a journal asks. A getter of the class, because an object with
 * a getter of its own takes longer to make than all the rest of a description.
 */
export class DescribedEvent implements EventDescription {
  readonly type: unknown
  readonly id: unknown
  readonly occurredAt: unknown
  readonly entity: unknown
  readonly attempt: unknown
  readonly #about: () => DescribedAbout

  constructor({ type, id, occurredAt, entity, attempt }: Omit<EventDescription, 'about'>, about: () => DescribedAbout) {
    this.type = type
    this.id = id
    this.occurredAt = occurredAt
    this.entity = entity
    this.attempt = attempt
    this.#about = about
  }

  get about(): DescribedAbout {
    return this.#about()
  }
}
