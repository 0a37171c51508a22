/** How much is measured. Times are those of one process. */
export interface Budget {
  readonly name: 'full' | 'quick'
  /** Fresh processes of every loop in a comparison. */
  readonly repetitions: number
  readonly warmUpNs: number
  /** SELECTs of one in-process loop. */
  readonly selects: number
  /** Time of one loop over a socket. */
  readonly postgresNs: number
  readonly postgresRepetitions: number
  /** Operations of the null adapter in which collections are counted. */
  readonly collectionOperations: number
  readonly runs: number
  readonly roundsPerRun: number
  readonly memoryOperations: number
  /** Length of a timetable, and processes that keep to one. */
  readonly arrivalsNs: number
  readonly arrivalProcesses: number
  /** Length of the timetable that has a stall in it. */
  readonly stallNs: number
  /** Fresh processes for storage and for percentiles. */
  readonly storageRepetitions: number
}

const full: Budget = {
  name: 'full',
  repetitions: 25,
  warmUpNs: 100e6,
  selects: 200_000,
  postgresNs: 300e6,
  postgresRepetitions: 15,
  collectionOperations: 20_000_000,
  runs: 5,
  roundsPerRun: 6,
  memoryOperations: 10_000_000,
  arrivalsNs: 2e9,
  arrivalProcesses: 5,
  stallNs: 6e9,
  storageRepetitions: 7,
}

/** To see that everything works. Too few processes to judge by. */
const quick: Budget = {
  ...full,
  name: 'quick',
  repetitions: 3,
  selects: 100_000,
  postgresNs: 100e6,
  postgresRepetitions: 3,
  runs: 2,
  roundsPerRun: 2,
  arrivalsNs: 1e9,
  arrivalProcesses: 3,
  stallNs: 3e9,
  storageRepetitions: 2,
}

export const budgetFrom = (flags: readonly string[]): Budget => (flags.includes('--quick') ? quick : full)

/** Of orders and questions. */
export const SEED = 20_261_123
