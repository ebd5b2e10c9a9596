import type { Journal } from '@mailbox-hooks/core'

declare const journal: Journal
export default journal
