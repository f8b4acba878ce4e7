// Small lives of cabinets, cameras, access points and of any device, by the code of the rule that they show.
import { minute, powered, shining } from '../town.ts'
import type { Example } from './example.ts'

function yes(label: string, field: string): Example['shows'] {
  return { label, unit: '', of: (reading) => reading[field] === true }
}

function measured(label: string, unit: string, field: string): Example['shows'] {
  return { label, unit, of: (reading) => reading[field] }
}

const picture = { fps: 25, expectedFps: 25, recording: true, storageFreePct: 60 }
const quiet = { clients: 20, uplinkLossPct: 0.5, uplinkRttMs: 25, channelUtilisationPct: 25, retryPct: 8 }

export const otherExamples: Readonly<Record<string, Example>> = {
  door_open: {
    id: 'pnl-1',
    shows: yes('the door is open', 'doorOpen'),
    scenes: [
      [4, { ...powered, doorOpen: false }],
      [12, { ...powered, doorOpen: true }],
      [5, { ...powered, doorOpen: false }],
    ],
  },
  feeder_outage: {
    id: 'pnl-1',
    shows: measured('voltage of L2', 'V', 'voltageL2V'),
    limits: { noVoltageBelowV: 1, backFrom: 230 },
    scenes: [
      [4, powered],
      [8, { ...powered, voltageL2V: 3 }],
      [5, powered],
    ],
  },
  uplink_outage: {
    id: 'gw-1',
    others: {
      ids: Array.from({ length: 12 }, (_, index) => `ap-${index + 1}`),
      device: { gateway: 'gw-1' },
      reading: { clients: 3 },
    },
    shows: { label: 'the devices behind the gateway are heard', unit: '', of: () => true },
    scenes: [
      [5, {}],
      [9, 'silence'],
      [5, {}],
    ],
  },
  comm_loss: {
    id: 'pju-1',
    shows: { label: 'a message arrives', unit: '', of: () => true },
    scenes: [
      [5, shining],
      [9, 'silence'],
      [5, shining],
    ],
  },
  clock_drift: {
    id: 'pju-1',
    shows: { label: 'its clock is behind', unit: 's', of: (_reading, { behindMs }) => behindMs / 1_000 },
    limits: { wrongAboveMs: 0.001, fineBelowMs: 0.001 },
    scenes: [
      [4, shining],
      [9, shining, { behindMs: 4 * minute }],
      [6, shining, { behindMs: 2_000 }],
    ],
  },
  'vendor:E42': {
    id: 'pju-1',
    shows: { label: 'the device reports E42', unit: '', of: (_reading, { flags }) => flags.includes('E42') },
    scenes: [
      [4, shining],
      [8, shining, { flags: ['E42'] }],
      [5, shining],
    ],
  },
  video_loss: {
    id: 'cam-1',
    shows: measured('frames per second', '', 'fps'),
    scenes: [
      [4, picture],
      [8, { ...picture, fps: 0 }],
      [6, picture],
    ],
  },
  low_frame_rate: {
    id: 'cam-1',
    shows: measured('frames per second', '', 'fps'),
    limits: { lowBelow: 25, fineAbove: 25 },
    scenes: [
      [4, picture],
      [12, { ...picture, fps: 9 }],
      [9, picture],
    ],
  },
  image_tamper: {
    id: 'cam-1',
    shows: yes('the picture is too dark', 'tooDark'),
    scenes: [
      [4, { ...picture, tooDark: false }],
      [8, { ...picture, tooDark: true }],
      [9, { ...picture, tooDark: false }],
    ],
  },
  image_blurry: {
    id: 'cam-1',
    shows: yes('the picture is blurred', 'blurry'),
    scenes: [
      [4, { ...picture, blurry: false }],
      [18, { ...picture, blurry: true }],
      [14, { ...picture, blurry: false }],
    ],
  },
  storage_failure: {
    id: 'cam-1',
    shows: measured('free storage', '%', 'storageFreePct'),
    limits: { fullBelowPct: 1, fineAbovePct: 1 },
    scenes: [
      [4, { ...picture, storageFreePct: 12 }],
      [7, { ...picture, storageFreePct: 3 }],
      [4, { ...picture, storageFreePct: 8 }],
      [5, { ...picture, storageFreePct: 40 }],
    ],
  },
  recording_gap: {
    id: 'cam-1',
    shows: yes('the camera records', 'recording'),
    scenes: [
      [4, picture],
      [12, { ...picture, recording: false }],
      [9, picture],
    ],
  },
  temperature_critical: {
    id: 'cam-1',
    shows: {
      label: 'the camera reports temperature_critical',
      unit: '',
      of: (_reading, { flags }) => flags.includes('temperature_critical'),
    },
    scenes: [
      [4, picture],
      [8, picture, { flags: ['temperature_critical'] }],
      [5, picture],
    ],
  },
  radio_down: {
    id: 'ap-1',
    shows: measured('radios up, of 2', '', 'radiosUp'),
    scenes: [
      [4, { ...quiet, radiosUp: 2, radiosEnabled: 2 }],
      [7, { ...quiet, radiosUp: 1, radiosEnabled: 2 }],
      [5, { ...quiet, radiosUp: 2, radiosEnabled: 2 }],
    ],
  },
  channel_congested: {
    id: 'ap-1',
    shows: measured('the channel is busy', '%', 'channelUtilisationPct'),
    limits: { busyAbovePct: 1, fineBelowPct: 1 },
    scenes: [
      [10, quiet],
      [50, { ...quiet, channelUtilisationPct: 72, retryPct: 31 }],
      [10, { ...quiet, channelUtilisationPct: 46, retryPct: 15 }],
      [25, quiet],
    ],
  },
  client_overload: {
    id: 'ap-1',
    every: 5,
    shows: measured('clients', '', 'clients'),
    limits: { clientsAbove: 1, fineBelow: 1 },
    scenes: [
      [30, quiet],
      [180, { ...quiet, clients: 64 }],
      [30, { ...quiet, clients: 47 }],
      [30, quiet],
    ],
  },
  uplink_degraded: {
    id: 'ap-1',
    shows: measured('packets lost', '%', 'uplinkLossPct'),
    limits: { lossAbovePct: 1, lossFineBelowPct: 1 },
    scenes: [
      [5, quiet],
      [25, { ...quiet, uplinkLossPct: 18 }],
      [5, { ...quiet, uplinkLossPct: 6 }],
      [20, quiet],
    ],
  },
}
