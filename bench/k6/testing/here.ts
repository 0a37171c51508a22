import { findK6 } from '../binary.ts'
import type { K6Binary } from '../binary.ts'

/** npm does not bring it. CI builds it, and there nothing is skipped. */
export const k6Here: K6Binary | null = await findK6().catch(() => null)

export const WITHOUT_K6 = 'needs k6 on the PATH or in SQLATENCY_K6_BIN'
