// What a device said last, and what it said over time, as the API tells it.
import { z } from 'zod'

const Value = z.union([z.number(), z.boolean(), z.string()])
/** Fields by their names, which carry the unit. */
const Values = z.record(z.string(), Value)

/** Outside of it a rule finds something wrong; without an end it is open there. */
const ExpectedRange = z.object({ low: z.number().optional(), high: z.number().optional() })
export type ExpectedRange = z.infer<typeof ExpectedRange>

/** What is expected of a device, by the rules and limits that hold for it, when the reading was measured. */
const Expectation = z.object({
  sun: z.enum(['day', 'night', 'twilight']),
  ranges: z.record(z.string(), ExpectedRange).describe('By field, of those that were reported'),
  powerW: z.number().optional().describe('Of a lamp as it is dimmed'),
})
export type Expectation = z.infer<typeof Expectation>

export const LatestReading = z.object({
  device: z.string(),
  telemetry: z
    .object({
      time: z.number(),
      values: Values,
      expected: Expectation,
      backlog: z.literal(true).optional().describe('It had waited too long when it came to tell how the device is'),
    })
    .optional(),
  status: z.object({ time: z.number(), online: z.boolean() }).optional(),
  unknownSince: z
    .number()
    .optional()
    .describe('ms UTC: nobody hears the device since then, for its source is down or was a moment ago'),
})
export type LatestReading = z.infer<typeof LatestReading>

export const DeviceHistory = z.object({
  device: z.string(),
  measurement: z.string(),
  rows: z.array(z.object({ time: z.number().describe('ms UTC'), values: Values })),
})
export type DeviceHistory = z.infer<typeof DeviceHistory>
