import { openMail, type ReceiverOptions } from '@mailbox-hooks/core'
import { SECRET } from '../../signing.js'

export const OPTIONS = { providers: [openMail({ secrets: [SECRET] })] } satisfies ReceiverOptions
