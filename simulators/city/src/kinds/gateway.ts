// Gateways: one at each public place, with the access points behind it.
import { measureGateway } from '../physics/access-point.ts'
import { planPublicPlaces } from '../plan/public-places.ts'
import type { SimulatedKind } from './kind.ts'

export const gateway: SimulatedKind<'gateway'> = {
  ids: { prefix: 'gw', digits: 4 },
  place(planner, { left }) {
    const accessPoints = Math.round(left * 0.45)
    const gateways = accessPoints === 0 ? 0 : Math.max(1, Math.round(left * 0.1))
    return planPublicPlaces(planner, accessPoints, gateways)
  },
  measure: measureGateway,
  parts: { comm_loss: 4, clock_drift: 5 },
}
