import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { messageOf, SqlatencyError } from '../contract/index.ts'
import { removeOlder } from '../k6/older.ts'
import { fileNameOf } from '../k6/outputs.ts'
import type { JobOptions } from './job.ts'
import { jobIn } from './job.ts'
import type { ResultsOptions } from './results.ts'
import { claimIn, readerIn } from './results.ts'
import type { Region } from './shared.ts'
import type { TestRunOptions } from './test-run.ts'
import { testRunIn } from './test-run.ts'

export interface ManifestOptions {
  readonly regions: readonly string[]
  readonly secret: string
  readonly scenarios: readonly string[]
  readonly job: JobOptions
  readonly testRun: TestRunOptions
  readonly storageClass: ResultsOptions['storageClass']
}

/**
 * Writes the manifests of every region into a folder of its own. Loads of scenarios that an earlier call wrote there are removed.
 * @returns the files, relative to the folder
 */
export function writeManifests(folder: string, options: ManifestOptions): string[] {
  return options.regions.flatMap((name) => {
    const files = manifestsOf({ name, secret: options.secret }, options)
    try {
      mkdirSync(join(folder, name), { recursive: true })
      for (const [file, objects] of Object.entries(files)) writeFileSync(join(folder, name, file), yamlOf(objects))
      removeOlder(join(folder, name), Object.keys(files), isTestRun)
    } catch (error) {
      const message = `${join(folder, name)} cannot be written to: ${messageOf(error)}.`
      throw new SqlatencyError('NOT_WRITABLE', message, {}, { cause: error })
    }
    return Object.keys(files).map((file) => join(name, file))
  })
}

const isTestRun = (name: string, read: () => string): boolean =>
  /^testrun-.+\.yaml$/.test(name) && /^ {4}app\.kubernetes\.io\/name: sqlatency$/m.test(read())

function manifestsOf(region: Region, options: ManifestOptions): Record<string, readonly object[]> {
  const { scenarios, job, testRun, storageClass } = options
  return {
    'results.yaml': [claimIn(region, { shared: testRun.runners > 1, storageClass }), readerIn(region)],
    'job.yaml': [jobIn(region, job)],
    ...Object.fromEntries(
      [null, ...scenarios].map((id) => [`testrun-${fileNameOf(id)}.yaml`, [testRunIn(region, testRun, id)]]),
    ),
  }
}

/** Several documents; strings are quoted where YAML would read something else. */
const yamlOf = (objects: readonly object[]): string =>
  objects.map((object) => stringify(object, { lineWidth: 0, version: '1.1' })).join('---\n')
