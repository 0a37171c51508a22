import { createHash } from 'node:crypto'
import { inventedComparison } from '../../testing/fixture.ts'
import { drawFigures } from '../index.ts'

/** A process of its own that draws and prints what came out, for those who ask whether two draw the same. */
for (const { fileName, content } of await drawFigures(inventedComparison()))
  process.stdout.write(`${fileName} ${createHash('sha256').update(content).digest('hex')}\n`)
