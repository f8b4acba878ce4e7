// Whether a device is connected, as its source tells it; unknown is said as unknown.
import type { LatestReading } from '@ronda/contracts/history'
import { useRoom, useText, useTimes } from '../context.tsx'
import { Age } from '../faults/age.tsx'
import { ConnectedIcon, SilentIcon, UnlinkedIcon } from '../frame/icons.tsx'

export function ConnectionState({ latest: { status, unknownSince } }: { latest: LatestReading }) {
  const { device: words } = useText()
  const { clock } = useRoom()
  const times = useTimes()
  if (unknownSince !== undefined) {
    return (
      <p className="device-connection device-unknown">
        <SilentIcon />
        {words.unknownSince(times.moment(unknownSince, clock.now()))}
      </p>
    )
  }
  if (status === undefined) {
    return (
      <p className="device-connection device-unknown">
        <SilentIcon />
        {words.statusUnknown}
      </p>
    )
  }
  return (
    <p className={`device-connection${status.online ? '' : ' device-offline'}`}>
      {status.online ? <ConnectedIcon /> : <UnlinkedIcon />}
      {status.online ? words.online : words.offline}
      <span className="aside">
        <Age since={status.time} />
      </span>
    </p>
  )
}
