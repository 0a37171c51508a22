import { deflateSync } from 'node:zlib'

/** Deflated text in base64: a good part smaller, and no letter in it that could end a script element. */
export const packText = (text: string): string => deflateSync(text, { level: 9 }).toString('base64')

export const pack = (value: unknown): string => packText(JSON.stringify(value))
