import type { BackendFacts, GateDifference, Run } from '../contract/index.ts'

/** Settings, options and versions that two runs do not share: what a difference in speed may come from. */
export function differencesOf(base: Run, head: Run): GateDifference[] {
  const whole = differing(null, wholeFacts(base), wholeFacts(head))
  const backends = base.backends.flatMap((one) => {
    const other = head.backends.find(({ id }) => id === one.id)
    return other === undefined ? [] : differing(one.id, factsOf(one), factsOf(other))
  })
  return [...whole, ...backends]
}

type Facts = Readonly<Record<string, string | number | boolean | null | undefined>>

const wholeFacts = ({ harness, host, plan, seed, placement }: Run): Facts => ({
  sqlatency: harness.version,
  node: host.node,
  cpu: host.cpu,
  os: host.os,
  kernel: host.kernel,
  filesystem: host.storage.filesystem,
  seed,
  scale: plan.scale,
  durability: plan.durability,
  'client processors': placement.clientCpus?.join(',') ?? 'not pinned',
})

function factsOf({ adapter, options, session, distance, servers, external }: BackendFacts): Facts {
  return {
    adapter,
    ...options,
    external,
    distance: distance?.requestedRttNs ?? 'none',
    durability: session?.durability ?? 'unknown',
    ...session?.settings,
    ...session?.versions,
    ...Object.fromEntries(servers.map(({ name, version }) => [name, version])),
  }
}

function differing(backend: string | null, base: Facts, head: Facts): GateDifference[] {
  return [...new Set([...Object.keys(base), ...Object.keys(head)])]
    .filter((name) => base[name] !== head[name])
    .map((name) => ({ backend, name, base: word(base[name]), head: word(head[name]) }))
}

const word = (value: Facts[string]): string => (value === undefined ? 'none' : String(value))
