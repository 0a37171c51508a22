import { createCanvas, loadImage } from '@napi-rs/canvas'

/** Pixels a side of a window: larger than what rasterisers disagree about, smaller than a label. */
const WINDOW_PX = 9

const COLOUR_WEIGHT = 2

export interface Pixels {
  readonly width: number
  readonly height: number
  readonly data: Uint8ClampedArray
}

export async function pixelsOf(png: Buffer): Promise<Pixels> {
  const image = await loadImage(png)
  const { width, height } = image
  const context = createCanvas(width, height).getContext('2d')
  context.drawImage(image, 0, 0)
  return { width, height, data: context.getImageData(0, 0, width, height).data }
}

const STEP = 24

/** The same in fewer colours, which takes half the room. */
export async function coarse(png: Buffer): Promise<Buffer> {
  const { width, height, data } = await pixelsOf(png)
  const canvas = createCanvas(width, height)
  const context = canvas.getContext('2d')
  const image = context.createImageData(width, height)
  image.data.set(data.map((value) => Math.round(value / STEP) * STEP))
  context.putImageData(image, 0, 0)
  return canvas.toBuffer('image/png')
}

/**
 * The largest difference between the mean colours of any small window of two pictures, 0 to 255.
 * Letters that are smoothed or shifted a little keep their mean; what is missing, moved or of another colour does not.
 */
export function largestDifference(one: Pixels, other: Pixels): number {
  if (one.width !== other.width || one.height !== other.height) return Infinity
  const largest = (of: (pixels: Pixels, at: number) => number): number =>
    largestOf(sums(one, other, of), one.width, one.height)
  return Math.max(
    largest(({ data }, at) => data[at + 1]!),
    // Letters are grey, so colours may be compared more sharply.
    COLOUR_WEIGHT * largest(({ data }, at) => data[at]! - data[at + 1]!),
    COLOUR_WEIGHT * largest(({ data }, at) => data[at + 2]! - data[at + 1]!),
  )
}

/** Sums of the differences above and left of each pixel, a row and a column more than the picture has. */
function sums(one: Pixels, other: Pixels, of: (pixels: Pixels, at: number) => number): Float64Array {
  const { width, height } = one
  const table = new Float64Array((width + 1) * (height + 1))
  for (let y = 0; y < height; y += 1) {
    let row = 0
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4
      row += of(one, at) - of(other, at)
      table[(y + 1) * (width + 1) + x + 1] = table[y * (width + 1) + x + 1]! + row
    }
  }
  return table
}

function largestOf(table: Float64Array, width: number, height: number): number {
  const at = (x: number, y: number): number => table[y * (width + 1) + x]!
  let largest = 0
  for (let y = 0; y + WINDOW_PX <= height; y += 1) {
    for (let x = 0; x + WINDOW_PX <= width; x += 1) {
      const sum = at(x + WINDOW_PX, y + WINDOW_PX) - at(x, y + WINDOW_PX) - at(x + WINDOW_PX, y) + at(x, y)
      largest = Math.max(largest, Math.abs(sum) / WINDOW_PX ** 2)
    }
  }
  return largest
}

/** Share of the pixels of a region that are not of the colour of its corner. Fractions of the picture. */
export function inkedShare(
  { width, height, data }: Pixels,
  region: { readonly top: number; readonly bottom: number },
): number {
  const [from, to] = [Math.floor(region.top * height), Math.floor(region.bottom * height)]
  const ground = [...data.subarray(0, 3)]
  let inked = 0
  for (let at = from * width * 4; at < to * width * 4; at += 4)
    if (ground.some((value, channel) => Math.abs(value - data[at + channel]!) > 40)) inked += 1
  return inked / ((to - from) * width)
}
