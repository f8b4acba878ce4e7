// Holds callers to the port: one stage at a time, from its call to the end of its commit or rollback, and each
// ended once. Whoever breaks that has a bug, which would otherwise mix the rows of two batches.
import type { StagedRows } from './store.ts'

export type StageGate = (start: () => Promise<StagedRows>) => Promise<StagedRows>

export function createStageGate(): StageGate {
  let busy = false

  return async (start) => {
    if (busy) throw new Error('the stage before this one was neither committed nor rolled back')
    busy = true
    let open = true
    const close = () => {
      busy = false
    }
    try {
      const staged = await start()
      return {
        ...staged,
        async commit(progress) {
          if (!open) throw new Error('the stage was committed or rolled back before')
          open = false
          await staged.commit(progress).finally(close)
        },
        async rollback() {
          if (!open) return
          open = false
          await staged.rollback().finally(close)
        },
      }
    } catch (error) {
      close()
      throw error
    }
  }
}
