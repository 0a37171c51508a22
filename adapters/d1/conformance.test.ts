import { conforms } from '../testing/conformance.ts'
import d1 from './index.ts'

conforms('d1, local', d1)
conforms('d1, local at a distance', d1, { rttMs: 2 })
