import { messageOf } from './contract/index.ts'
import { bytes } from '../reports/format.ts'
import { writeGallery } from './gallery.ts'

/** `npm run gallery -- [NAME=]RUN...`: puts runs into docs/gallery, and makes those that are there again. */
try {
  for (const { name, files } of await writeGallery('docs/gallery', process.argv.slice(2))) {
    const size = [...files.values()].reduce((sum, content) => sum + Buffer.byteLength(content), 0)
    process.stdout.write(`docs/gallery/${name}  ${bytes(size)}\n`)
  }
} catch (error) {
  process.stderr.write(`gallery: ${messageOf(error)}\n`)
  process.exitCode = 1
}
