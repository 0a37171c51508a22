import type { BackendFacts, ClaimReason, ClaimSelector, ClaimSubject, OptionValue, Run } from '../../contract/index.ts'

/** The backends that may judge a claim, or what kept the last of them from it. */
export type Selection =
  | { readonly found: readonly BackendFacts[]; readonly reason: null }
  | { readonly found: readonly []; readonly reason: ClaimReason }

interface Stage {
  readonly passes: (backend: BackendFacts) => boolean
  readonly reason: (stopped: readonly BackendFacts[]) => ClaimReason
}

/**
 * Condition by condition. The reason is that of the condition which nobody passed: what came nearest to judging the claim.
 * @param differing backends whose answers differ from the others'
 */
export function select(run: Run, selector: ClaimSelector, differing: readonly string[]): Selection {
  let left = run.backends.filter(({ traits }) => !traits.includes('null'))
  for (const { passes, reason } of stagesOf(selector, differing)) {
    const through = left.filter(passes)
    if (through.length === 0) return { found: [], reason: reason(left) }
    left = through
  }
  return { found: left, reason: null }
}

function stagesOf(selector: ClaimSelector, differing: readonly string[]): Stage[] {
  const { deployed, settings = {} } = selector
  return [
    { passes: (backend) => isOfKind(backend, selector), reason: () => ({ kind: 'absent' }) },
    {
      passes: ({ traits }) => !traits.includes('simulator'),
      reason: (backends) => ({ kind: 'simulator', backends: ids(backends) }),
    },
    {
      passes: ({ external }) => deployed === undefined || external === deployed,
      reason: (backends) => ({ kind: 'not-deployed', backends: ids(backends) }),
    },
    ...Object.entries(settings).map(([name, allowed]): Stage => ({
      passes: (backend) => allowed.includes(settingOf(backend, name)),
      reason: (backends) => ({ kind: 'setting', name, backends: ids(backends) }),
    })),
    {
      passes: (backend) => isAsFar(backend, selector),
      reason: (backends) => ({
        kind: 'distance',
        wantedMs: selector.rttMs ?? null,
        wantedEmulatedMs: selector.rttMs === undefined ? null : emulatedRange(selector.rttMs, selector),
        found: backends.map((backend) => subjectOf(backend, selector)),
      }),
    },
    {
      passes: (backend) => roundTripOf(backend)?.emulated !== true || selector.emulatedRttMs !== undefined,
      reason: (backends) => ({ kind: 'emulated', backends: ids(backends) }),
    },
    {
      passes: ({ id }) => !differing.includes(id),
      reason: (backends) => ({ kind: 'answers-differ', backends: ids(backends) }),
    },
  ]
}

function isOfKind(
  backend: BackendFacts,
  { adapters, dialect, reach, traits = [], without = [] }: ClaimSelector,
): boolean {
  return (
    (adapters === undefined || adapters.includes(backend.adapter)) &&
    (dialect === undefined || dialect === backend.dialect) &&
    (reach === undefined || reach.includes(backend.reach)) &&
    traits.every((trait) => backend.traits.includes(trait)) &&
    !without.some((trait) => backend.traits.includes(trait))
  )
}

/** A distance that the harness made is asked for its own range, where there is one. */
function isAsFar(backend: BackendFacts, { rttMs, emulatedRttMs }: ClaimSelector): boolean {
  if (rttMs === undefined) return backend.distance === null
  const roundTrip = roundTripOf(backend)
  if (roundTrip === null) return false
  const [low, high] = roundTrip.emulated ? emulatedRange(rttMs, { emulatedRttMs }) : rttMs
  return roundTrip.ns >= low * 1e6 && roundTrip.ns <= high * 1e6
}

const emulatedRange = (
  rttMs: NonNullable<ClaimSelector['rttMs']>,
  { emulatedRttMs = rttMs }: ClaimSelector,
): NonNullable<ClaimSelector['rttMs']> => emulatedRttMs

/** How far a database is, as far as it was measured. A distance in front of a given database adds to one that is not known. */
export function roundTripOf({
  distance,
  external,
  roundTripNs,
}: BackendFacts): { ns: number; emulated: boolean } | null {
  if (distance !== null) return external ? null : { ns: distance.measuredRttNs, emulated: true }
  return roundTripNs === null ? null : { ns: roundTripNs, emulated: false }
}

const settingOf = ({ session }: BackendFacts, name: string): OptionValue => session?.settings[name] ?? null

export function subjectOf(backend: BackendFacts, { settings = {} }: ClaimSelector): ClaimSubject {
  const roundTrip = roundTripOf(backend)
  return {
    backend: backend.id,
    base: backend.movedFrom ?? backend.id,
    rttNs: roundTrip?.ns ?? null,
    emulated: roundTrip?.emulated ?? false,
    settings: Object.fromEntries(Object.keys(settings).map((name) => [name, settingOf(backend, name)])),
  }
}

const ids = (backends: readonly BackendFacts[]): string[] => backends.map(({ id }) => id)
