import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PassedExchange } from '@mailbox-hooks/inspector'
import { Failure } from '../failure.js'

/** Credentials of the application, not of the provider. */
const OF_APPLICATION = new Set(['authorization', 'proxy-authorization', 'cookie'])

/** Makes the folder, which only its owner can read: the bodies hold what came, credentials too. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new Failure(`${folder} cannot be made (${(error as NodeJS.ErrnoException).code}).`)
  }
}

/** Saves a delivery as a fixture: its exact body, for `send --body`, and beside it its headers. Resolves to the name. */
export async function saveDelivery(folder: string, exchange: PassedExchange): Promise<string> {
  const { at, provider = 'other', type = 'unknown', rawHeaders, body, method, url } = exchange
  const time = at.toISOString().replaceAll(/[-:.]/g, '')
  const name = `${time}-${fileName(provider)}-${fileName(type)}-${counter++}`
  const headers = rawHeaders.flatMap((header, index) =>
    index % 2 === 0 && !OF_APPLICATION.has(header.toLowerCase()) ? [[header, rawHeaders[index + 1]]] : [],
  )
  const private_ = { mode: 0o600, flag: 'wx' } as const
  await writeFile(join(folder, `${name}.json`), body, private_)
  const head = { at, method, path: url.split('?', 1)[0], provider, type, headers }
  await writeFile(join(folder, `${name}.headers.json`), `${JSON.stringify(head, undefined, 2)}\n`, private_)
  return name
}

/** Deliveries may come in the same millisecond. */
let counter = 1

/** The sender chooses the type. */
const fileName = (text: string) =>
  text
    .replaceAll(/[^\w.-]+/g, '_')
    .replace(/^\.+/, '_')
    .slice(0, 80)
