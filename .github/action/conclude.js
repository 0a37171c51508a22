import { outcomeCalled } from './outcome.js'
import { annotate, given, step } from './step.js'

await step(() => {
  const outcome = outcomeCalled(given('OUTCOME'))
  if (outcome.word === 'passed') return
  annotate('error', `${outcome.title}: ${outcome.meaning}`)
  process.exitCode = outcome.code
})
