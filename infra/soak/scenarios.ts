// What is done to the system in each round of a soak, by the words that ask for it. Each kind is a file of ./scenarios.
import type { Scenario } from './scenario.ts'
import { diskFull } from './scenarios/disk-full.ts'
import { kills } from './scenarios/kill.ts'
import { partition } from './scenarios/partition.ts'
import { slowDisk } from './scenarios/slow-disk.ts'
import { storeOutage } from './scenarios/store-outage.ts'

export const scenarios: Readonly<Record<string, Scenario>> = {
  ...kills,
  'store-outage': storeOutage,
  'disk-full': diskFull,
  'slow-disk': slowDisk,
  partition,
}
