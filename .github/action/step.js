import { appendFileSync } from 'node:fs'
import { randomUUID } from 'node:crypto'

/**
 * What a step was handed by its environment. Inputs come this way and never as text of a script, where `$(...)` in the
 * name of a branch would be run.
 * @param {string} name
 */
export const given = (name) => (process.env[name] ?? '').trim()

/**
 * What GitHub sets for every step.
 * @param {string} name
 */
export function required(name) {
  const value = process.env[name]
  if (value === undefined || value === '') throw new Refusal(`${name} is not set: this is a step of a GitHub Action.`)
  return value
}

/** A trouble that the job's owner can do something about: one sentence and a remedy, no stack. */
export class Refusal extends Error {}

/**
 * Hands values to later steps, whatever is in them.
 * @param {Readonly<Record<string, string>>} values
 */
export function output(values) {
  const lines = Object.entries(values).map(([name, value]) => {
    const end = `end-${randomUUID()}`
    return `${name}<<${end}\n${value}\n${end}\n`
  })
  appendFileSync(required('GITHUB_OUTPUT'), lines.join(''))
}

/**
 * An annotation on the job's page.
 * @param {'error' | 'warning' | 'notice'} level
 * @param {string} message
 */
export function annotate(level, message) {
  const escaped = message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  process.stdout.write(`::${level} title=sqlatency::${escaped}\n`)
}

/**
 * Runs a step to its end; what it refuses is an annotation and exit code 2.
 * @param {() => Promise<void> | void} work
 */
export async function step(work) {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    annotate('error', error.message)
    process.exitCode = 2
  }
}
