import { adapters } from '../../adapters/index.ts'
import type { BackendSpec } from '../contract/index.ts'
import { builtInBackends } from '../plans/backends.ts'

/** A built-in backend as it is without flags, variables or a configuration. */
export async function backendSpec(id: string): Promise<BackendSpec> {
  const { adapter: name, title, options } = builtInBackends[id]!
  const adapter = await adapters[name]!()
  return { id, title, adapter, options: { ...adapter.defaults, ...options }, movedFrom: null }
}
