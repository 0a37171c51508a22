/** Text that is known to be markup. Only `html` and `trusted` make it, so every other string is escaped. */
export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type Content = string | number | Markup | null | readonly Content[]

/**
 * Markup with every inserted string escaped. Attributes must stand in double quotes.
 * Indentation of the source does not get into the page.
 */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  const parts = tightened(strings)
  let text = parts[0]!
  for (const [index, content] of contents.entries()) text += render(content) + parts[index + 1]!
  return new Markup(text)
}

const tight = new WeakMap<TemplateStringsArray, readonly string[]>()

function tightened(strings: TemplateStringsArray): readonly string[] {
  const known =
    tight.get(strings) ?? strings.map((part) => part.replace(/\s*\n\s*(\/?>)/g, '$1').replace(/\s*\n\s*/g, '\n'))
  tight.set(strings, known)
  return known
}

/** Text of our own that must not be escaped: style sheets, scripts, drawings. Never for anything that was read. */
export function trusted(text: string): Markup {
  return new Markup(text)
}

export const NOTHING = new Markup('')

function render(content: Content): string {
  if (content === null) return ''
  if (typeof content === 'string') return escapeText(content)
  if (typeof content === 'number') {
    if (!Number.isFinite(content)) throw new TypeError(`${content} must not get into a page`)
    return String(content)
  }
  return content instanceof Markup ? content.text : content.map(render).join('')
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Harmless in text and in a quoted attribute. Control characters, which HTML does not allow, become U+FFFD. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character]!).replace(CONTROLS, '\uFFFD')
}

// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g
