// A city's profile, `city.json` in its folder: another city is another profile, not another program.
import { z } from 'zod'
import { Severity } from './fault.ts'
import { RuleOverrides } from './rule-override.ts'
import { CitySlug, DeviceKind } from './topics.ts'

const Text = z.object({ en: z.string().min(1), id: z.string().min(1) })

/** Minutes from when a fault is announced until somebody has acknowledged it, and until it is over. */
const Target = z
  .strictObject({ responseMin: z.number().positive(), repairMin: z.number().positive() })
  .refine(({ responseMin, repairMin }) => responseMin <= repairMin, 'the response comes before the repair')

export const CityProfile = z.strictObject({
  slug: CitySlug,
  name: z.string().min(1),
  country: z.string().length(2),
  /** IANA name: how the page shows times. */
  timeZone: z.string().refine((zone) => {
    try {
      new Intl.DateTimeFormat('en', { timeZone: zone })
      return true
    } catch {
      return false
    }
  }, 'not an IANA time zone'),
  /** Where the sun is observed for day and night. */
  centre: z.strictObject({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) }),
  /** Nominal mains voltage of a device that does not state its own. */
  nominalVoltageV: z.number().positive(),
  /** GeoJSON file in the same folder; every feature has `properties.slug` and `properties.name`. */
  districts: z.string().min(1),
  agencies: z.array(
    z.strictObject({
      id: z.string().min(1),
      name: Text,
      kinds: z.array(DeviceKind),
      /** By severity; a fault of a severity that is absent is never overdue. */
      targets: z.partialRecord(Severity, Target).optional(),
    }),
  ),
  attribution: z.string().min(1),
  rules: RuleOverrides.optional().describe('Rules of the fault catalogue as they are to be in this city'),
})
export type CityProfile = z.infer<typeof CityProfile>

const Ring = z.array(z.array(z.number()).min(2)).min(4)

export const DistrictCollection = z.object({
  type: z.literal('FeatureCollection'),
  features: z
    .array(
      z.object({
        type: z.literal('Feature'),
        properties: z.object({
          slug: z.string(),
          name: z.string(),
          /** Longitude, latitude. */
          labelPoint: z.array(z.number()).min(2).optional(),
        }),
        geometry: z.discriminatedUnion('type', [
          z.object({ type: z.literal('Polygon'), coordinates: z.array(Ring) }),
          z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(Ring)) }),
        ]),
      }),
    )
    .min(1),
})
export type DistrictCollection = z.infer<typeof DistrictCollection>

/** A profile with its districts read in. */
export interface City {
  profile: CityProfile
  districts: DistrictCollection
}
