// What @types/ws leaves out of the exports of ws.
export interface FrameOptions {
  fin: boolean
  rsv1: boolean
  opcode: number
  mask: boolean
  readOnly: boolean
}

declare module 'ws' {
  const Sender: {
    /** Frames a payload; the buffers are to be sent one after the other. */
    frame(payload: Buffer, options: FrameOptions): Buffer[]
  }
}
