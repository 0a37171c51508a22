import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { Refusal } from './step.js'

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM'])

/**
 * The sqlatency of the project that is judged: the one among its packages, or itself where it is sqlatency.
 * @param {string} folder
 */
function commandLine(folder) {
  for (let place = resolve(folder); ; place = dirname(place)) {
    const candidates = [join(place, 'node_modules', 'sqlatency'), place]
    const found = candidates.find((candidate) => nameIn(candidate) === 'sqlatency')
    if (found !== undefined) return join(found, 'bench', 'bin.js')
    if (place === dirname(place))
      throw new Refusal(
        `There is no sqlatency among the packages of ${folder}: add it with \`npm install --save-dev sqlatency\`, and run \`npm ci\` before this action.`,
      )
  }
}

/** @param {string} folder */
function nameIn(folder) {
  const path = join(folder, 'package.json')
  if (!existsSync(path)) return null
  const { name } = /** @type {{ name?: string }} */ (JSON.parse(readFileSync(path, 'utf8')))
  return name ?? null
}

/**
 * Runs it in this folder; what it says goes to the job's log.
 * @param {readonly string[]} args
 * @param {{ readonly result?: 'shown' | 'dropped' }} [options] what becomes of its result on stdout
 * @returns {Promise<{ code: number | null, complaint: string }>} with the line that says what was wrong, if there was one
 */
export function sqlatency(args, { result = 'shown' } = {}) {
  const stdout = result === 'shown' ? 'inherit' : 'ignore'
  const child = spawn(process.execPath, [commandLine('.'), ...args], { stdio: ['ignore', stdout, 'pipe'] })
  let last = ''
  child.stderr.on('data', (/** @type {Buffer} */ chunk) => {
    process.stderr.write(chunk)
    last = (last + chunk.toString('utf8')).slice(-4000)
  })
  // A cancelled job ends the step by a signal; what sqlatency started has to end too.
  const stop = (/** @type {NodeJS.Signals} */ signal) => void child.kill(signal)
  for (const signal of SIGNALS) process.on(signal, stop)
  return new Promise((settle, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      for (const signal of SIGNALS) process.off(signal, stop)
      const complaint = last.split('\n').findLast((line) => line.startsWith('sqlatency')) ?? ''
      settle({ code, complaint: complaint.replace(/^sqlatency: /, '') })
    })
  })
}

/**
 * `--name=value` for every value that was given. In one word, so that no value is taken for a flag.
 * @param {Readonly<Record<string, string>>} values
 */
export const flags = (values) =>
  Object.entries(values).flatMap(([name, value]) => (value === '' ? [] : [`--${name}=${value}`]))
