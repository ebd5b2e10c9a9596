/** How many events there are, and how often each is delivered. */
export const EVENTS = 300
export const DUPLICATES = 4
