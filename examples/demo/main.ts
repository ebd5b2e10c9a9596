import { bringBack } from './bring-back.ts'
import { play } from './play.ts'
import { startReceiver } from './receiver.ts'
import { table } from './table.ts'

const receiver = await startReceiver()
console.log(`\nAn Express receiver listens on ${receiver.url}. Three providers call it.\n`)
const rows = await play(receiver.url)

console.log(table(rows))
const wrong = rows.filter(({ expected, got }) => expected !== got)
const handledTwice = receiver.handled.length - new Set(receiver.handled).size
console.log(
  wrong.length === 0
    ? `\nAll ${rows.length} as expected. The handler ran ${receiver.handled.length} times; ` +
        `${handledTwice} event ran twice, the one whose first run failed.\n`
    : `\n${wrong.length} of ${rows.length} differ.\n`,
)

const broughtBack = await bringBack(receiver)
receiver.close()
process.exitCode = wrong.length === 0 && handledTwice === 1 && broughtBack === 2 ? 0 : 1
