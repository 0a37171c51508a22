import { writeFileSync } from 'node:fs'
import { runJsonSchema } from './schema.ts'

/** `npm run schema`: writes the published form of run.json. */
writeFileSync(
  new URL('../../reports/run.schema.json', import.meta.url),
  `${JSON.stringify(runJsonSchema(), null, 2)}\n`,
)
