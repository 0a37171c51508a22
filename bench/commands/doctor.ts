import { existsSync } from 'node:fs'
import { defineCommand } from 'citty'
import { openDocker } from '../../adapters/docker/library.ts'
import { findEmulators } from '../../adapters/distance/index.ts'
import { duration } from '../../reports/format.ts'
import { containerText } from '../../reports/container.ts'
import type { BackendSpec } from '../contract/index.ts'
import { EXIT, rowCount, toSqlatencyError } from '../contract/index.ts'
import { clockReadNs } from '../measure/clock.ts'
import { connectPrimary, provision, withSession } from '../run/backend.ts'
import { hostFacts } from '../run/host.ts'
import { choosePlacement } from '../run/placement.ts'
import { Workplace } from '../run/scope.ts'
import { choiceFlags, interruptible, Leftovers } from './common.ts'
import { checkFlags } from './flags.ts'
import { settle } from './settings.ts'

const args = {
  config: choiceFlags.config,
  backend: choiceFlags.backend,
  json: { type: 'boolean', description: 'As JSON' },
} as const

interface Finding {
  readonly name: string
  readonly ok: boolean
  readonly text: string
}

/** Starts every backend, connects, reads its settings back and stops it: the quickest answer to "will it work here?". */
export default defineCommand({
  meta: { name: 'doctor', description: 'Check this machine, and start every backend once' },
  args,
  async run({ args: flags, rawArgs }) {
    checkFlags(rawArgs, args)
    const { backends, catalogue } = await settle({ config: flags.config, backend: flags.backend, distances: '0' })
    const interrupt = interruptible()
    const left = new Leftovers()
    const findings: Finding[] = []
    const tell = (finding: Finding): void => {
      findings.push(finding)
      if (flags.json !== true)
        process.stdout.write(`${finding.ok ? '✔' : '✖'} ${finding.name.padEnd(18)} ${finding.text}\n`)
    }
    try {
      await using place = new Workplace(interrupt.signal)
      place.complain = left.add
      for (const finding of machine(place.directory)) tell(finding)
      for (const finding of await distances(place)) tell(finding)
      tell(await docker())
      for (const spec of backends) {
        if (!interrupt.signal.aborted) tell(await tryBackend(spec, place, catalogue.scenarioModules))
      }
    } finally {
      interrupt.done()
    }
    if (flags.json === true) process.stdout.write(`${JSON.stringify(findings, null, 1)}\n`)
    if (interrupt.signal.aborted) process.exitCode = EXIT.interrupted
    else if (findings.some((finding) => !finding.ok)) process.exitCode = EXIT.backend
    left.tell()
  },
})

function machine(directory: string): Finding[] {
  const host = hostFacts(directory)
  const { clientCpus, serverCpus } = choosePlacement(true)
  const { filesystem, fdatasyncP50Ns } = host.storage
  return [
    { name: 'node', ok: true, text: `${host.node} on ${host.os}, ${host.arch}` },
    { name: 'processors', ok: true, text: `${host.cores} × ${host.cpu} (${host.virtualization})` },
    {
      name: 'placement',
      ok: true,
      text:
        clientCpus === null || serverCpus === null
          ? 'not pinned: needs Linux, taskset and two processors; runs carry the caveat UNPINNED'
          : `client on processor ${clientCpus.join(',')}, servers on ${serverCpus.join(',')}`,
    },
    { name: 'clock', ok: true, text: `one reading takes ${duration(clockReadNs())}` },
    {
      name: 'storage',
      ok: true,
      text: `${filesystem}, overwriting 4 kB and fdatasync take ${duration(fdatasyncP50Ns)} (p50)`,
    },
    {
      name: 'orphans',
      ok: true,
      text:
        process.platform === 'linux' && existsSync('/usr/bin/setpriv')
          ? 'servers end with the harness, even when it is killed'
          : 'without setpriv a killed harness may leave servers behind: end what `pgrep -f sqlatency-` finds by its work folder, then run `sqlatency clean`',
    },
  ]
}

/** How far a database can be moved away here, and how truly. The relay is everywhere; the others say what would bring them. */
async function distances(place: Workplace): Promise<Finding[]> {
  const findings = await findEmulators(place.scope('_emulators', choosePlacement(true).serverCpus))
  return findings.map(({ emulator, distance, reason }) => ({
    name: `distance: ${emulator}`,
    ok: true,
    text:
      distance === null
        ? `not here: ${reason}`
        : `works: ${duration(distance.requestedRttNs)} asked for, ${duration(distance.measuredRttNs)} measured`,
  }))
}

/** Needed by nobody who starts no container. */
async function docker(): Promise<Finding> {
  try {
    const { serverVersion, operatingSystem } = (await openDocker()).client.info.containerRuntime
    return { name: 'docker', ok: true, text: `works: ${serverVersion} on ${operatingSystem}` }
  } catch (error) {
    const { message, remedy } = toSqlatencyError(error)
    return { name: 'docker', ok: true, text: `not here: ${message} ${remedy}` }
  }
}

async function tryBackend(
  spec: BackendSpec,
  place: Workplace,
  modules: Parameters<typeof provision>[3]['modules'],
): Promise<Finding> {
  try {
    const backend = await provision(spec, place, choosePlacement(true), {
      scenarios: [],
      tables: [],
      modules,
      count: rowCount(1),
    })
    const facts = await withSession(connectPrimary(backend), async (session) => session.facts())
    const versions = Object.entries(facts.versions).map(([name, version]) => `${name} ${version}`)
    const containers = backend.provisioned.servers.flatMap(({ container }) =>
      container === undefined ? [] : [containerText(container)],
    )
    return { name: spec.id, ok: true, text: [...versions, facts.durability, ...containers].join(', ') }
  } catch (error) {
    const { message, remedy } = toSqlatencyError(error, { backend: spec.id, directory: place.directory })
    return { name: spec.id, ok: false, text: `${message.replaceAll(/\s+/g, ' ')} ${remedy}` }
  }
}
