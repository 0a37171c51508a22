import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Refusal } from './step.js'

/**
 * @param {readonly string[]} args
 * @param {{ readonly env?: NodeJS.ProcessEnv, readonly cwd?: string }} [options]
 * @returns what it printed
 */
export async function git(args, { env = {}, cwd = '.' } = {}) {
  try {
    const { stdout } = await promisify(execFile)('git', [...args], {
      cwd,
      env: { ...process.env, GIT_TERMINAL_PROMPT: '0', ...env },
      maxBuffer: 1 << 28,
    })
    return stdout.trim()
  } catch (error) {
    const { stderr = '', message } = /** @type {{ stderr?: string, message: string }} */ (error)
    throw new Refusal(`\`git ${args[0]}\` failed: ${(stderr === '' ? message : stderr).trim()}`)
  }
}

/**
 * Its answer, or null when it had none.
 * @param {readonly string[]} args
 */
export async function asked(args) {
  try {
    return await git(args)
  } catch {
    return null
  }
}
