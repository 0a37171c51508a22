import { existsSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { adapters as builtInAdapters } from '../adapters/index.ts'
import { scenarios as builtInScenarios } from '../scenarios/index.ts'
import type { Adapter, Config, Scenario, ScenarioModule } from './contract/index.ts'
import { messageOf, SqlatencyError } from './contract/index.ts'
import { resolveSelf } from './self-import.ts'

/** Everything that has a name: what ships with the project and what a user's configuration adds. */
export interface Catalogue {
  readonly config: Config
  readonly adapterIds: readonly string[]
  adapter(id: string): Promise<Adapter | undefined>
  readonly scenarios: readonly Scenario[]
  readonly scenarioModules: readonly ScenarioModule[]
}

/** @param configPath absolute path of a module, or null for the built-in catalogue alone */
export async function openCatalogue(configPath: string | null): Promise<Catalogue> {
  const config = configPath === null ? {} : await importConfig(configPath)
  const own = new Map((config.adapters ?? []).map((adapter) => [adapter.id, adapter]))
  return {
    config,
    adapterIds: [...new Set([...Object.keys(builtInAdapters), ...own.keys()])],
    adapter: async (id) => own.get(id) ?? (await builtInAdapters[id]?.()),
    scenarios: [...builtInScenarios, ...(config.scenarios ?? [])],
    scenarioModules: [
      {
        path: fileURLToPath(new URL(`../scenarios/index${extname(import.meta.url)}`, import.meta.url)),
        name: 'scenarios',
      },
      ...(configPath === null || (config.scenarios ?? []).length === 0 ? [] : [{ path: configPath, name: 'default' }]),
    ],
  }
}

async function importConfig(path: string): Promise<Config> {
  if (!existsSync(path)) throw new SqlatencyError('CONFIG_UNREADABLE', `There is no file ${path}.`, { file: path })
  resolveSelf()
  try {
    const module = (await import(pathToFileURL(path).href)) as { default?: unknown }
    if (typeof module.default !== 'object' || module.default === null) throw new TypeError('it has no default export')
    return module.default
  } catch (error) {
    throw new SqlatencyError(
      'CONFIG_UNREADABLE',
      `${path} could not be loaded: ${messageOf(error)}`,
      { file: path },
      { cause: error },
    )
  }
}
