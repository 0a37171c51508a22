import adapter from './better-sqlite3.ts'
import { conforms } from './testing/conformance.ts'

conforms('better-sqlite3, durable', adapter)
conforms('better-sqlite3, relaxed', adapter, { durability: 'relaxed' })
