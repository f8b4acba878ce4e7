// What the signs on the map mean; folded away on a telephone, where there is little room.
import { deviceKinds, kinds } from '@ronda/contracts/device-kinds'
import { useText } from '../context.tsx'
import { SeverityMark } from '../faults/severity-mark.tsx'
import { useIsPhone } from '../frame/use-is-phone.ts'
import { severities } from '../faults/view.ts'

export function Legend() {
  const text = useText()
  const isPhone = useIsPhone()
  return (
    <details className="map-legend" open={!isPhone}>
      <summary>{text.map.legend}</summary>
      <ul>
        {severities.map((severity) => (
          <li key={severity}>
            <SeverityMark severity={severity} />
            {text.severity[severity]}
          </li>
        ))}
        <li>
          <SeverityMark severity="major" tone="quiet" />
          {text.state.acknowledged}
        </li>
        <li>
          <SeverityMark severity="major" tone="over" />
          {text.state.clearedPlain}
        </li>
        <li>
          <svg className="mark" viewBox="0 0 14 14" aria-hidden="true">
            <circle className="legend-consequence" cx="7" cy="7" r="2.8" />
          </svg>
          {text.map.consequence}
        </li>
      </ul>
      <ul>
        {deviceKinds.map((kind) => (
          <li key={kind}>
            <svg className="mark" viewBox="0 0 14 14" aria-hidden="true">
              <path className="legend-kind" d={kinds[kind].sign} />
            </svg>
            {text.kind[kind]}
          </li>
        ))}
        <li>
          <svg className="mark" viewBox="0 0 14 14" aria-hidden="true">
            <circle className="legend-cluster" cx="7" cy="7" r="6" />
          </svg>
          {text.map.cluster}
        </li>
      </ul>
    </details>
  )
}
