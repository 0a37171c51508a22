/** The first error in a log of JSON lines as the end of a sentence, without the place in the script. */
export function firstError(said: string): string {
  for (const line of said.split('\n')) {
    const message = errorIn(line)
    if (message !== null) return `: ${message}`
  }
  return '.'
}

function errorIn(line: string): string | null {
  try {
    const { level, msg } = JSON.parse(line) as { level?: string; msg?: string }
    const first = msg?.trim().split('\n')[0]
    return level === 'error' && first !== undefined ? first : null
  } catch {
    return null
  }
}
