import type { BackendFacts, Run } from '../contract/index.ts'

/** What must be alike for figures to be of the same thing, by the words for it. Undefined: there is no such thing. */
type Facts = Readonly<Record<string, unknown>>

/**
 * In what two runs were not asked or not answered the same, in a few words; null when their figures may stand in one
 * comparison. What a machine is, and how many rounds were measured, may differ.
 */
export function firstDifference(a: Run, b: Run): string | null {
  return differing(wholeFacts(a), wholeFacts(b)) ?? answers(a, b)
}

/** The same for the backends, which are pooled within one region. */
export function backendDifference(a: Run, b: Run): string | null {
  const ids = [...new Set([...a.backends, ...b.backends].map(({ id }) => id))]
  const differences = ids.map((id) => {
    const [one, other] = [a, b].map((run) => run.backends.find((backend) => backend.id === id))
    if (one === undefined || other === undefined) return `having the backend ${id}`
    // What never answered was not described either; its cells failed, and say why.
    const told = one.session !== null && other.session !== null
    return differing(
      { ...askedFacts(one), ...(told ? toldFacts(one) : {}) },
      { ...askedFacts(other), ...(told ? toldFacts(other) : {}) },
    )
  })
  return differences.find((difference) => difference !== null) ?? null
}

function wholeFacts({ harness, plan, seed, datasets, scenarios }: Run): Facts {
  const { name, rounds: _, ...asked } = plan
  return {
    'the version of sqlatency': harness.version,
    'the commit of sqlatency': harness.commit,
    'the plan': name,
    ...prefixed('the plan’s ', asked),
    'the seed': seed,
    ...Object.assign({}, ...datasets.map(({ id, hash }) => ({ [`the data of ${id}`]: hash }))),
    ...Object.assign(
      {},
      ...scenarios.map(({ id, kind, shape, dataset, statements }) => ({
        [`the scenario ${id}`]: [kind, shape, dataset],
        [`the statements of ${id}`]: statements,
      })),
    ),
  }
}

/** Digests of answers that were compared. A run of one backend compared none. */
function answers(a: Run, b: Run): string | null {
  const other = new Map(b.scenarios.map((scenario) => [scenario.id, scenario.answers]))
  const found = a.scenarios.find(({ id, answers: own }) => own !== null && (other.get(id) ?? own) !== own)
  return found === undefined ? null : `the answers to ${found.id}`
}

const askedFacts = ({ id, adapter, dialect, reach, traits, options, external }: BackendFacts): Facts =>
  prefixed(`${id}’s `, {
    adapter: [adapter, dialect, reach, traits],
    'own server': external,
    ...prefixed('option ', options),
  })

/** Settings that are durations were measured and not set. */
function toldFacts({ id, distance, servers, session }: BackendFacts): Facts {
  const settings = Object.entries(session?.settings ?? {}).filter(([name]) => !/(?:_ns|Ns)$/.test(name))
  return prefixed(`${id}’s `, {
    durability: session?.durability,
    'emulated distance': distance === null ? null : [distance.emulator, distance.requestedRttNs],
    servers: servers.map(({ name, version }) => [name, version]),
    ...prefixed('version of ', session?.versions ?? {}),
    ...prefixed('setting ', Object.fromEntries(settings)),
  })
}

const prefixed = (prefix: string, facts: Facts): Facts =>
  Object.fromEntries(Object.entries(facts).map(([name, value]) => [prefix + name, value]))

function differing(a: Facts, b: Facts): string | null {
  const names = [...Object.keys(a), ...Object.keys(b)]
  const name = names.find((one) => JSON.stringify(a[one]) !== JSON.stringify(b[one]))
  return name === undefined ? null : `${name} (${shown(a[name])} and ${shown(b[name])})`
}

const LONGEST = 60

function shown(value: unknown): string {
  const text = value === undefined ? 'none' : JSON.stringify(value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
