/** The sender chooses how long a header of a mail is. */
const MAX_LENGTH = 100_000

/** A quoted text, a comment, one of the characters that divide, or what stands between them. */
const TOKENS = /"(?:\\.|[^"\\])*(?:"|\\?$)|\([^)]*(?:\)|$)|[<>,;:]|[^"(<>,;:]+/gs

/** The commonest form: one mailbox and nothing around it. */
const SIMPLE = /^[\w.+-]{1,64}@[\w.-]{1,255}$/

/** The same with a display name of letters and digits before it, as most senders have. */
const NAMED = /^[\w .-]{1,100} <([\w.+-]{1,64}@[\w.-]{1,255})>$/

/**
 * Splits an address list (RFC 5322, 3.4) into its mailboxes, without display names, comments and names of groups. What
 * is no list is split in some way all the same, in time that grows with its length only.
 */
export function mailboxesIn(text: string): readonly string[] {
  if (SIMPLE.test(text)) return [text]
  const named = NAMED.exec(text)?.[1]
  if (named !== undefined) return [named]
  const mailboxes: string[] = []
  let plain = ''
  let bracketed: string | undefined
  let isInBrackets = false

  const end = () => {
    const mailbox = (bracketed ?? plain).trim()
    if (mailbox !== '') mailboxes.push(mailbox)
    plain = ''
    bracketed = undefined
    isInBrackets = false
  }

  for (const [token] of text.slice(0, MAX_LENGTH).matchAll(TOKENS)) {
    if (token === '<') {
      isInBrackets = true
      bracketed = ''
    } else if (token === '>') isInBrackets = false
    else if (isInBrackets) bracketed += token
    else if (token === ',' || token === ';') end()
    // What stood before it is the name of a group.
    else if (token === ':') plain = ''
    else if (!token.startsWith('(')) plain += token
  }
  end()
  return mailboxes
}
