import type { Catalogue } from '../catalogue.ts'
import { openCatalogue } from '../catalogue.ts'
import type {
  Adapter,
  BackendConfig,
  BackendSpec,
  Claim,
  Options,
  OptionValue,
  Plan,
  Scenario,
} from '../contract/index.ts'
import { SqlatencyError } from '../contract/index.ts'
import { builtInBackends } from '../plans/backends.ts'
import { plans } from '../plans/index.ts'
import { claimsOf } from './claims-file.ts'
import { checkConfig, findConfig } from './config-file.ts'
import { distancesNs, withDistances } from './distances.ts'
import { durationNs, list, positiveNumber, unknownName, wholeNumber } from './flags.ts'
import type { LoadChoices } from './load-choice.ts'
import { loadOf } from './load-choice.ts'

/** Flags that several commands share; their values are what a person typed. */
export interface Choices extends LoadChoices {
  readonly config?: string | undefined
  readonly plan?: string | undefined
  readonly backend?: string | undefined
  readonly scenario?: string | undefined
  readonly rounds?: string | undefined
  readonly duration?: string | undefined
  readonly 'warm-up'?: string | undefined
  readonly scale?: string | undefined
  readonly seed?: string | undefined
  readonly markers?: string | undefined
  readonly 'write-rate'?: string | undefined
  readonly durability?: string | undefined
  readonly region?: string | undefined
  readonly distances?: string | undefined
  readonly emulator?: string | undefined
  readonly claims?: string | undefined
  readonly output?: string | undefined
}

/** What was decided: defaults, then the configuration file, then `SQLATENCY_*`, then flags. */
export interface Settings {
  readonly catalogue: Catalogue
  readonly configPath: string | null
  readonly plan: Plan
  readonly seed: number
  readonly region: string | null
  readonly output: string
  readonly backends: readonly BackendSpec[]
  readonly scenarios: readonly Scenario[]
  /** What the run will be held against. */
  readonly claims: readonly Claim[]
  /** Every backend that could have been asked for. */
  readonly known: Readonly<Record<string, BackendConfig>>
}

const DEFAULT_SEED = 20_261_123
export const DEFAULT_OUTPUT = 'results'

export async function settle(flags: Choices, env: NodeJS.ProcessEnv = process.env): Promise<Settings> {
  const choices = withEnvironment(flags, env)
  const configPath = findConfig(choices.config)
  const catalogue = await openCatalogue(configPath)
  const { config } = catalogue
  if (configPath !== null) checkConfig(config, configPath)

  const planName = choices.plan ?? config.plan ?? 'default'
  const definition = Object.hasOwn(plans, planName) ? plans[planName]! : null
  if (definition === null) throw unknownName('plan', planName, Object.keys(plans))
  const plan = planOf(definition.plan, choices, config)
  const known = { ...builtInBackends, ...config.backends }
  const own = Object.keys(config.backends ?? {})
  const ids = list(choices.backend) ?? config.run ?? [...new Set([...definition.backends, ...own])]
  const backends = await Promise.all(
    [...new Set(ids)].map((id) => specOf(id, known, catalogue, plan, env, choices.emulator)),
  )
  return {
    catalogue,
    configPath,
    plan,
    known,
    backends: withDistances(backends, plan.rttsNs),
    scenarios: scenariosOf(list(choices.scenario) ?? config.only, definition.scenarios, catalogue),
    seed: choices.seed === undefined ? (config.seed ?? DEFAULT_SEED) : wholeNumber('--seed', choices.seed, 0),
    region: regionOf(choices.region ?? config.region),
    output: choices.output ?? config.output ?? DEFAULT_OUTPUT,
    claims: claimsOf(choices.claims, { path: configPath, claims: config.claims }),
  }
}

/** `SQLATENCY_ROUNDS=10` is `--rounds 10`. */
export function withEnvironment(flags: Choices, env: NodeJS.ProcessEnv): Choices {
  const names = [
    'config',
    'plan',
    'backend',
    'scenario',
    'rounds',
    'duration',
    'warm-up',
    'scale',
    'seed',
    'markers',
    'write-rate',
    'durability',
    'region',
    'distances',
    'emulator',
    'claims',
    'output',
    'rate',
    'arrivals',
    'concurrency',
  ] as const
  const given = names.map((name) => [name, flags[name] ?? env[`SQLATENCY_${screaming(name)}`]])
  return { ...Object.fromEntries(given), sweep: flags.sweep ?? (env.SQLATENCY_SWEEP === '1' ? true : undefined) }
}

/** Kebab-case, because it becomes part of the ids of merged backends. */
export function regionOf(name: string | undefined): string | null {
  if (name === undefined || name === '') return null
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))
    throw new SqlatencyError('USAGE', `The region is "${name}"; write a name in kebab-case, such as eu-west-1.`)
  return name
}

function planOf(base: Plan, choices: Choices, config: Catalogue['config']): Plan {
  const distances = list(choices.distances) ?? config.distances
  const duration = choices.duration ?? config.duration
  const warmUpMostNs =
    choices['warm-up'] === undefined ? base.warmUpMostNs : durationNs('--warm-up', choices['warm-up'])
  const durability = choices.durability ?? config.durability ?? base.durability
  if (durability !== 'durable' && durability !== 'relaxed')
    throw unknownName('durability class', durability, ['durable', 'relaxed'])
  // A plan that is named for its class would carry the wrong name.
  if ((base.name === 'durable' || base.name === 'relaxed') && durability !== base.name)
    throw new SqlatencyError('USAGE', `The plan ${base.name} is of that class, and ${durability} is asked for.`)
  return {
    ...base,
    rounds: choices.rounds === undefined ? (config.rounds ?? base.rounds) : wholeNumber('--rounds', choices.rounds, 1),
    roundNs: duration === undefined ? base.roundNs : durationNs('--duration', duration),
    warmUpNs: Math.min(base.warmUpNs, warmUpMostNs),
    warmUpMostNs,
    scale: choices.scale === undefined ? (config.scale ?? base.scale) : positiveNumber('--scale', choices.scale),
    lagMarkers:
      choices.markers === undefined
        ? (config.lagMarkers ?? base.lagMarkers)
        : wholeNumber('--markers', choices.markers, 0),
    lagWritesPerSecond:
      choices['write-rate'] === undefined
        ? (config.lagWritesPerSecond ?? base.lagWritesPerSecond)
        : wholeNumber('--write-rate', choices['write-rate'], 0),
    durability,
    load: loadOf(base.load, choices, config),
    rttsNs: distances === undefined ? base.rttsNs : distancesNs(distances),
  }
}

function scenariosOf(
  asked: readonly string[] | undefined,
  planned: readonly string[] | 'all',
  catalogue: Catalogue,
): Scenario[] {
  const all = catalogue.scenarios
  const ids = all.map((scenario) => scenario.id)
  const twice = ids.find((id, n) => ids.indexOf(id) !== n)
  if (twice !== undefined)
    throw new SqlatencyError('CONFIG_INVALID', `Two scenarios are called ${twice}.`, { file: 'the configuration' })
  const own = new Set((catalogue.config.scenarios ?? []).map((scenario) => scenario.id))
  if (asked === undefined)
    return all.filter(
      ({ id, start = 'warm' }) => (planned === 'all' ? start === 'warm' : planned.includes(id)) || own.has(id),
    )
  for (const id of asked) if (!ids.includes(id)) throw unknownName('scenario', id, ids)
  return all.filter((scenario) => asked.includes(scenario.id))
}

async function specOf(
  id: string,
  known: Readonly<Record<string, BackendConfig>>,
  catalogue: Catalogue,
  plan: Plan,
  env: NodeJS.ProcessEnv,
  emulator: string | undefined,
): Promise<BackendSpec> {
  const config = Object.hasOwn(known, id) ? known[id]! : null
  if (config === null) throw unknownName('backend', id, Object.keys(known))
  const adapter = await catalogue.adapter(config.adapter)
  if (adapter === undefined) throw unknownName('adapter', config.adapter, catalogue.adapterIds)
  return {
    id,
    title: config.title ?? builtInBackends[id]?.title ?? adapter.title,
    adapter,
    options: {
      ...optionsOf(id, config, adapter, plan, env),
      ...(emulator !== undefined && 'emulator' in adapter.defaults ? { emulator } : {}),
    },
    movedFrom: null,
  }
}

function optionsOf(id: string, config: BackendConfig, adapter: Adapter, plan: Plan, env: NodeJS.ProcessEnv): Options {
  const names = Object.keys(adapter.defaults)
  for (const name of Object.keys(config.options ?? {})) {
    if (!names.includes(name)) throw unknownName(`option of ${id}`, name, names)
  }
  const given = Object.fromEntries(
    names.flatMap((name): [string, OptionValue][] => {
      const text = env[`SQLATENCY_${screaming(id)}_${screaming(name)}`]
      return text === undefined || text === '' ? [] : [[name, typed(name, text, adapter.defaults[name]!)]]
    }),
  )
  const isRemote = typeof (given.url ?? config.options?.url) === 'string'
  const isBuiltIn = builtInBackends[id] === config
  return {
    ...adapter.defaults,
    ...('durability' in adapter.defaults ? { durability: plan.durability } : {}),
    ...config.options,
    // A database that is really far away gets no emulated distance on top, unless its own entry asks for one.
    ...(isRemote && isBuiltIn && 'rttMs' in adapter.defaults ? { rttMs: 0 } : {}),
    ...given,
  }
}

const screaming = (name: string): string =>
  name
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toUpperCase()

function typed(name: string, text: string, example: OptionValue): OptionValue {
  if (typeof example === 'number') {
    const value = Number(text)
    if (!Number.isFinite(value)) throw new SqlatencyError('USAGE', `${name} is "${text}"; write a number.`)
    return value
  }
  return typeof example === 'boolean' ? text === 'true' || text === '1' : text
}
