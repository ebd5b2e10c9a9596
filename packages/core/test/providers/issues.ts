import { coldMailReseller, inboxKit, openMail, type Provider } from '@mailbox-hooks/core'

const secrets = ['key']
export const cmr = coldMailReseller({ secrets })
export const kit = inboxKit({ secrets })
export const mail = openMail({ secrets })

/** The paths at which a payload does not fit the schema of its event. */
export async function issues(
  provider: Provider,
  payload: { event: string; [field: string]: unknown },
): Promise<string[]> {
  const schema = provider.schemaOf(payload.event)
  if (schema === undefined) throw new Error(`no schema for ${payload.event}`)
  const result = await schema['~standard'].validate(payload)
  return (result.issues ?? []).map(({ path = [] }) => path.join('.'))
}
