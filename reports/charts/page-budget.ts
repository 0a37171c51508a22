/** Time after which people notice that they wait (R. B. Miller, AFIPS 1968; J. Nielsen, Usability Engineering, 1993). */
export const BUDGET_NS = 100e6

/** How many operations a page makes, at most, and at first. */
export const MOST_QUERIES = 50
export const FIRST_QUERIES = 10

/** How many operations in a row the tables tell of. */
export const PAGE_COUNTS = [1, 5, 10, 21, 50] as const

/** Operations in a row that the budget has room for, on average. */
export const fitting = (meanNs: number): number => Math.floor(BUDGET_NS / meanNs)
