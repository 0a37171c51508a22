import type { Exporter } from './exporter.ts'
import { loadName } from './names.ts'
import { rawLines } from './raw.ts'

/** Raw samples, one JSON object an operation. */
export const ndjson: Exporter = {
  id: 'ndjson',
  form: 'text',
  files: [
    {
      name: 'samples.ndjson',
      chunks: (run, samplesOf) =>
        rawLines(run, samplesOf, {
          before: ({ cell, round: { repetition } }) => {
            const { backend, scenario } = cell
            const all = { run: run.id, backend, scenario, load: loadName(run, cell), repetition }
            return `${JSON.stringify(all).slice(0, -1)},"n":`
          },
          between: ',"latencyNs":',
          wait: (ns) => (ns === null ? '' : `,"waitNs":${ns}`),
          end: '}\n',
        }),
    },
  ],
}
