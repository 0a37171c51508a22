import { conforms } from './testing/conformance.ts'
import adapter from './postgres-to-sqlite.ts'

conforms('hybrid, logical', adapter)
conforms('hybrid, polling', adapter, { feed: 'polling', pollIntervalMs: 10 })
conforms('hybrid at a distance', adapter, { rttMs: 2, emulator: 'relay' })
