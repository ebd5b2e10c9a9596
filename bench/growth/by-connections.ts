import { contendersOf, OURS, type Question } from '../http/contenders.js'
import { load } from '../http/load.js'
import { ask, startProcess } from '../http/server-process.js'
import { spreadOf } from '../measure/statistics.js'
import { type Curve, counted } from './curve.js'

const CONNECTIONS = [1, 8, 32, 128, 512]
const WARM_UP = 8000
const ROUNDS = 7
const SLICE = 1500

/** The CPU time of a request to Express, by how many connections send requests at the same time. */
export async function byConnections(): Promise<Curve> {
  const { server, nextDelivery } = contendersOf('Express').find(({ name }) => name === OURS)!
  const { child, message: port } = await startProcess<number>(
    new URL('../http/servers/main.ts', import.meta.url),
    server,
  )
  const cost = async (connections: number, requests: number) => {
    const before = await ask<Question, number>(child, 'cpu')
    let left = requests
    const next = () => (left-- > 0 ? nextDelivery() : undefined)
    await load({ port, connections, next, accepts: (status) => status === 200 })
    return ((await ask<Question, number>(child, 'cpu')) - before) / requests
  }
  await cost(32, WARM_UP)
  const micros = new Map(CONNECTIONS.map((connections) => [connections, [] as number[]]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const [connections, costs] of micros) costs.push(await cost(connections, SLICE))
  }
  child.disconnect()
  return {
    title: 'Connections',
    axis: 'connections to Express',
    points: [...micros].map(([at, costs]) => ({ at, label: counted(at), micros: spreadOf(costs).median })),
  }
}
