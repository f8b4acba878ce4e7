// Storage and recording of a camera.
import { describe } from 'vitest'
import { flag, playEach } from '../../test/play.ts'

describe('storage_failure', () => {
  playEach('storage_failure', 'cam-1', [
    { title: 'raised at once when the camera says so', lines: [[1, { storageFailed: true }, true]] },
    { title: 'raised at once by its flag', lines: [[1, {}, true, flag('storage_failure')]] },
    {
      title: 'raised by two reports of less than 5 % free',
      lines: [
        [1, { storageFreePct: 4.9 }, false],
        [1, { storageFreePct: 4.9 }, true],
      ],
    },
    { title: 'not at 5 %', lines: [[5, { storageFreePct: 5, storageFailed: false }, false]] },
    {
      title: 'cleared by two reports of more than 10 % free',
      lines: [
        [2, { storageFreePct: 1 }, true],
        [3, { storageFreePct: 10, storageFailed: false }, true],
        [1, { storageFreePct: 10.1 }, true],
        [1, { storageFreePct: 10.1 }, false],
      ],
    },
    {
      title: 'not cleared while it says so, however much is free',
      lines: [
        [1, { storageFailed: true }, true],
        [3, { storageFailed: true, storageFreePct: 90 }, true],
        [2, { storageFailed: false, storageFreePct: 90 }, false],
      ],
    },
    {
      title: 'cleared without a measurement when it no longer says so',
      lines: [
        [1, { storageFailed: true }, true],
        [2, { storageFailed: false }, false],
      ],
    },
  ])
})

describe('recording_gap', () => {
  playEach('recording_gap', 'cam-1', [
    {
      title: 'raised after 5 minutes',
      lines: [
        [5, { recording: false, fps: 25 }, false],
        [1, { recording: false, fps: 25 }, true],
      ],
    },
    {
      title: 'not without a picture: that is video_loss',
      lines: [[10, { recording: false, signalLoss: true }, false]],
    },
    { title: 'not without frames', lines: [[10, { recording: false, fps: 0 }, false]] },
    {
      title: 'cleared after 5 minutes of recording',
      lines: [
        [6, { recording: false }, true],
        [5, { recording: true }, true],
        [1, { recording: true }, false],
      ],
    },
    {
      title: 'not expected of a camera whose rule is switched off',
      device: { rules: { recording_gap: { enabled: false } } },
      lines: [[10, { recording: false }, false]],
    },
  ])
})
