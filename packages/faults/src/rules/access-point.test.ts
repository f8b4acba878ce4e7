// Radio and uplink of an access point.
import { describe } from 'vitest'
import { playEach } from '../../test/play.ts'

describe('uplink_degraded', () => {
  playEach('uplink_degraded', 'ap-1', [
    {
      title: 'raised after 15 minutes of more than 10 % loss',
      lines: [
        [15, { uplinkLossPct: 10.1, uplinkRttMs: 20 }, false],
        [1, { uplinkLossPct: 10.1, uplinkRttMs: 20 }, true],
      ],
    },
    { title: 'raised by a round trip above 200 ms', lines: [[16, { uplinkLossPct: 0, uplinkRttMs: 201 }, true]] },
    { title: 'not at the thresholds', lines: [[30, { uplinkLossPct: 10, uplinkRttMs: 200 }, false]] },
    {
      title: 'cleared after 15 minutes under 2 % and 100 ms',
      lines: [
        [16, { uplinkLossPct: 40 }, true],
        [30, { uplinkLossPct: 1, uplinkRttMs: 100 }, true],
        [30, { uplinkLossPct: 2, uplinkRttMs: 50 }, true],
        [15, { uplinkLossPct: 1, uplinkRttMs: 50 }, true],
        [1, { uplinkLossPct: 1, uplinkRttMs: 50 }, false],
      ],
    },
  ])
})

describe('radio_down', () => {
  playEach('radio_down', 'ap-1', [
    {
      title: 'raised by two reports of fewer radios up than switched on',
      lines: [
        [1, { radiosUp: 1, radiosEnabled: 2 }, false],
        [1, { radiosUp: 1, radiosEnabled: 2 }, true],
      ],
    },
    { title: 'not when one is switched off', lines: [[3, { radiosUp: 1, radiosEnabled: 1 }, false]] },
    { title: 'not when only one of both is told', lines: [[3, { radiosUp: 0 }, false]] },
    {
      title: 'cleared by two reports of all of them',
      lines: [
        [2, { radiosUp: 0, radiosEnabled: 2 }, true],
        [1, { radiosUp: 2, radiosEnabled: 2 }, true],
        [1, { radiosUp: 2, radiosEnabled: 2 }, false],
      ],
    },
  ])
})

describe('channel_congested', () => {
  const busy = { channelUtilisationPct: 50.1, retryPct: 20.1 }
  playEach('channel_congested', 'ap-1', [
    {
      title: 'raised after 30 minutes above 50 % and 20 %',
      lines: [
        [30, busy, false],
        [1, busy, true],
      ],
    },
    { title: 'not at 50 %', lines: [[40, { ...busy, channelUtilisationPct: 50 }, false]] },
    { title: 'not at 20 %', lines: [[40, { ...busy, retryPct: 20 }, false]] },
    {
      title: 'cleared after 15 minutes under 40 %',
      lines: [
        [31, busy, true],
        [20, { channelUtilisationPct: 40, retryPct: 0 }, true],
        [15, { channelUtilisationPct: 39.9, retryPct: 30 }, true],
        [1, { channelUtilisationPct: 39.9, retryPct: 30 }, false],
      ],
    },
  ])
})

describe('client_overload', () => {
  playEach('client_overload', 'ap-1', [
    {
      title: 'raised after two hours of more than 50',
      lines: [
        [120, { clients: 51 }, false],
        [1, { clients: 51 }, true],
      ],
    },
    { title: 'not by 50', lines: [[130, { clients: 50 }, false]] },
    {
      title: 'cleared by two reports of fewer than 45',
      lines: [
        [121, { clients: 51 }, true],
        [3, { clients: 45 }, true],
        [1, { clients: 44 }, true],
        [1, { clients: 44 }, false],
      ],
    },
  ])
})
