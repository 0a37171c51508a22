import { join } from 'node:path'
import type { GateRules, SideFacts, SideName } from '../contract/index.ts'
import type { Installation } from './side.ts'
import { Side } from './side.ts'
import type { Left, SideChoices, SideUp } from './side-protocol.ts'

/** A side that can be started: its code is there and built. */
export interface PreparedSide {
  readonly title: string
  readonly commit: string | null
  readonly build: string
  readonly folder: string
  /** Absolute; null: the one in the folder. */
  readonly config: string | null
  readonly installation: Installation
}

export interface CompareRequest {
  readonly id: string
  /** Absolute folder of this comparison. */
  readonly directory: string
  readonly base: PreparedSide
  readonly head: PreparedSide
  readonly rules: GateRules
  /** All but what is a side's own. */
  readonly choices: Omit<SideChoices, 'config' | 'commit' | 'output' | 'rounds'>
  readonly signal: AbortSignal
  readonly say: (line: string) => void
  readonly complain: (left: Left) => void
}

/** The processes of all sides. Disposing ends them, also those that are busy. */
export class Sides implements AsyncDisposable {
  readonly #request: CompareRequest
  readonly #started = new Map<SideName, Side>()

  constructor(request: CompareRequest) {
    this.#request = request
  }

  /** @param like the side that came first: seed and scale are what it chose */
  async begin(name: SideName, like?: SideUp): Promise<SideUp> {
    const { signal, say, complain, directory, choices, rules } = this.#request
    signal.throwIfAborted()
    const { folder, installation, config, commit } = this.#prepared(name)
    const side = new Side({ name, folder, installation, say, complain })
    this.#started.set(name, side)
    signal.addEventListener('abort', () => void side.finish('stop'), { once: true })
    return side.begin({
      ...choices,
      config,
      commit,
      seed: like?.run.seed ?? choices.seed,
      scale: like?.run.plan.scale ?? choices.scale,
      rounds: rules.pairsFirst,
      output: join(directory, name),
    })
  }

  get(name: SideName): Side {
    return this.#started.get(name)!
  }

  facts(name: 'base' | 'head'): SideFacts {
    const { title, commit, build, installation } = this.#prepared(name)
    const run = this.#started.get(name)?.run
    return {
      name: title,
      commit,
      build,
      harness: { version: installation.version, from: installation.from },
      run: run === null || run === undefined ? null : `${name}/${run.id}`,
    }
  }

  async finish(): Promise<void> {
    await Promise.all(
      [...this.#started.values()].map((side) => side.finish(this.#request.signal.aborted ? 'stop' : 'end')),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#started.values()].map((side) => side.finish('stop')))
  }

  #prepared(name: SideName): PreparedSide {
    return name === 'head' ? this.#request.head : this.#request.base
  }
}
