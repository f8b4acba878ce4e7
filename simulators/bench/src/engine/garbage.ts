// The garbage collector on demand, without a flag of Node's that every process would have to be started with.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
// What V8 exposes under this name.
const gc = runInNewContext('gc') as () => void

/** All of it: what the first pass sets free lets go of more. */
export function collectGarbage(): void {
  gc()
  gc()
}
