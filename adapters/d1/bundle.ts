import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync, stop } from 'esbuild'
import type { Job } from '../../bench/contract/index.ts'
import { messageOf, SqlatencyError } from '../../bench/contract/index.ts'

/** This module runs from its source and from the build; its neighbours end alike. */
const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js'

const neighbour = (name: string): string => fileURLToPath(new URL(`${name}.${EXTENSION}`, import.meta.url))

/**
 * The Worker with the job's scenarios and statements, as one ES module.
 * Throws BUNDLE_FAILED when a scenario module imports what a Worker does not have, such as `node:` modules.
 */
export function bundleWorker({ scenarioModules, texts }: Job): string {
  const imports = scenarioModules.map(
    ({ path, name }, n) => `import { ${JSON.stringify(name)} as given${n} } from ${JSON.stringify(path)}`,
  )
  const contents = [
    `import { createWorker } from ${JSON.stringify(neighbour('./worker'))}`,
    ...imports,
    `const given = [${scenarioModules.map((_, n) => `given${n}`).join(', ')}]`,
    'const scenarios = given.flatMap((each) => (Array.isArray(each) ? each : each.scenarios ?? []))',
    `export default createWorker(scenarios, { texts: () => ${JSON.stringify(texts)} })`,
  ].join('\n')
  try {
    // Synchronous, so that no other build can be under way when esbuild's service process is stopped below.
    const { outputFiles } = buildSync({
      stdin: { contents, resolveDir: dirname(neighbour('./worker')), sourcefile: 'worker-entry.js' },
      // A configuration may share a module with scenarios, so in the Worker the package's name means what it means outside.
      alias: { sqlatency: neighbour('../../bench/index') },
      // A configuration may ask for its environment when it is loaded. In a Worker that would be its bindings, the token among them.
      define: { 'process.env': '{}' },
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      conditions: ['workerd', 'worker'],
      target: 'es2024',
      logLevel: 'silent',
    })
    return outputFiles[0]!.text
  } catch (error) {
    throw new SqlatencyError(
      'BUNDLE_FAILED',
      `The scenarios cannot be bundled into a Worker: ${firstMessage(error)}`,
      {},
      { cause: error },
    )
  } finally {
    void stop()
  }
}

/** esbuild's first complaint, with the place in the source. */
function firstMessage(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('errors' in error)) return messageOf(error)
  const [first] = error.errors as readonly { text: string; location: { file: string; line: number } | null }[]
  if (first === undefined) return messageOf(error)
  return first.location === null ? first.text : `${first.text} (${first.location.file}, line ${first.location.line})`
}
