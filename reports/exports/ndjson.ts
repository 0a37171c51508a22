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
        rawLines(
          run,
          samplesOf,
          ({ cell: { backend, scenario, load }, round: { repetition } }) =>
            `${JSON.stringify({ run: run.id, backend, scenario, load: loadName(load), repetition }).slice(0, -1)},"n":`,
          ',"latencyNs":',
          '}\n',
        ),
    },
  ],
}
