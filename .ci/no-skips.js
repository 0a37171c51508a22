// A test that did not run proves nothing: the suite in CI runs all of them.
import { readFileSync } from 'node:fs'

const { testResults } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
const count = (status) => tests.filter((test) => test.status === status).length
const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed')
for (const { fullName, status } of skipped) console.log(`${status}: ${fullName}`)
console.log(`tests: ${count('passed')} passed, ${count('failed')} failed, ${skipped.length} skipped`)
if (tests.length === 0 || skipped.length > 0 || count('failed') > 0) process.exit(1)
