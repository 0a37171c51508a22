import type { EchoEnds, Emulator, Scope } from '../../bench/contract/index.ts'
import type { End } from './echo.ts'

/** How a line between client and server behaves. */
export interface LineSettings {
  readonly rttMs: number
  /** What the emulator itself costs a round trip; it waits that much less. */
  readonly costMs: number
  /** The most by which a round trip may be longer or shorter; half of it falls on either way. */
  readonly jitterMs: number
  /** In either direction. 0: no limit. */
  readonly bytesPerSecond: number
}

/** A line that is up. Its process ends with the scope. */
export interface Line {
  /** Where to dial instead of each of the ends that it was opened for, in their order. */
  readonly near: readonly End[]
  readonly echo: EchoEnds
  set(settings: LineSettings): Promise<void>
}

/** A way to put distance between a client and servers of this machine. */
export interface LineEmulator {
  readonly id: Emulator
  /** Rejects where this machine does not have it; the message says what would bring it. */
  open(ends: readonly End[], name: string, scope: Scope): Promise<Line>
}
