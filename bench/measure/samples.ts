import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/**
 * Latencies of one round in time order, as they are stored: four byte planes of 32-bit nanoseconds, compressed with zstd.
 * Latencies cluster, so the upper planes all but vanish and 1 to 3 bytes a sample remain (`npm run bench:self` holds
 * them against the entropy). A round over a network may hold a hundred operations, so headers are a few bytes.
 *
 * Layout, numbers as LEB128: "SQN", a byte with the version, count, escapes, then per escape its index and a f64
 * (2^32 ns and more, and whatever is not a whole number), then per plane from the lowest its length and its bytes:
 * length 0 for the one byte that fills it, `count` for the plane as it is, anything less for zstd.
 */
const MAGIC = Buffer.from('SQN')
const VERSION = 2
const SHIFTS = [0, 8, 16, 24] as const
/** Shorter matches than these are chance in such planes: looking for them takes time and makes the file longer. */
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_minMatch]: 7 } }

export function encodeSamples(durationsNs: Float64Array): Buffer {
  const count = durationsNs.length
  const words = new Uint32Array(count)
  const escapes: number[] = []
  let [everySet, everSet] = [-1, 0]
  for (let n = 0; n < count; n += 1) {
    const exact = durationsNs[n]!
    const word = exact >>> 0
    if (word !== exact) escapes.push(n)
    words[n] = word
    everySet &= word
    everSet |= word
  }
  const parts = [MAGIC, Buffer.of(VERSION), leb128(count), leb128(escapes.length)]
  for (const n of escapes) parts.push(leb128(n), double(durationsNs[n]!))
  const varies = count === 0 ? 0 : everySet ^ everSet
  for (const shift of SHIFTS) {
    if (((varies >>> shift) & 0xff) === 0) parts.push(Buffer.of(0, everSet >>> shift))
    else parts.push(...encodePlane(words, shift))
  }
  return Buffer.concat(parts)
}

function encodePlane(words: Uint32Array, shift: number): [length: Buffer, bytes: Buffer] {
  const plane = Buffer.allocUnsafe(words.length)
  for (let n = 0; n < words.length; n += 1) plane[n] = words[n]! >>> shift
  const compressed = zstdCompressSync(plane, ZSTD)
  const kept = compressed.length < plane.length ? compressed : plane
  return [leb128(kept.length), kept]
}

/** Throws a RangeError when the bytes are not what `encodeSamples` wrote. */
export function decodeSamples(bytes: Buffer): Float64Array {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw new RangeError('not a sample file')
  const read = new Reader(bytes, MAGIC.length)
  const [version] = read.bytes(1)
  if (version !== VERSION) throw new RangeError(`sample file of version ${version}, this reads ${VERSION}`)
  const count = read.number()
  const escapes = Array.from({ length: read.number() }, () => [read.number(), read.bytes(8).readDoubleLE()] as const)
  const [plane0, plane1, plane2, plane3] = SHIFTS.map(() => decodePlane(read, count)) as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ]
  const durationsNs = new Float64Array(count)
  for (let n = 0; n < count; n += 1) {
    durationsNs[n] = plane3[n]! * 16_777_216 + ((plane2[n]! << 16) | (plane1[n]! << 8) | plane0[n]!)
  }
  for (const [index, value] of escapes) durationsNs[index] = value
  return durationsNs
}

function decodePlane(read: Reader, count: number): Buffer {
  const length = read.number()
  if (length === 0) return Buffer.alloc(count, read.bytes(1))
  const kept = read.bytes(length)
  const plane = length === count ? kept : zstdDecompressSync(kept, { maxOutputLength: count })
  if (plane.length !== count) throw new RangeError('sample file is truncated')
  return plane
}

class Reader {
  readonly #from: Buffer
  #at: number

  constructor(from: Buffer, at: number) {
    this.#from = from
    this.#at = at
  }

  bytes(length: number): Buffer {
    this.#at += length
    if (this.#at > this.#from.length) throw new RangeError('sample file is truncated')
    return this.#from.subarray(this.#at - length, this.#at)
  }

  number(): number {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const [byte] = this.bytes(1) as unknown as [number]
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }
}

/** Seven bits a byte, the lowest first; all but the last have the upper bit set. */
function leb128(value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.of(...bytes, rest)
    bytes.push((rest % 128) | 128)
  }
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return bytes
}
