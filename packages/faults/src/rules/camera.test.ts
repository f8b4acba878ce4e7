// The picture of a camera.
import { describe, expect, it } from 'vitest'
import { flag, playEach } from '../../test/play.ts'
import { createTown, minute, second } from '../../test/town.ts'

describe('video_loss', () => {
  playEach('video_loss', 'cam-1', [
    { title: 'raised at once when the signal is lost', lines: [[1, { signalLoss: true, fps: 25 }, true]] },
    { title: 'raised at once by a frame older than 60 s', lines: [[1, { fps: 25, lastFrameAgeMs: 60_001 }, true]] },
    { title: 'not by one of 60 s', lines: [[3, { fps: 25, lastFrameAgeMs: 60_000 }, false]] },
    {
      title: 'raised by two reports of 0 frames per second',
      lines: [
        [1, { fps: 0 }, false],
        [1, { fps: 0 }, true],
      ],
    },
    { title: 'raised by its flag', lines: [[1, {}, true, flag('video_loss')]] },
    {
      title: 'cleared after 2 minutes of frames',
      lines: [
        [1, { signalLoss: true }, true],
        [1, { signalLoss: false, fps: 25 }, true],
        [1, { signalLoss: false, fps: 25 }, true],
        [1, { signalLoss: false, fps: 25 }, false],
      ],
    },
    {
      title: 'a relapse begins the 2 minutes anew',
      lines: [
        [1, { fps: 25, signalLoss: true }, true],
        [1, { fps: 25 }, true],
        [1, { fps: 0 }, true],
        [2, { fps: 25 }, true],
        [1, { fps: 25 }, false],
      ],
    },
  ])
})

describe('image_tamper', () => {
  it.each(['tooDark', 'tooBright', 'sceneChange'])('is raised when %s lasts 30 s', (field) => {
    const town = createTown()
    town.register('cam-1')
    town.report('cam-1', { [field]: true })
    town.pass(29 * second)
    expect(town.isActive('cam-1', 'image_tamper')).toBe(false)
    town.pass(second)
    expect(town.isActive('cam-1', 'image_tamper')).toBe(true)
  })

  it('is not raised when it is gone before', () => {
    const town = createTown()
    town.register('cam-1')
    town.report('cam-1', { tooDark: true })
    town.pass(20 * second)
    town.report('cam-1', { tooDark: false })
    town.pass(minute)
    expect(town.isActive('cam-1', 'image_tamper')).toBe(false)
  })
})

describe('image_tamper', () => {
  playEach('image_tamper', 'cam-1', [
    { title: 'raised at once by its flag', lines: [[1, {}, true, flag('image_tamper')]] },
    {
      title: 'cleared when gone for 5 minutes',
      lines: [
        [2, { sceneChange: true }, true],
        [5, { sceneChange: false }, true],
        [1, { sceneChange: false }, false],
      ],
    },
    {
      title: 'does not clear while the camera is silent',
      lines: [
        [2, { tooDark: true }, true],
        [1, { tooDark: false }, true],
        [10, 'silence', true],
      ],
    },
  ])
})

describe('low_frame_rate', () => {
  playEach('low_frame_rate', 'cam-1', [
    {
      title: 'raised after 5 minutes under half of the expected rate',
      lines: [
        [5, { fps: 12.4, expectedFps: 25 }, false],
        [1, { fps: 12.4, expectedFps: 25 }, true],
      ],
    },
    { title: 'not at half of it', lines: [[10, { fps: 12.5, expectedFps: 25 }, false]] },
    { title: 'not when nothing is expected', lines: [[10, { fps: 1 }, false]] },
    { title: 'not without any frames: that is video_loss', lines: [[10, { fps: 0, expectedFps: 25 }, false]] },
    {
      title: 'cleared after 5 minutes above 80 %',
      lines: [
        [6, { fps: 5, expectedFps: 25 }, true],
        [10, { fps: 20, expectedFps: 25 }, true],
        [5, { fps: 20.1, expectedFps: 25 }, true],
        [1, { fps: 20.1, expectedFps: 25 }, false],
      ],
    },
  ])
})

describe('image_blurry', () => {
  playEach('image_blurry', 'cam-1', [
    {
      title: 'raised after 10 minutes, cleared when gone for 10',
      lines: [
        [10, { blurry: true }, false],
        [1, { blurry: true }, true],
        [10, { blurry: false }, true],
        [1, { blurry: false }, false],
      ],
    },
    { title: 'raised at once by its flag', lines: [[1, {}, true, flag('image_blurry')]] },
  ])
})
