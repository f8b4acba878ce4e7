// The broker alone, QoS 1: Ronda's, which has each message on the disk first, beside others that keep all in memory.
import { compareBrokers } from './compare-brokers.ts'
import { publishingShapes } from './shapes.ts'
import type { Suite } from './suite.ts'

export const brokerSuite: Suite = {
  about:
    "The rate of Ronda's broker, which has each QoS 1 message on the disk before its PUBACK, how soon a PUBACK comes, memory and processor time; beside plain Aedes and Mosquitto (where installed), which keep all in memory and ask for no credentials.",
  parts: publishingShapes.map(({ name }) => name),
  run: (options) =>
    compareBrokers(
      'broker',
      publishingShapes.filter(({ name }) => options.wants(name)),
      options,
    ),
}
