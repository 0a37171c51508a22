// A test that did not run proves nothing: in CI each has to run in one of the parts of the suite, whose reports these are.
import { readFileSync } from 'node:fs'

const reports = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')))
const tests = new Map()
for (const { name, assertionResults } of reports.flatMap(({ testResults }) => testResults)) {
  for (const { fullName, status } of assertionResults) {
    const key = `${name}: ${fullName}`
    const before = tests.get(key)
    // One that failed anywhere has failed; one that passed anywhere is not skipped.
    if (before === undefined || status === 'failed' || (before !== 'failed' && status === 'passed'))
      tests.set(key, status)
  }
}
const statuses = [...tests.values()]
const count = (wanted) => statuses.filter((status) => status === wanted).length
const skipped = [...tests].filter(([, status]) => status !== 'passed' && status !== 'failed')
for (const [key, status] of skipped) console.log(`${status}: ${key}`)
console.log(`tests: ${count('passed')} passed, ${count('failed')} failed, ${skipped.length} skipped`)
if (tests.size === 0 || skipped.length > 0 || count('failed') > 0) process.exit(1)
