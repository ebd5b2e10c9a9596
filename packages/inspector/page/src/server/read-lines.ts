/** Reads a body of JSON lines and calls `take` with the lines of each piece. Returns when the body ends. */
export async function readLines<Line>(response: Response, take: (lines: Line[]) => void): Promise<void> {
  if (response.body === null) return
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const parts = (rest + value).split('\n')
    rest = parts.pop() ?? ''
    const lines = parts.filter((part) => part !== '').map((part) => JSON.parse(part) as Line)
    if (lines.length > 0) take(lines)
  }
}
