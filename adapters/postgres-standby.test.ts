import { conforms } from './testing/conformance.ts'
import adapter from './postgres-standby.ts'

conforms('postgres-standby', adapter)
conforms('postgres-standby, commits wait until they can be read', adapter, { synchronousCommit: 'remote_apply' })
conforms('postgres-standby, no commit waits for the disk', adapter, { synchronousCommit: 'off' })
