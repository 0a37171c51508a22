import { join } from 'node:path'
import process from 'node:process'
import { EXIT } from './contract/index.ts'
import { Workplace } from './run/scope.ts'
import { budgetFrom } from './self/budget.ts'
import { collections } from './self/collections.ts'
import { table } from './self/finding.ts'
import type { Finding, Section } from './self/finding.ts'
import { floor } from './self/floor.ts'
import { signal } from './self/fresh.ts'
import { gate } from './self/gate.ts'
import { load, machine } from './self/machine.ts'
import { memory } from './self/memory.ts'
import { costAroundDriver } from './self/postgres.ts'
import { recorder } from './self/recorder.ts'
import { stability } from './self/stability.ts'
import { storage } from './self/storage.ts'

/** The harness measured on itself. A benchmark and no test: it wants a quiet machine, and about three minutes. */
async function measureOurselves(show: (section: Section) => void): Promise<void> {
  await using place = new Workplace(signal)
  const output = join(place.directory, 'results')
  const budget = budgetFrom(process.argv.slice(2))
  const began = performance.now()
  const loadBefore = load()

  show(gate())
  show(await floor())
  show(await recorder(budget))
  show(await collections(budget))
  show(await costAroundDriver(budget))
  const runs = await stability(budget, output)
  show(runs.section)
  show(await memory(budget, output))
  show(await storage(runs.samples))
  show(machine(loadBefore, began))
}

const findings: Finding[] = []
const named = (...verdicts: Finding['verdict'][]): string =>
  findings
    .filter(({ verdict }) => verdicts.includes(verdict))
    .map(({ what }) => what.trim())
    .join('; ') || 'none'
try {
  await measureOurselves((section) => {
    process.stdout.write(`${table(section)}\n`)
    findings.push(...section.findings)
  })
  process.stdout.write(`Missed: ${named('MISS')}.\nNot shown to be met: ${named('tie', 'unstable')}.\n`)
  if (findings.some(({ verdict }) => verdict === 'MISS')) process.exitCode = 1
} catch (error) {
  if (!signal.aborted) throw error
  process.exitCode = EXIT.interrupted
}
