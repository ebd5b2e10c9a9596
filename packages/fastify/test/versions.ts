import fastify5 from 'fastify'
import fastify4 from 'fastify4'

/** The majors that the adapter serves. */
export const VERSIONS: readonly { name: string; fastify: typeof fastify5 }[] = [
  // Its types are those of another package, though what is used here is the same in both.
  { name: 'fastify 4', fastify: fastify4 as unknown as typeof fastify5 },
  { name: 'fastify 5', fastify: fastify5 },
]
