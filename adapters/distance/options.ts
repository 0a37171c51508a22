/** Options of every adapter whose server can be moved away. */
export const distanceOptions = {
  /** Round-trip time between application and server, milliseconds. 0: no distance is put in between. */
  rttMs: 0,
  /** The most by which a round trip may be longer or shorter, milliseconds. */
  jitterMs: 0,
  /** Megabits a second in either direction. 0: no limit. */
  bandwidthMbps: 0,
  /** `auto` takes the best that this machine has: netem, tun or relay. */
  emulator: 'auto',
}

export type DistanceOptions = Readonly<typeof distanceOptions>
