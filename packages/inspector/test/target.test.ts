import dns from 'node:dns/promises'
import { syncBuiltinESMExports } from 'node:module'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { resolveTarget } from '../src/play/target.js'

/** The next names have these addresses. */
function named(...addresses: readonly string[]): void {
  vi.spyOn(dns, 'lookup').mockResolvedValue(addresses.map((address) => ({ address, family: 4 })) as never)
  syncBuiltinESMExports()
}

afterEach(() => {
  vi.restoreAllMocks()
  syncBuiltinESMExports()
})

describe('the target of a replay', () => {
  it.each(['http://127.0.0.1:3000/webhooks', 'http://127.9.9.9/', 'http://[::1]:3000/'])(
    'may be %s',
    async (address) => {
      expect(await resolveTarget(address)).toMatchObject({ url: new URL(address) })
    },
  )

  it.each(['http://10.0.0.1/', 'http://[::2]/', 'http://0.0.0.0/', 'http://[::ffff:10.0.0.1]/'])(
    'may not be %s, which is not this machine',
    async (address) => {
      await expect(resolveTarget(address)).rejects.toThrow(/is not this machine/)
    },
  )

  it('may be a name of which every address is this machine, and the common one is taken', async () => {
    named('::1', '127.0.0.1')
    expect(await resolveTarget('http://localhost:3000/')).toMatchObject({ address: '127.0.0.1' })
  })

  // The connection could take either of the two.
  it.each([
    ['one of two addresses is elsewhere', ['127.0.0.1', '10.0.0.1']],
    ['its only address is elsewhere', ['10.0.0.1']],
    ['it has no address', []],
  ])('may not be a name where %s', async (_what, addresses) => {
    named(...addresses)
    await expect(resolveTarget('http://mixed.example/')).rejects.toThrow(/mixed\.example is not this machine/)
  })

  it('may not be a name that nobody knows', async () => {
    vi.spyOn(dns, 'lookup').mockRejectedValue(new Error('ENOTFOUND'))
    syncBuiltinESMExports()
    await expect(resolveTarget('http://nobody.example/')).rejects.toThrow(/nobody\.example has no address/)
  })

  it.each([
    ['ftp://127.0.0.1/', /must be an http address/],
    ['127.0.0.1:3000', /must be an http address/],
    ['http://user@127.0.0.1/', /no user name or password/],
    ['http://:secret@127.0.0.1/', /no user name or password/],
  ])('may not be %s', async (address, message) => {
    await expect(resolveTarget(address)).rejects.toThrow(message)
  })
})
