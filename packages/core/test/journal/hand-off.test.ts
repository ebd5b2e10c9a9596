import { createJournal, memoryJournalStore } from '@mailbox-hooks/core/journal'
import { handOffSuite } from '@mailbox-hooks/testing/suites'

const sealing = { sealingKeys: [new Uint8Array(32).fill(7)] }

handOffSuite({
  name: 'journal.handOff',
  open: async () => {
    const journal = createJournal(memoryJournalStore(), sealing, { owner: 'testJournal' })
    return {
      handOff: journal.handOff,
      options: { journal },
      work: async (handler) => {
        const worker = journal.work(handler)
        return () => worker.stop()
      },
      close: async () => {},
    }
  },
  differences: {
    unsearchable: { reason: 'Its rows are in the memory of this process; stored journals are searched.' },
  },
})
