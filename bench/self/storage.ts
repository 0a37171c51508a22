import { count, rate } from '../../reports/format.ts'
import type { Finding, Section } from './finding.ts'
import { inFreshProcess } from './fresh.ts'

/** What it costs to keep every sample, on the samples of real rounds. */
export async function storage(samples: Readonly<Record<string, readonly string[]>>): Promise<Section> {
  const findings: Finding[] = []
  for (const [backend, paths] of Object.entries(samples)) {
    if (paths.length === 0) continue
    const seen = await inFreshProcess('storage', { paths })
    findings.push({
      what: `${backend} point-read, ${count(seen.samples)} samples`,
      figure: `${seen.bytesPerSample.toFixed(2)} B`,
      range: `encoded ${rate(seen.encodedPerSecond)}, decoded ${rate(seen.decodedPerSecond)}`,
    })
  }
  return { title: 'Storage: bytes a sample, samples a second', findings }
}
