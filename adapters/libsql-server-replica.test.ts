import { conforms } from './testing/conformance.ts'
import adapter from './libsql-server-replica.ts'

conforms('libsql-server-replica', adapter)
conforms('libsql-server-replica without readYourWrites', adapter, { readYourWrites: false })
