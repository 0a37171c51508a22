import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, extname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ErrorCode, Run, SideName } from '../contract/index.ts'
import { isErrorCode, SqlatencyError } from '../contract/index.ts'
import type { ScheduledRound } from './schedule.ts'
import type { Left, RoundOutcome, SideChoices, SideMessage, SideOrder, SideUp } from './side-protocol.ts'
import { SIDE_PROTOCOL } from './side-protocol.ts'

/** The sqlatency that runs a side. */
export interface Installation {
  /** bench/side, as source or as built. */
  readonly file: string
  readonly version: string
  /** In words: where it was found. */
  readonly from: string
}

/**
 * The code of a side is what its own folder brings: the folder itself when it is sqlatency, else the sqlatency that is
 * installed there, else this one with that folder's configuration.
 * @param top where looking for an installation in the parent folders ends
 */
export function installationOf(folder: string, top: string): Installation {
  if (packageOf(folder)?.name === 'sqlatency') return installed(folder, 'its own source')
  for (let place = folder; ; place = dirname(place)) {
    const found = join(place, 'node_modules', 'sqlatency')
    if (existsSync(join(found, 'package.json'))) return installed(realpathSync(found), 'its node_modules')
    if (place === top || place === dirname(place)) return thisInstallation()
  }
}

/** For sides that differ in their configuration alone. */
export function thisInstallation(): Installation {
  const file = fileURLToPath(new URL(`../side${extname(import.meta.url)}`, import.meta.url))
  const home = dirname(dirname(file))
  const facts = packageOf(home) ?? packageOf(dirname(home))
  return { file, version: facts?.version ?? 'unknown', from: 'the sqlatency that compares' }
}

function installed(home: string, from: string): Installation {
  const version = packageOf(home)?.version ?? 'unknown'
  const file = [join(home, 'bench', 'side.ts'), join(home, 'dist', 'bench', 'side.js')].find((path) => existsSync(path))
  if (file === undefined)
    throw new SqlatencyError('SIDE_UNKNOWN', `sqlatency ${version} in ${home} cannot be one side of a comparison.`)
  return { file, version, from }
}

function packageOf(folder: string): { name?: string; version?: string } | null {
  const path = join(folder, 'package.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { name?: string; version?: string }) : null
}

export interface SideSpec {
  readonly name: SideName
  readonly folder: string
  readonly installation: Installation
  /** A line for whoever watches. */
  readonly say: (line: string) => void
  /** Is told what the side could not take away. */
  readonly complain: (left: Left) => void
}

/** A side's process, seen from the one that conducts. One question at a time; the answer to each is awaited. */
export class Side implements AsyncDisposable {
  readonly name: SideName
  readonly #child: ChildProcess
  readonly #ended: Promise<string>
  readonly #arrived: SideMessage[] = []
  #wake: () => void = () => undefined
  #stderr = ''
  #run: Run | null = null

  constructor({ name, folder, installation, say, complain }: SideSpec) {
    this.name = name
    this.#child = spawn(process.execPath, ['--no-warnings', resolve(installation.file)], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
      // Ctrl-C reaches the conductor alone, which then ends its sides in order.
      detached: true,
    })
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-2000)
    })
    this.#child.on('message', (message: SideMessage) => {
      if (message.kind === 'progress') {
        say(`${name}: ${message.line}`)
        return
      }
      if (message.kind === 'left') {
        complain({ ...message, message: `${name}: ${message.message}` })
        return
      }
      if (message.kind === 'ended') this.#run = message.run
      this.#arrived.push(message)
      this.#wake()
    })
    this.#ended = new Promise((settle) => {
      this.#child.once('error', (error) => settle(error.message))
      this.#child.once('exit', (code, signal) => settle(signal ?? `exit code ${code}`))
    })
  }

  /** The side's run as it was when the side ended; null before, or when it failed. */
  get run(): Run | null {
    return this.#run
  }

  /** Brings the side up; resolves before its first round. */
  async begin(choices: SideChoices): Promise<SideUp> {
    const hello = await this.#next('hello')
    if (hello.protocol !== SIDE_PROTOCOL) {
      throw new SqlatencyError(
        'SIDE_UNKNOWN',
        `The sqlatency of ${this.name} speaks protocol ${hello.protocol}, this one speaks ${SIDE_PROTOCOL}.`,
      )
    }
    this.#send({ kind: 'begin', choices })
    return this.#next('up')
  }

  async round(round: ScheduledRound): Promise<RoundOutcome> {
    this.#send({ kind: 'round', round })
    return (await this.#next('done')).outcome
  }

  /** Lets the side finish and tidy up, and waits until it is gone. */
  async finish(order: 'end' | 'stop'): Promise<void> {
    this.#send({ kind: order })
    await this.#ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.finish('stop')
  }

  async #next<Kind extends SideMessage['kind']>(kind: Kind): Promise<Extract<SideMessage, { kind: Kind }>> {
    while (this.#arrived.length === 0) {
      const woken = new Promise<null>((settle) => (this.#wake = () => settle(null)))
      const gone = await Promise.race([woken, this.#ended])
      if (gone !== null && this.#arrived.length === 0) throw this.#died(gone)
    }
    const message = this.#arrived.shift()!
    if (message.kind === kind) return message as Extract<SideMessage, { kind: Kind }>
    if (message.kind === 'trouble') throw theirs(this.name, message)
    throw this.#died(`"${message.kind}" instead of "${kind}"`)
  }

  #died(how: string): SqlatencyError {
    const last = this.#stderr.trim().split('\n').at(-1) ?? ''
    return new SqlatencyError(
      'SIDE_DIED',
      `The process of ${this.name} ended (${how})${last === '' ? '.' : `: ${last}`}`,
    )
  }

  #send(order: SideOrder): void {
    if (this.#child.connected) this.#child.send(order, () => undefined)
  }
}

/** A trouble of another installation, which may know codes that this one does not. */
function theirs(side: SideName, { code, message, remedy }: { code: string; message: string; remedy: string }): Error {
  const known: ErrorCode = isErrorCode(code) ? code : 'SIDE_DIED'
  return Object.assign(new SqlatencyError(known, `${side}: ${message}`), { remedy })
}
