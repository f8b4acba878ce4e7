// A process of its own with an embedded store, for tests that kill it or take its disk away.
// `stage FILE N` and `commit FILE N` write N rows, say so and wait to be killed. `fill FILE BATCHES CHECKPOINT_MB`
// commits batches of a row a second, those that fail again, and prints `committed N`, `failed CODE` or `reopened` for
// each; older ones are clustered meanwhile. It ends when all are in.
import { AppError } from '@ronda/contracts/errors'
import { openEmbeddedStore } from '../src/embedded/embedded.ts'
import { lampRow, midnight, progressAt } from '../src/store.contract.ts'

const [task, file = '', count = '0', checkpointMb = '64'] = process.argv.slice(2)
const store = await openEmbeddedStore({
  file,
  memoryLimitMb: 256,
  threads: 1,
  checkpointMb: Number(checkpointMb),
  sliceRows: 10_000,
})
const say = (line: string) => process.stdout.write(`${line}\n`)

if (task === 'fill') {
  const rowsPerBatch = 5_000
  for (let batch = 0; batch < Number(count); batch++) {
    const rows = Array.from({ length: rowsPerBatch }, (_, i) =>
      // Nothing that compresses.
      lampRow(midnight + (batch * rowsPerBatch + i) * 1_000, {
        powerW: Math.random(),
        voltageV: Math.random(),
        currentA: Math.random(),
        energyWh: batch * rowsPerBatch + i,
      }),
    )
    for (;;) {
      try {
        await (await store.stage('test', rows)).commit(progressAt(batch + 1))
        say(`committed ${batch}`)
        break
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        const unavailable = await store.unavailable()
        say(`failed ${error.code} ${unavailable?.code}`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
  }
  await store.close()
} else {
  const rows = Array.from({ length: Number(count) }, (_, i) => lampRow(midnight + i, { energyWh: i }))
  const staged = await store.stage('test', rows)
  if (task === 'commit') await staged.commit(progressAt(1))
  say('ready')
  // Until it is killed.
  setInterval(() => {}, 1_000)
}
