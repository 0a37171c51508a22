import { deflateSync } from 'node:zlib'

/** Deflated JSON in base64: a quarter of its size, and no letter in it that could end a script element. */
export const pack = (value: unknown): string => deflateSync(JSON.stringify(value), { level: 9 }).toString('base64')
