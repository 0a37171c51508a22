/// <reference lib="dom" />
import { oneLine } from './text.ts'

const FONTS = 'Inter, ui-sans-serif, system-ui, &quot;Segoe UI&quot;, Helvetica, Arial, sans-serif'
const ANCHORS: Readonly<Record<string, string>> = { center: 'middle', right: 'end', end: 'end' }

/**
 * Takes the texts of a drawing out of the hands of the canvas, which would write outlines of letters or lose some.
 * As text they stay small and can be searched and read aloud; each keeps its measured length in whatever font there is.
 * @returns what was written, as elements
 */
export function takeTexts(context: CanvasRenderingContext2D): readonly string[] {
  const elements: string[] = []
  let rim: { readonly key: string; readonly attributes: string } | null = null
  const place = (text: string, x: number, y: number): string => {
    const { width, alphabeticBaseline } = context.measureText(text)
    const { a, b, c, d, e, f } = context.getTransform()
    const isShift = a === 1 && b === 0 && c === 0 && d === 1
    const [left, top] = isShift ? [e, f] : [0, 0]
    const [, weight = 'normal', size = '12'] = /^(?:(\S+) )?.*?([\d.]+)px/.exec(context.font) ?? []
    return [
      `x="${short(x + left)}" y="${short(y - alphabeticBaseline + top)}" font-size="${size}"`,
      ...(weight === 'normal' ? [] : [`font-weight="${Number(weight) > 600 ? 700 : weight}"`]),
      ...(ANCHORS[context.textAlign] === undefined ? [] : [`text-anchor="${ANCHORS[context.textAlign]}"`]),
      ...(isShift ? [] : [`transform="matrix(${[a, b, c, d, e, f].map(short).join(' ')})"`]),
      `textLength="${short(width)}" lengthAdjust="spacingAndGlyphs"`,
    ].join(' ')
  }
  const overrides = {
    strokeText(text: string, x: number, y: number): void {
      rim = {
        key: JSON.stringify([text, x, y]),
        attributes: ` stroke="${paint(context.strokeStyle)}" stroke-width="${context.lineWidth}" stroke-linejoin="round" paint-order="stroke"`,
      }
    },
    fillText(text: string, x: number, y: number): void {
      const line = oneLine(text)
      const around = rim?.key === JSON.stringify([text, x, y]) ? rim.attributes : ''
      rim = null
      if (line.trim() === '') return
      elements.push(`<text ${place(line, x, y)} fill="${paint(context.fillStyle)}"${around}>${escapeXml(line)}</text>`)
    },
  }
  Object.assign(context, overrides)
  return elements
}

/** One file with a name and a description, whose size its place decides, and whose ids count from one. */
export function finishSvg(
  drawn: string,
  texts: readonly string[],
  words: { readonly title: string; readonly description: string },
): string {
  const ids = new Map<string, string>()
  const shapes = drawn
    .replace(/<\?xml[^>]*\?>\s*/, '')
    .replace(/\d+\.\d{3,}/g, (digits) => String(short(Number(digits))))
    .replace(/(id="|url\(#)([\w-]+)/g, (_, before: string, id: string) => {
      if (!ids.has(id)) ids.set(id, `p${ids.size + 1}`)
      return before + ids.get(id)!
    })
  const [, width = '0', height = '0'] = /<svg[^>]*? width="(\d+)" height="(\d+)"/.exec(shapes) ?? []
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img"><title>${escapeXml(oneLine(words.title))}</title><desc>${escapeXml(oneLine(words.description))}</desc>`
  const body = shapes.slice(shapes.indexOf('>') + 1, shapes.lastIndexOf('</svg>'))
  return `${head}${body}<g font-family="${FONTS}">${texts.join('')}</g></svg>\n`
}

const short = (value: number): number => Math.round(value * 100) / 100 + 0

const paint = (style: CanvasRenderingContext2D['fillStyle']): string =>
  escapeXml(typeof style === 'string' ? style : 'currentColor')

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
