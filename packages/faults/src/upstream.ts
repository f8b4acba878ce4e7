// What a device is behind, and what is behind it: the way that causes take to their consequences. A cabinet supplies
// what is behind it; a gateway, site or district carries what devices say. A cabinet that is taken to be out only
// because its lamps are silent is behind what those lamps speak through, whatever it speaks through itself.
import type { Condition, DeviceState } from './device-state.ts'
import { type Outages, limitsOf } from './outages.ts'
import type { Uplinks } from './uplinks.ts'

export interface UpstreamDeps {
  devices: ReadonlyMap<string, DeviceState>
  outages: Outages
  uplinks: Uplinks
}

export interface Upstream {
  /** Whose faults may explain a condition, the nearest first: its own device's, its cabinet's, its uplinks'. */
  of(condition: Condition): DeviceState[]
  /** Whether an active fault of what a condition is behind explains it. */
  explains(cause: Condition, consequence: Condition): boolean
  /** A device and all that its faults may explain, in an order that does not depend on history. */
  reach(state: DeviceState): DeviceState[]
  /** The devices that an outage is told by because nobody hears them; of any other fault the device itself. */
  silentOf(condition: Condition): Iterable<DeviceState>
}

export function createUpstream({ devices, outages, uplinks }: UpstreamDeps): Upstream {
  function supplierOf({ supply, device }: DeviceState): DeviceState | undefined {
    return supply !== undefined || device.cabinet === undefined ? undefined : devices.get(device.cabinet)
  }

  /** Of a feeder outage: what any of its lamps speaks through. */
  function uplinksOfLamps(cabinet: DeviceState): DeviceState[] {
    const found = new Set<DeviceState>()
    for (const lamp of outages.goneWith(cabinet)) for (const each of uplinks.above(lamp)) found.add(each)
    return [...found].toSorted(byBreadth)
  }

  /** Whether the lamps that do not speak through an uplink would not make an outage. */
  function isSilenceOf(owner: DeviceState, cabinet: DeviceState): boolean {
    if (outages.isMeasured(cabinet)) return false
    const gone = outages.goneWith(cabinet)
    let others = 0
    for (const lamp of gone) if (!uplinks.above(lamp).includes(owner)) others++
    return others < limitsOf(cabinet).overBelow * gone.size
  }

  return {
    of(condition) {
      const { state, rule } = condition
      if (rule.explains === 'out') return uplinksOfLamps(state)
      const supplier = supplierOf(state)
      return [state, ...(supplier === undefined ? [] : [supplier]), ...uplinks.above(state)]
    },

    explains({ rule, state }, consequence) {
      const { explains } = rule
      if (explains === undefined) return false
      if (explains !== 'silence') {
        // Nobody loses touch with others because of an outage that is only known by silence itself.
        if (consequence.rule.explains === 'silence' && consequence.rule.on === 'outage' && !outages.isMeasured(state)) {
          return false
        }
        return (
          outages.covers(state, consequence.state, explains) ||
          (explains === 'out' && isOfNoCircuit(consequence.state) && outages.isWhole(state))
        )
      }
      // A single device explains only what is too little for an outage.
      if (rule.on !== 'outage') return state.device.kind === 'gateway' && !uplinks.isFindable(state)
      return consequence.rule.explains !== 'out' || isSilenceOf(state, consequence.state)
    },

    reach(state) {
      const found = new Set<DeviceState>([state])
      if (state.supply !== undefined) for (const each of outages.behind(state.id)) found.add(each)
      for (const each of uplinks.behind(state)) {
        found.add(each)
        const supplier = supplierOf(each)
        if (supplier !== undefined) found.add(supplier)
        for (const narrower of uplinks.above(each)) found.add(narrower)
      }
      return [...found].toSorted((a, b) => (a.key < b.key ? -1 : 1))
    },

    *silentOf({ rule, state }) {
      if (rule.on !== 'outage') yield state
      else if (rule.explains === 'out') yield* outages.goneWith(state)
      else for (const each of uplinks.behind(state)) if (each.lostAt !== 0) yield each
    },
  }
}

/** Of a device that is fed by a cabinet, on a circuit and phase that nobody has stated. */
function isOfNoCircuit({ device: { kind, circuit, phase } }: DeviceState): boolean {
  return kind !== 'streetlight' && circuit === undefined && phase === undefined
}

const breadths: Partial<Record<string, number>> = { gateway: 0, site: 1, district: 2 }

function byBreadth(a: DeviceState, b: DeviceState): number {
  return (breadths[a.device.kind] ?? 0) - (breadths[b.device.kind] ?? 0) || (a.key < b.key ? -1 : 1)
}
