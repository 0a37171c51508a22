import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineCommand } from 'citty'
import { EXIT, rowCount, SqlatencyError, toSqlatencyError } from '../contract/index.ts'
import { connectPrimary, provision, withSession } from '../run/backend.ts'
import { newRunId } from '../run/begin.ts'
import { isNull } from '../run/context.ts'
import { Workplace } from '../run/scope.ts'
import { seedBackend } from '../run/set-up.ts'
import { faced, SESSIONS } from '../serve/faced.ts'
import { choiceFlags, interruptible, Leftovers } from './common.ts'
import { checkFlags, wholeNumber } from './flags.ts'
import type { Settings } from './settings.ts'
import { settle } from './settings.ts'

const { config, scenario, scale, seed, durability } = choiceFlags
const args = {
  config,
  backend: { type: 'string', description: 'The backend to serve', valueHint: 'name' },
  scenario,
  scale,
  seed,
  durability,
  port: { type: 'string', default: '0', description: 'Port of 127.0.0.1 (default: one that is free)', valueHint: 'n' },
  sessions: {
    type: 'string',
    default: String(SESSIONS),
    description: 'Most sessions of a database that is a server; one in this process has one',
    valueHint: 'n',
  },
  'show-token': { type: 'boolean', description: 'Print the token itself' },
} as const

const TOKEN_VARIABLE = 'SQLATENCY_SERVE_TOKEN'

export default defineCommand({
  meta: { name: 'serve', description: 'Put an HTTP face in front of a backend, one operation a request' },
  args,
  async run({ args: flags, rawArgs }) {
    checkFlags(rawArgs, args)
    if (flags.backend === undefined || flags.backend.includes(','))
      throw new SqlatencyError('USAGE', 'Name the one backend that is to be served with --backend.')
    const port = wholeNumber('--port', flags.port, 0)
    if (port > 65_535) throw new SqlatencyError('USAGE', `--port is "${port}"; write a port, at most 65535.`)
    const sessions = wholeNumber('--sessions', flags.sessions, 1)
    const settings = await settle({ ...flags, distances: '0' })
    const interrupt = interruptible()
    const left = new Leftovers()
    try {
      await serve(settings, { port, sessions, showToken: flags['show-token'] === true }, interrupt.signal, left)
    } catch (thrown) {
      if (interrupt.signal.aborted) process.exitCode = EXIT.interrupted
      else complain(thrown, flags.backend)
    } finally {
      interrupt.done()
      left.tell()
    }
  },
})

interface Serving {
  readonly port: number
  readonly sessions: number
  readonly showToken: boolean
}

/** Until it is stopped. */
async function serve(
  settings: Settings,
  { port, sessions, showToken }: Serving,
  signal: AbortSignal,
  left: Leftovers,
): Promise<void> {
  const { scenarios, seed: seedNumber, plan, catalogue } = settings
  await using place = new Workplace(signal)
  place.complain = left.add
  const given = process.env[TOKEN_VARIABLE] ?? ''
  const token = given === '' ? randomBytes(32).toString('base64url') : given
  const { spec, target } = faced(settings.backends[0]!, { scenarios, sessions, port, token })
  if (target === 'worker')
    throw new SqlatencyError('USAGE', `${spec.id} is served by a Worker of its own; \`sqlatency k6\` asks that one.`)
  const count = rowCount(plan.scale)
  const tables = [...new Set(scenarios.map(({ dataset }) => dataset))].flatMap((dataset) => dataset.tables)
  const placement = { clientCpus: null, serverCpus: null }
  const input = { scenarios, tables, modules: catalogue.scenarioModules, count }
  process.stderr.write(`${spec.id}: starting\n`)
  const live = await provision(spec, place, placement, input)
  signal.throwIfAborted()
  if (!isNull(spec)) {
    process.stderr.write(`${spec.id}: seeding\n`)
    const job = { tables, seed: seedNumber, count, runId: newRunId(new Date()), signal }
    await withSession(connectPrimary(live), (session) => seedBackend(live, session, job, place))
  }
  signal.throwIfAborted()
  const { url } = spec.adapter.face!(live.provisioned.address)
  process.stdout.write(`${spec.id} is served at ${url}\n`)
  process.stdout.write(`token: ${showToken ? token : whereToken(given, token, place)}\n`)
  process.stderr.write('Ctrl-C ends it and everything that was started.\n')
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}

/** A token that was made here goes into a file that this user alone can read, and that ends with the server. */
function whereToken(given: string, token: string, place: Workplace): string {
  if (given !== '') return `the value of ${TOKEN_VARIABLE}`
  const file = join(place.directory, '_token')
  writeFileSync(file, `${token}\n`, { mode: 0o600, flag: 'wx' })
  return `in ${file}`
}

/** What this machine cannot have is skipped by a run, but here nothing else is left to do. */
function complain(thrown: unknown, backend: string): void {
  const error = toSqlatencyError(thrown, { backend, directory: 'the temporary folder' })
  process.stderr.write(`sqlatency: ${error.message.replaceAll(/\s+/g, ' ')} ${error.remedy}\n`)
  process.exitCode = error.exit === EXIT.ok ? EXIT.backend : error.exit
}
