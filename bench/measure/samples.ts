import { zstdCompressSync, zstdDecompressSync, constants } from 'node:zlib'

/**
 * Latencies of one round in time order, as they are stored: four byte planes of 32-bit nanoseconds, each compressed
 * with zstd level 1. Latencies cluster, so the upper planes all but vanish and 1-2 bytes a sample remain.
 *
 * Layout, little endian: "SQLATNCY", u32 version, u32 count, u32 escapes, then per escape u32 index and f64 value
 * (for 2^32 - 1 ns and more), then per plane u32 length and the compressed bytes.
 */
const MAGIC = Buffer.from('SQLATNCY')
const VERSION = 1
const ESCAPE = 0xffff_ffff
const PLANES = 4

export function encodeSamples(durationsNs: Float64Array): Buffer {
  const count = durationsNs.length
  const planes = Array.from({ length: PLANES }, () => Buffer.allocUnsafe(count))
  const [plane0, plane1, plane2, plane3] = planes as [Buffer, Buffer, Buffer, Buffer]
  const escapes: [index: number, value: number][] = []
  for (let n = 0; n < count; n += 1) {
    const exact = durationsNs[n]!
    let value = exact
    if (!(exact < ESCAPE)) {
      escapes.push([n, exact])
      value = ESCAPE
    }
    const bits = value >>> 0
    plane0[n] = bits & 0xff
    plane1[n] = (bits >>> 8) & 0xff
    plane2[n] = (bits >>> 16) & 0xff
    plane3[n] = bits >>> 24
  }
  const header = Buffer.alloc(MAGIC.length + 12 + escapes.length * 12)
  let at = MAGIC.copy(header)
  for (const word of [VERSION, count, escapes.length]) at = header.writeUInt32LE(word, at)
  for (const [index, value] of escapes) at = header.writeDoubleLE(value, header.writeUInt32LE(index, at))
  const options = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }
  const parts: Buffer[] = [header]
  for (const plane of planes) {
    const compressed = zstdCompressSync(plane, options)
    const length = Buffer.alloc(4)
    length.writeUInt32LE(compressed.length)
    parts.push(length, compressed)
  }
  return Buffer.concat(parts)
}

/** Throws a RangeError when the bytes are not what `encodeSamples` wrote. */
export function decodeSamples(bytes: Buffer): Float64Array {
  if (bytes.length < MAGIC.length + 12 || !bytes.subarray(0, MAGIC.length).equals(MAGIC))
    throw new RangeError('not a sample file')
  let at = MAGIC.length
  const word = (): number => {
    const value = bytes.readUInt32LE(at)
    at += 4
    return value
  }
  const version = word()
  if (version !== VERSION) throw new RangeError(`sample file of version ${version}, this reads ${VERSION}`)
  const count = word()
  const escapes = Array.from({ length: word() }, () => {
    const index = word()
    at += 8
    return [index, bytes.readDoubleLE(at - 8)] as const
  })
  const [plane0, plane1, plane2, plane3] = Array.from({ length: PLANES }, () => {
    const length = word()
    const plane = zstdDecompressSync(bytes.subarray(at, at + length))
    at += length
    if (plane.length !== count) throw new RangeError('sample file is truncated')
    return plane
  }) as [Buffer, Buffer, Buffer, Buffer]
  const durationsNs = new Float64Array(count)
  for (let n = 0; n < count; n += 1) {
    durationsNs[n] = plane3[n]! * 16_777_216 + ((plane2[n]! << 16) | (plane1[n]! << 8) | plane0[n]!)
  }
  for (const [index, value] of escapes) durationsNs[index] = value
  return durationsNs
}
