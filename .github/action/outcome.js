/**
 * What `sqlatency compare` ended with, in a word and in a sentence. The word is an output of the action.
 * @typedef {{ readonly code: number, readonly word: string, readonly title: string, readonly meaning: string }} Outcome
 */

/** @type {readonly Outcome[]} */
const OUTCOMES = [
  { code: 0, word: 'passed', title: 'no slowdown found', meaning: 'Nothing is slower.' },
  {
    code: 99,
    word: 'regression',
    title: 'slower',
    meaning: 'Head is slower than base, and was again in fresh rounds.',
  },
  {
    code: 5,
    word: 'invalid',
    title: 'invalid, run it again',
    meaning: 'Base differed from base: this runner was too unsteady to conclude anything. Run the job again.',
  },
  {
    code: 3,
    word: 'failed',
    title: 'not everything could be measured',
    meaning: 'A backend is missing or failed. Nothing is known to be slower; what could not be measured is not judged.',
  },
  {
    code: 4,
    word: 'answers-differ',
    title: 'answers differ',
    meaning: 'Base and head gave different answers to the same questions, so nothing was measured.',
  },
  {
    code: 2,
    word: 'refused',
    title: 'not started',
    meaning: 'A flag, name, configuration or build is wrong, so nothing was measured.',
  },
  { code: 130, word: 'interrupted', title: 'interrupted', meaning: 'Interrupted before it was decided.' },
]

/** @type {Outcome} */
const DEFECT = { code: 1, word: 'defect', title: 'defect', meaning: 'sqlatency ended in a way that it should not.' }

/** @param {number | null} code null when it was ended by a signal */
export const outcomeOf = (code) => OUTCOMES.find((outcome) => outcome.code === code) ?? DEFECT

/** @param {string} word */
export const outcomeCalled = (word) => OUTCOMES.find((outcome) => outcome.word === word) ?? DEFECT
